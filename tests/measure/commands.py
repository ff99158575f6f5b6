"""The real command line, in this process."""

from __future__ import annotations

import sys

import pytest

from rmlbench_utils.cli import main


def rmlbench(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, *words: object
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``rmlbench WORDS``."""
    monkeypatch.setattr(sys, "argv", ["rmlbench", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err
