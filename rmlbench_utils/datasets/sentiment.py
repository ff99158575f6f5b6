"""Whether a sentence of a movie review is rated above or below 0."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.datasets import sentences
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.examples import Examples
from rmlbench_utils.datasets.vocabulary import numbered, words

LENGTH = 32
WORDS = 5000
PADDING, UNKNOWN = 0, 1
NOTE = "the vocabulary is that of all sentences, those of the test rows too"

CARD = Card(
    name="sentiment",
    title="Sentences of movie reviews, rated below or above 0",
    source=sentences.SOURCE,
    licence=sentences.LICENCE,
    packaged_in=sentences.PACKAGED_IN,
    rows=10568,
    columns=LENGTH,
    target="negative (5,326 sentences, class 0) or positive (5,242, class 1)",
    problems=f"{NOTE}; 37 sentences rated exactly 0 are left out, and many are rated close to 0; "
    "733 of all 10,605 are longer and keep their last 32 words; 13,514 rarer words of 18,514 are "
    "one word, unknown; 2 sentences repeat earlier ones; sentences of one review land in training "
    "and test; the file's description names the reviews of Pang and Lee 2004, the sentences look "
    "like those of 2005",
    checked="SHA-256 of the file; 10,605 sentences as its description states",
    sha256=sentences.SHA256,
)


def load() -> Examples:
    """Numbers of words ``[n, 32]``, 0 in front of shorter sentences, and classes ``[n]``.

    Raises
    ------
    Unavailable
        If the file cannot be had or is another.
    """
    rated = [(rating, words(text)) for rating, text in sentences.sentences(CARD)]
    number = numbered((word for _, text in rated for word in text), UNKNOWN + 1, WORDS)
    kept = [(rating, text[-LENGTH:]) for rating, text in rated if rating != 0]
    x = np.full((len(kept), LENGTH), PADDING, dtype=np.int64)
    for row, (_, text) in zip(x, kept, strict=True):
        row[LENGTH - len(text) :] = [number.get(word, UNKNOWN) for word in text]
    y = np.array([rating > 0 for rating, _ in kept], dtype=np.int64)
    return Examples(
        x,
        y,
        2,
        sentences.SHA256,
        vocabulary=WORDS + 2,
        classes=("negative", "positive"),
        notes=(NOTE,),
    )
