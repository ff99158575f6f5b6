"""The user's own file: what is read of it, what is said of it, what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.datasets import load, prepare
from rmlbench_utils.protocol.errors import UsageError

NUMBERS = st.floats(-1e100, 1e100)


def rows(n: int = 20) -> str:
    return "".join(f"{i},{i * i % 7},{2 * i + 1}\n" for i in range(n))


@pytest.fixture
def write(tmp_path: Path):
    def write_file(content: str | bytes) -> str:
        path = tmp_path / "houses.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return f"csv:{path}#price"

    return write_file


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=13, max_size=40),
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
            lambda name: name.strip() == name and name != "price"
        ),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_every_number_comes_back(tmp_path_factory, table, names):
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([names[0], "price", names[1]])
    writer.writerows([[repr(value) for value in row] for row in table])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    found = load(f"csv:{path}#price")
    expected = np.array(table)
    np.testing.assert_array_equal(found.x, expected[:, [0, 2]])
    np.testing.assert_array_equal(found.y, expected[:, 1])
    assert found.names == tuple(names)


def test_text_is_one_hot_encoded_and_said(write, tmp_path):
    body = "".join(f"{i},{'north' if i % 3 else 'a b'},{i + 0.5}\n" for i in range(20))
    name = write("size,area,price\n" + body)
    found = load(name)
    assert found.names == ("size", "area=a b", "area=north")
    assert found.encodings == {"area": ["a b", "north"]}
    np.testing.assert_array_equal(found.x[:4, 1], [1, 0, 0, 1])
    np.testing.assert_array_equal(found.x[:, 1] + found.x[:, 2], 1)
    ready = prepare(name, 0, 1, 5, tmp_path / "cache")
    assert ready.encodings == {"area": ["a b", "north"]}
    assert any("one-hot encoded into 2 columns" in note for note in ready.notes)
    assert any("collinear: rank 2" in note for note in ready.notes)


def test_constant_and_collinear_columns_are_kept_and_said(write):
    body = "".join(f"3,{i},{2 * i},{i * i}\n" for i in range(20))
    found = load(write("c,a,b,price\n" + body))
    assert found.x.shape == (20, 3)
    assert found.notes == (
        "column 'c' is constant",
        "the 2 columns that vary are collinear: rank 1 once centred",
    )


def test_only_constant_columns_are_accepted(write, tmp_path):
    name = write("c,price\n" + "".join(f"3,{i}\n" for i in range(20)))
    ready = prepare(name, 0, 1, 5, tmp_path / "cache")
    assert ready.notes == ["column 'c' is constant"]


def test_bom_quotes_and_line_endings(write):
    text = '\ufeff"a, b",price\r\n' + "".join(f'"{i}",{i + 1}\r\n' for i in range(20))
    found = load(write(text))
    assert found.names == ("a, b",)
    assert found.y.tolist() == list(range(1, 21))


def test_another_content_is_prepared_again(write, tmp_path):
    cache = tmp_path / "cache"
    one = prepare(write("a,b,price\n" + rows(20)), 0, 1, 5, cache)
    two = prepare(write("a,b,price\n" + rows(21)), 0, 1, 5, cache)
    assert (one.rows, two.rows) == (20, 21)
    assert one.digest != two.digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b,pric\n" + rows(), "no column 'price': nearest are pric"),
        ("a,b,price\n" + rows() + "1,,2\n", "column 'b' has 1 missing value: fill"),
        ("a,b,price\n" + rows() + "1,nan,2\n1,NA,2\n", "column 'b' has 2 missing values"),
        ("a,b,price\n" + rows() + "1,2,\n", "column 'price' has 1 missing value"),
        ("a,b,price\n" + rows() + "1,2\n", "column 'price' has 1 missing value"),
        ("a,b,price\n" + rows() + "1,2,cheap\n", "target 'price' holds 'cheap'"),
        ("a,b,price\n" + rows() + "1,2,inf\n", "column 'price' has 1 infinite value"),
        ("a,b,price\n" + rows() + "-inf,2,1\n", "column 'a' has 1 infinite value"),
        (
            "a,b,price\n" + rows() + "1,1e200,1\n",
            "'b' has the value 1e.200, whose square overflows",
        ),
        ("a,price\n" + "1,True\n2,False\n" * 10, "target 'price' holds 'True'"),
        ("a,b,price\n1,2,3\n", "has 1 row: at least 13 are needed"),
        ("a,b,price\n" + rows(12), "has 12 rows: at least 13 are needed"),
        ("a,b,price\n", "has 0 rows"),
        ("", r"is empty \(0 bytes\)"),
        ("\n\n", "blank lines only"),
        ("a,b,pr\xe9,price\n".encode("latin-1"), r"not UTF-8 \(byte 6 is 0xe9\)"),
        ("a,b,price\n".encode("utf-16"), "not UTF-8"),
        ("a,a,price\n" + rows(), "has the column 'a' 2 times"),
        ("price,a,price\n" + rows(), "has the column 'price' 2 times"),
        ("price\n" + "1\n" * 20, "has the column 'price' only"),
        ("a,price\n" + rows(), "more values than the header has names"),
        ("a,b,price\n" + rows() + "1,2,3,4\n", "no table of comma-separated values"),
        (
            "id,b,price\n" + "".join(f"n{i},1,{i}\n" for i in range(80)),
            "text column 'id' has 80 different values",
        ),
    ],
)
def test_faults_are_one_sentence(write, content, said):
    with pytest.raises(UsageError, match=said) as refused:
        load(write(content))
    assert "\n" not in str(refused.value).strip()


def test_no_such_file(tmp_path):
    with pytest.raises(UsageError, match=r"no file .*none.csv: check the path"):
        load(f"csv:{tmp_path}/none.csv#price")


def test_a_directory(tmp_path):
    with pytest.raises(UsageError, match="is a directory: give a CSV file"):
        load(f"csv:{tmp_path}#price")


def test_a_hash_in_the_path(tmp_path):
    path = tmp_path / "a#b.csv"
    path.write_text("a,b,price\n" + rows())
    assert load(f"csv:{path}#price").x.shape == (20, 2)
