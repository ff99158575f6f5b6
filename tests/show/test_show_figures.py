"""Figures show what the recording holds, and nothing it may not show."""

import re
from dataclasses import replace

import matplotlib.text
import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import stats

from rmlbench_utils.judge.coverage import simulate
from rmlbench_utils.show import figures, scaling, validity
from rmlbench_utils.show.forest import forest, limits
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.times import (
    good,
    mean_phases,
    means,
    phase_seconds,
    picks,
    run_phases,
    run_startups,
    totals,
)
from rmlbench_utils.show.view import View


def words(figure: Figure) -> list[str]:
    return [found.get_text() for found in figure.findobj(matplotlib.text.Text)]


def test_forest_shows_ratio_interval_and_both_values(view: View) -> None:
    shown = forest(view, "linear", tier="shipped")
    assert isinstance(shown, Picture)
    said = words(shown.figure)
    assert sum("✓ same answer" in text for text in said) == 4 * 4
    row = view.primary[
        (view.primary["contender"] == "linfa") & (view.primary["tier"] == "shipped")
    ].iloc[0]
    assert f"{row['ratio']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]" in said
    assert "174 µs / 600 µs" in said


def test_forest_has_the_difference_and_no_ratio_without_parity(view: View) -> None:
    shown = forest(view, "lasso", tier="shipped")
    assert isinstance(shown, Picture)
    said = words(shown.figure)
    assert said.count("smartcore  ✗ not comparable") == 3
    assert said.count("differs by 0.0026 in predictions, allowed 1e-06") == 3
    assert sum("/" in text and "contender" not in text for text in said) == 3 * 3
    assert "smartcore is not comparable" in shown.alt


def test_forest_axis_holds_every_interval(view: View) -> None:
    low, high = limits(view.primary)
    shown = view.primary[view.primary["verdict"] != "not comparable"]
    assert low < shown["ci_low"].min()
    assert high > shown["ci_high"].max()
    assert low < 1 < high


def test_a_figure_of_nothing_is_a_sentence(view: View) -> None:
    shown = forest(view, "elastic_net")
    assert isinstance(shown, Note)
    assert "elastic_net" in shown.text


def test_phases_are_steady_state_means(view: View) -> None:
    table = mean_phases(view, "regression/linear/diabetes/threads=1", "shipped")
    assert table.index[0] == "sklearn"
    assert table.loc["sklearn", "fit"] == pytest.approx(0.6e-3, rel=0.03)
    assert table.loc["linfa", "fit"] == pytest.approx(0.29 * 0.6e-3, rel=0.03)
    assert table.loc["sklearn", "startup"] == pytest.approx(0.712, rel=0.03)


def test_phases_name_who_is_left_out_and_draw_no_bar_for_it(view: View) -> None:
    shown = figures.phases(view)
    assert isinstance(shown, Picture)
    lasso = shown.alt.split("; ")[-1]
    assert "lasso" in lasso
    assert "left out: smartcore (no parity)" in lasso
    assert not re.search(r"smartcore \d", lasso)
    assert "left out: smartcore (no parity)" in words(shown.figure)
    assert len([text for text in words(shown.figure) if text.startswith("left out")]) == 1


def test_phases_have_the_interval_of_their_total(view: View) -> None:
    shown = figures.phases(view)
    assert isinstance(shown, Picture)
    case = "regression/lasso/synthetic_linear_20000x50/alpha=1,threads=1"
    mean, low, high = totals(run_phases(view, case, "shipped")).loc["sklearn"]
    runs = [sum(phase_seconds(run).values()) for run in good(view, case)]
    runs = runs[:: len(runs) // 20]  # one of ten sides, the first: sklearn as shipped
    expected = stats.ttest_1samp(runs, 0).confidence_interval(0.95)
    assert (mean, low, high) == pytest.approx((np.mean(runs), *expected))
    assert f"sklearn: {1e3 * mean:.0f} ms [{1e3 * low:.0f}, {1e3 * high:.0f}]" in words(
        shown.figure
    )


def test_a_single_run_has_no_interval(view: View) -> None:
    case = "regression/lasso/synthetic_linear_20000x50/alpha=1,threads=1"
    once = replace(view, records=[run for run in view.records if run.block == 0])
    total = totals(run_phases(once, case, "shipped"))
    assert total["low"].isna().all()
    shown = figures.phases(once)
    assert isinstance(shown, Picture)
    assert "[no interval]" in shown.alt


def test_unequal_terms_are_a_reason_to_be_left_out(view: View) -> None:
    linfa = view.verdicts["contender"] == "linfa"
    barred = view.verdicts.assign(
        verdict=view.verdicts["verdict"].mask(linfa, "not comparable"),
        fairness=view.verdicts["fairness"].mask(linfa, "unequal"),
    )
    shown = figures.phases(replace(view, verdicts=barred))
    assert isinstance(shown, Picture)
    assert "left out: linfa (unequal terms), smartcore (no parity)" in shown.alt


def test_where_nobody_can_be_compared_no_time_is_shown(view: View) -> None:
    barred = view.verdicts.assign(verdict="not comparable")
    assert isinstance(figures.phases(replace(view, verdicts=barred)), Note)
    ridge = [view.cases[case].algorithm == "ridge" for case in view.verdicts["case"]]
    barred = view.verdicts.assign(verdict=view.verdicts["verdict"].mask(ridge, "not comparable"))
    shown = figures.phases(replace(view, verdicts=barred))
    assert isinstance(shown, Picture)
    panel = next(text for text in shown.alt.split("; ") if "ridge" in text)
    assert " ms" not in panel
    assert "own (not comparable)" in panel


def test_one_pick_an_algorithm_by_the_baseline_alone(view: View) -> None:
    assert picks(view) == [
        "regression/linear/synthetic_linear_200000x50/threads=1",
        "regression/ridge/synthetic_linear_20000x50/alpha=1,threads=1",
        "regression/lasso/synthetic_linear_20000x50/alpha=1,threads=1",
    ]


def test_startup_is_split(view: View) -> None:
    table = means(run_startups(view, "shipped"))
    assert list(table.columns) == ["interpreter or loader", "libraries", "rest"]
    assert table.loc["sklearn"].to_list() == pytest.approx([0.012, 0.640, 0.060], rel=0.03)
    shown = figures.startup(view)
    assert isinstance(shown, Picture)
    assert re.search(r"sklearn 71\d ms \[7\d\d, 7\d\d\]", shown.alt)


def test_layout_pilot_names_both_layouts(view: View) -> None:
    shown = figures.layouts(view)
    assert isinstance(shown, Picture)
    assert "C 16.0 ms, F 8.00 ms" in shown.alt


def test_growth_says_where_startup_stops_mattering(view: View) -> None:
    shown = scaling.figure(view)
    assert isinstance(shown, Picture)
    assert "one fit takes its start-up" in shown.alt
    assert "stays above its start-up" in shown.alt


def test_the_same_figure_is_the_same_bytes(view: View) -> None:
    first, second = forest(view, "ridge"), forest(view, "ridge")
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert first.svg() == second.svg()


def test_coverage_picture_says_its_values() -> None:
    table = simulate(draws=200, blocks=(10, 20))
    said = validity.picture(table).alt
    assert f"{table['coverage'].iloc[0]:.1%} at 10" in said


def test_headlines_keep_the_library_that_is_not_comparable(view: View) -> None:
    shown = forest(view, tier="shipped", headline=True)
    assert isinstance(shown, Picture)
    said = words(shown.figure)
    assert said.count("smartcore  ✗ not comparable") == 1
    assert not any(text.startswith("own") for text in said)
