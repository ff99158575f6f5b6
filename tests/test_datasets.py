"""Datasets: what they hold, how they are split, what of a user's file is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from rmlbench_utils.datasets import Unavailable, california, card, catalogue, diabetes, load
from rmlbench_utils.datasets import prepare as prepare_dataset
from rmlbench_utils.datasets.files import file_digest
from rmlbench_utils.datasets.prepare import WINDOWS, standardised
from rmlbench_utils.datasets.split import split_of
from rmlbench_utils.datasets.synthetic import parse
from rmlbench_utils.protocol.errors import UsageError

TOY = "synthetic_linear_40x3"


def tensors(ready):
    return tuple(load_file(ref.path) for ref in (ready.train, ready.inputs, ready.truth))


@pytest.mark.parametrize("name", ["diabetes", "boston", "wine_red", "wine_white"])
def test_packaged_data_is_what_its_card_says(name):
    table, described = load(name), catalogue()[name]
    assert table.x.shape == (described.rows, described.columns)
    assert table.x.dtype == table.y.dtype == np.float64
    assert table.x.flags.c_contiguous
    assert len(table.names) == described.columns
    assert table.sha256 == described.sha256


def test_values_are_the_published_ones():
    """First rows of Efron et al. 2004 (table 1), StatLib's boston and UCI's winequality-red."""
    table = load("diabetes")
    np.testing.assert_array_equal(table.x[0], [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87])
    assert table.y[0] == 151
    assert load("boston").y[:4].tolist() == [24.0, 21.6, 34.7, 33.4]
    wine = load("wine_red")
    assert wine.x[0].tolist() == [7.4, 0.7, 0, 1.9, 0.076, 11, 34, 0.9978, 3.51, 0.56, 9.4]
    assert np.bincount(wine.y.astype(int)).tolist() == [0, 0, 0, 10, 53, 681, 638, 199, 18]


def test_cards_say_what_is_wrong():
    cards = catalogue()
    assert "Black residents" in cards["boston"].problems
    assert all(c.source and c.licence and c.problems and c.checked for c in cards.values())
    doubled = load("wine_red")
    rows = np.column_stack([doubled.x, doubled.y])
    assert f"{len(rows) - len(np.unique(rows, axis=0))} rows repeat" in cards["wine_red"].problems


def test_other_values_are_refused(monkeypatch):
    other = diabetes.CARD.model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(diabetes, "CARD", other)
    with pytest.raises(Unavailable, match=r"diabetes: the digest is 839c.*, not 0000.*reinstall"):
        load("diabetes")


def test_a_changed_or_missing_package_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "project_root", lambda: tmp_path)
    with pytest.raises(Unavailable, match=r"boston: .* is not there: run make"):
        load("boston")
    path = tmp_path / ".data/mlxtend/data/data/boston_housing.csv"
    path.parent.mkdir(parents=True)
    path.write_text("1,2\n")
    with pytest.raises(Unavailable, match=r"boston: the digest is .* reinstall mlxtend"):
        load("boston")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (URLError("Name or service not known"), "cannot be reached .*Name or service not known"),
        (TimeoutError("timed out"), "cannot be reached .*timed out"),
        (OSError("has an SHA256 checksum differing from expected"), "refused .*SHA256"),
    ],
)
def test_california_without_network_says_why(monkeypatch, tmp_path, fault, said):
    def fetch(**_):
        raise fault

    monkeypatch.setattr(california, "fetch_california_housing", fetch)
    with pytest.raises(Unavailable, match=f"california: .*{said}"):
        prepare_dataset("california", 0, 1, 5, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("diabtes", "no dataset 'diabtes': nearest are diabetes"),
        ("synthetic_liner_20x3", "no known kind: nearest are linear"),
        ("synthetic_linear_20", "not of the form synthetic_KIND_NxD"),
        ("synthetic_linear_4x3", "too small"),
        ("synthetic_nonlinear_40x4", "too small"),
        ("synthetic_sparse_20x5_cond1e3", "only kind linear"),
        ("csv:houses.csv", "not of the form csv:PATH#TARGET"),
    ],
)
def test_unknown_names_are_refused_before_anything_is_made(name, said, tmp_path):
    with pytest.raises(UsageError, match=said):
        prepare_dataset(name, 0, 1, 5, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


class TestSynthetic:
    def test_the_name_counts_training_rows(self, tmp_path):
        ready = prepare_dataset("synthetic_linear_500x7", 0, 1, 5, tmp_path)
        assert (ready.train_rows, ready.test_rows, ready.columns) == (500, 125, 7)

    @given(st.integers(10, 3000))
    def test_for_every_size(self, n):
        total = parse(f"synthetic_linear_{n}x3").total
        assert total - max(1, round(total * 0.2)) == n

    def test_same_name_same_bits(self):
        one, two = load("synthetic_sparse_100x40"), load("synthetic_sparse_100x40")
        assert one.x.tobytes() + one.y.tobytes() == two.x.tobytes() + two.y.tobytes()
        assert one.sha256 == two.sha256 != load("synthetic_sparse_100x41").sha256

    def test_bits_are_those_of_the_first_release(self):
        table = load("synthetic_linear_40x3")
        np.testing.assert_allclose(table.x[0], FIRST_ROW, rtol=1e-15)
        assert table.y[0] == pytest.approx(FIRST_TARGET, rel=1e-13)

    def test_condition_number(self):
        for wanted in (1e2, 1e6):
            x = load(f"synthetic_linear_2000x20_cond1e{round(np.log10(wanted))}").x
            x, _ = standardised(x.copy(), x[:1].copy())
            assert wanted / 3 < np.linalg.cond(x) < 3 * wanted

    def test_deficient_has_two_thirds_of_the_rank(self):
        assert np.linalg.matrix_rank(load("synthetic_deficient_500x30").x) == 20

    def test_linear_noise_is_a_fifth_of_the_variance(self):
        table = load("synthetic_linear_5000x50")
        x = np.column_stack([table.x, np.ones(len(table.x))])
        fit = x @ np.linalg.lstsq(x, table.y)[0]
        assert np.var(table.y - fit) / np.var(table.y) == pytest.approx(0.2, abs=0.02)

    def test_nonlinear_is_friedmans_function(self):
        table = load("synthetic_nonlinear_2000x6")
        x = table.x.T
        known = 10 * np.sin(np.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4]
        assert np.std(table.y - known) == pytest.approx(1.0, abs=0.05)

    def test_sparse_has_few_coefficients(self):
        table = load("synthetic_sparse_2000x100")
        x = np.column_stack([table.x, np.ones(len(table.x))])
        w = np.linalg.lstsq(x, table.y)[0][:-1]
        assert int(np.sum(np.abs(w) > 1.0)) <= 5


FIRST_ROW = [1.0924967702217192, 0.8738701735544158, 0.9011874093417822]
FIRST_TARGET = 82.99738407966073


class TestPrepare:
    def test_standardised_on_training_rows(self, tmp_path):
        train, inputs, truth = tensors(prepare_dataset("diabetes", 0, 1, 5, tmp_path))
        np.testing.assert_allclose(train["x_train"].mean(axis=0), 0, atol=1e-14)
        np.testing.assert_allclose(train["x_train"].std(axis=0), 1, rtol=1e-14)
        raw = load("diabetes")
        np.testing.assert_array_equal(
            np.sort(np.concatenate([train["y_train"], truth["y"]])), np.sort(raw.y)
        )
        assert inputs["x"].shape == (2 * len(truth["y"]), 10)
        assert all(
            t.dtype == np.float64 for t in (*truth.values(), inputs["x"]) if t.dtype != np.int64
        )

    def test_column_without_variance_is_zero(self):
        train = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]])
        one, two = standardised(train, np.array([[0.3, 1.0]]))
        assert one[:, 0].tolist() == [0, 0, 0]
        assert two[:, 0].tolist() == [0]

    @given(st.integers(10, 400), st.integers(0, 50), st.integers(0, 2**31), st.integers(2, 10))
    def test_split_is_disjoint_covers_and_repeats(self, n, split, seed, folds):
        one, two = split_of(n, split, seed, folds), split_of(n, split, seed, folds)
        for a, b in zip(one, two, strict=True):
            np.testing.assert_array_equal(a, b)
        train, test, fold, shuffled = one
        assert sorted([*train, *test]) == list(range(n))
        assert len(test) == max(1, round(0.2 * n))
        assert sorted(shuffled) == list(range(len(test)))
        sizes = np.bincount(fold, minlength=folds)
        assert len(fold) == len(train)
        assert sizes.max() - sizes.min() <= 1

    def test_other_splits_and_seeds_differ(self):
        tests = {tuple(split_of(100, k, s, 5)[1]) for k in range(3) for s in range(3)}
        assert len(tests) == 9

    @settings(max_examples=20)
    @given(st.integers(10, 90))
    def test_rotation_maps_answers_back(self, tmp_path_factory, n):
        cache = tmp_path_factory.mktemp("cache")
        _, inputs, truth = tensors(prepare_dataset(f"synthetic_linear_{n}x3", 0, 7, 5, cache))
        m = len(truth["y"])
        assert inputs["windows"].shape == (WINDOWS, 2)
        for k, (start, stop) in enumerate(inputs["windows"]):
            assert start == k * m // WINDOWS
            answers = inputs["x"][start:stop]
            assert sorted(truth["rotation"][k]) == list(range(m))
            np.testing.assert_array_equal(answers, truth["x_test"][truth["rotation"][k]])

    def test_second_call_reads_the_cache(self, tmp_path, monkeypatch):
        first = prepare_dataset(TOY, 1, 2, 5, tmp_path)
        monkeypatch.setattr(sys.modules["rmlbench_utils.datasets.prepare"], "load", None)
        assert prepare_dataset(TOY, 1, 2, 5, tmp_path) == first
        for ref in (first.train, first.inputs, first.truth):
            assert Path(ref.path).name == f"{ref.sha256}.safetensors"
            assert file_digest(Path(ref.path)) == ref.sha256

    @pytest.mark.parametrize("part", ["train", "inputs", "truth"])
    @pytest.mark.parametrize("how", ["damaged", "gone"])
    def test_a_lost_file_is_made_again_with_a_notice(self, tmp_path, caplog, part, how):
        first = prepare_dataset(TOY, 0, 1, 5, tmp_path)
        path = Path(getattr(first, part).path)
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1] + b"\x55")
        assert prepare_dataset(TOY, 0, 1, 5, tmp_path) == first
        assert f"is {how} and is made again" in caplog.text
        assert file_digest(path) == getattr(first, part).sha256

    def test_a_damaged_index_is_made_again(self, tmp_path, caplog):
        first = prepare_dataset(TOY, 0, 1, 5, tmp_path)
        (index,) = tmp_path.glob("*.json")
        index.write_text("{")
        assert prepare_dataset(TOY, 0, 1, 5, tmp_path) == first
        assert "index" in caplog.text

    def test_a_moved_cache_is_not_trusted_blindly(self, tmp_path):
        first = prepare_dataset(TOY, 0, 1, 5, tmp_path / "old")
        (tmp_path / "old").rename(tmp_path / "new")
        again = prepare_dataset(TOY, 0, 1, 5, tmp_path / "new")
        assert again.train.sha256 == first.train.sha256
        assert Path(again.train.path).exists()
