"""The next character or word of real English text, at every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rmlbench_utils.datasets import sentences
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.examples import Examples
from rmlbench_utils.datasets.vocabulary import numbered, words

WORDS = 5000
LEAST = 50  # times a character occurs to have a number of its own
STEPS = {"sentences_characters": 64, "sentences_words": 20}
NOTE = "the vocabulary is that of the whole text, the test rows too"
_PROBLEMS = (
    f"{NOTE}; the sentences come in runs of good and of bad reviews: 60% of the first four fifths "
    "are rated above 0 and 9% of the last, which are the test rows; the sentences of a run follow "
    "each other by chance; what is left after whole rows is dropped"
)


def _card(name: str, rows: int, title: str, target: str, problems: str) -> Card:
    return Card(
        name=name,
        title=title,
        source=sentences.SOURCE,
        licence=sentences.LICENCE,
        packaged_in=sentences.PACKAGED_IN,
        rows=rows,
        columns=STEPS[name],
        target=target,
        problems=f"{problems}; {_PROBLEMS}",
        checked="SHA-256 of the file; 10,605 sentences as its description states",
        sha256=sentences.SHA256,
    )


CARDS = {
    card.name: card
    for card in (
        _card(
            "sentences_characters",
            18392,
            "Movie reviews, 64 characters each",
            "the next character at every step, of 75",
            f"28 characters that occur less than {LEAST} times are one",
        ),
        _card(
            "sentences_words",
            10031,
            "Movie reviews, 20 words each",
            "the next word at every step, of 5,001",
            "lowercase, without signs, the end of a sentence is a word; rarer words are one",
        ),
    )
}


def text(card: Card) -> str:
    """All sentences, each on its line.

    Raises
    ------
    Unavailable
        If the file cannot be had or is another.
    """
    return "\n".join(sentence for _, sentence in sentences.sentences(card))


def load(name: str) -> Examples:
    """Tokens ``[n, t]`` and the token after each ``[n, t]``; 0 is every rare one.

    Raises
    ------
    Unavailable
        If the file cannot be had or is another.
    """
    whole = text(CARDS[name])
    if name == "sentences_characters":
        often = sum(count >= LEAST for count in Counter(whole).values())
        return _rows(name, whole, numbered(whole, 1, often))
    tokens = words(whole)
    return _rows(name, tokens, numbered(tokens, 1, WORDS))


def _rows(name: str, tokens: Sequence[str], number: dict[str, int]) -> Examples:
    width = STEPS[name] + 1
    kept = len(tokens) // width * width
    rows = np.array([number.get(token, 0) for token in tokens[:kept]], dtype=np.int64)
    rows = rows.reshape(-1, width)
    size = len(number) + 1
    return Examples(
        np.ascontiguousarray(rows[:, :-1]),
        np.ascontiguousarray(rows[:, 1:]),
        size,
        sentences.SHA256,
        vocabulary=size,
        ordered=True,
        notes=(NOTE,),
    )
