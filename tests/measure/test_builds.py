"""Builds of the calibration worker that differ in link order only."""

from rmlbench_utils.measure.builds import reordered


def test_only_objects_change_places() -> None:
    words = ["-m64", *(f"unit{k}.o" for k in range(12)), "-lc", "last.o", "-o", "out"]
    found = reordered(words, 3)
    assert found != words
    assert sorted(found) == sorted(words)
    assert [found[i] for i in (0, 13, 15, 16)] == ["-m64", "-lc", "-o", "out"]
    assert reordered(words, 3) == found != reordered(words, 4)
