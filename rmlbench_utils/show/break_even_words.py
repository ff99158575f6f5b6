"""The sentences of the break-even page, which Python and the reader's browser fill alike."""

from __future__ import annotations

WORDS = {
    "bad calls": "{name} is {value}: choose a whole number from 0 to {most}",
    "no calls": "0 fits and 0 predictions: ask for at least one of either",
    "bad rows": "rows is {value}: choose {allowed}, as measured; nothing is said beyond",
    "values": "{mine} against {theirs}, {ratio} [{low}, {high}] of {base}'s.",
    "few": "{blocks} blocks cannot tell whether {name} costs less, at least {least} are needed: "
    "{mine} against {theirs}.",
    "tie": "It cannot be told whether {name} costs less: {values}",
    "failed": "{winner} took less where it succeeded, but {failed} of its {runs} runs failed: "
    "{name} {values}",
    "less": "{name} costs less: {values}",
    "more": "{name} costs more: {values}",
    "untold": "Break-even: not told.",
    "never": "Break-even: never. {start} costs less at any number of {calls}.",
    "between": "Break-even: {at} [{from}, {to}] {calls}. {start} costs less below, {end} above.",
    "at most": "Break-even: at most {to} {calls}, perhaps never. Above, {end} costs less.",
    "more than": "Break-even: more than {from} {calls}, perhaps never. Below, {start} costs less.",
    "outside": "Break-even: at most {from} or more than {to} {calls}, perhaps never. "
    "Between, {middle} costs less.",
    "anything": "Break-even: any number of {calls}, perhaps never: this recording cannot tell.",
    "given": " Given success: {list}.",
    "failures": "{name} failed {failed} of {runs} runs",
    "with": "fits (and predictions in proportion)",
}
