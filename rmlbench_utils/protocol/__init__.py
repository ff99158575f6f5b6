"""Job, events and record types; imports nothing of ours."""
