"""Solved once: an array comes back as it was, however it lay in memory."""

import numpy as np
import pytest

from rmlbench_utils.judge.remembered import remembered

TABLE = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    "values",
    [TABLE, TABLE.T, np.asfortranarray(TABLE), TABLE[:, 1:3], TABLE[::2], TABLE[::-1], TABLE[0]],
    ids=["rows", "transposed", "columns", "inner", "strided", "reversed", "one row"],
)
def test_an_array_comes_back(values, tmp_path, caplog):
    def solve():
        return {"values": values}, {"recipe": "none"}

    def fail():
        raise AssertionError("solved again")

    remembered(tmp_path, ["problem"], solve)
    arrays, texts = remembered(tmp_path, ["problem"], fail)
    np.testing.assert_array_equal(arrays["values"], values)
    assert texts == {"recipe": "none"}
    assert not caplog.text
