"""Tables, figures and pages, made from a recording and its verdicts."""
