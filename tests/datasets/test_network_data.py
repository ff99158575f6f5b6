"""What networks learn from: the published facts, shapes and ranges, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from rmlbench_utils.datasets import (
    Unavailable,
    card,
    catalogue,
    network_data,
    series,
)
from rmlbench_utils.datasets.examples import write
from tests.datasets.network_files import DOWNLOADED, had


def others() -> list[str]:
    return [name for name in network_data.FIXED if name not in DOWNLOADED]


@pytest.mark.parametrize("name", others())
def test_data_is_what_its_card_says(name):
    held, described = had(name), catalogue()[name]
    assert held.x.shape[0] == len(held.y) == described.rows
    assert np.prod(held.x.shape[1:]) == described.columns
    assert held.x.flags.c_contiguous
    if held.vocabulary:
        assert held.x.dtype == held.y.dtype == np.int64
        assert 0 <= held.x.min() <= held.x.max() < held.vocabulary
    else:
        assert held.x.dtype == np.float32
        assert np.isfinite(held.x).all()
    if held.outputs == 1:
        assert held.y.dtype == np.float32
    else:
        assert held.y.dtype == np.int64
        assert 0 <= held.y.min() <= held.y.max() < held.outputs
    assert len(held.classes) in (0, held.outputs)


class TestSeries:
    def test_sunspots_are_the_published_ones(self):
        values = series.values("sunspots")
        assert values[:5].tolist() == [5, 11, 16, 23, 36]
        assert (len(values), values[1957 - 1700], values[-1]) == (309, 190.2, 2.9)
        held = network_data.load("sunspots")
        assert held.x.shape == (261, 24, 1)
        np.testing.assert_array_equal(held.x[0, :, 0], values[:24].astype(np.float32))
        assert held.y[0] == values[24].astype(np.float32)
        assert held.y[-1] == np.float32(2.9)

    def test_gaps_of_co2_are_on_a_line(self):
        values = series.values("co2")
        assert len(values) == 2284
        assert values[:6].tolist() == [316.1, 317.3, 317.6, 317.5, 316.4, 316.9]
        assert values[6] == pytest.approx((316.9 + 317.5) / 2)
        assert values[-1] == 371.5
        assert network_data.load("co2").x.shape == (2236, 24, 1)

    @pytest.mark.parametrize("name", ["sunspots", "co2"])
    def test_no_number_is_on_both_sides(self, name, tmp_path):
        held, values = network_data.load(name), series.values(name).astype(np.float32)
        ready = write(name, held, 0, 1, 5, tmp_path)
        train = ready.train_rows
        border = train + series.STEPS
        assert len(held.x) - train == round(len(held.x) * 0.2)
        np.testing.assert_array_equal(held.x[train - 1, :, 0], values[border - 25 : border - 1])
        assert held.y[train - 1] == values[border - 1]
        np.testing.assert_array_equal(held.x[train, :, 0], values[border : border + 24])


@pytest.mark.parametrize("name", ["sunspots", "co2"])
def test_a_changed_or_missing_series_is_refused(name, monkeypatch, tmp_path):
    monkeypatch.setattr(card, "project_root", lambda: tmp_path)
    with pytest.raises(Unavailable, match=f"{name}: .* is not there: run make"):
        network_data.load(name)
    path = tmp_path / ".data" / "statsmodels" / "datasets" / name / f"{name}.csv"
    path.parent.mkdir(parents=True)
    path.write_text("year,number\n1700,5\n")
    with pytest.raises(Unavailable, match=f"{name}: the digest is .*reinstall statsmodels"):
        network_data.load(name)
