"""Remarks mark rows until they have been measured again."""

from __future__ import annotations

from pathlib import Path

import pytest

from rmlbench_utils.contenders.remarks import about, remarks
from rmlbench_utils.protocol.errors import UsageError

TEXT = """[[remark]]
contender = "linfa"
cases = "regression/ridge/*"
kind = "disputed"
since = 2026-11-23
text = "ridge is not what this type is for"
link = "https://example.org/1"
"""


def test_a_row_is_marked_until_a_later_recording(tmp_path: Path) -> None:
    (tmp_path / "remarks.toml").write_text(TEXT)
    known = remarks(tmp_path / "remarks.toml")
    case = "regression/ridge/diabetes/alpha=1,threads=1"
    marked = about(known, "linfa", case, "2026-11-23T10:00:00+00:00")
    assert marked == [
        "disputed since 2026-11-23: ridge is not what this type is for (https://example.org/1)"
    ]
    assert about(known, "linfa", case, "2026-11-24T10:00:00+00:00") == []
    assert about(known, "own", case, "2026-11-23T10:00:00+00:00") == []
    assert about(known, "linfa", "regression/lasso/x/threads=1", "2026-11-23T10:00:00Z") == []


@pytest.mark.parametrize("text", ["[[remark]]\nkind = 'odd'", "remark = 3", "[["])
def test_a_faulty_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "remarks.toml").write_text(text)
    with pytest.raises(UsageError, match="is no list of remarks"):
        remarks(tmp_path / "remarks.toml")


def test_the_projects_own_file_is_read() -> None:
    assert isinstance(remarks(), tuple)
