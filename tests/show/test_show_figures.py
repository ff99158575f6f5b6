"""Figures show what the recording holds, and nothing it may not show."""

import matplotlib.text
import pytest
from matplotlib.figure import Figure

from rmlbench_utils.judge.coverage import simulate
from rmlbench_utils.show import figures, validity
from rmlbench_utils.show.forest import forest, limits
from rmlbench_utils.show.growth import crossover, growth
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.times import mean_phases, picks, startup_parts
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
    assert said.count("differs by 2.6e-03 in predictions, allowed 1e-06") == 3
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


def test_phases_leave_out_who_has_no_parity(view: View) -> None:
    shown = figures.phases(view)
    assert isinstance(shown, Picture)
    lasso = shown.alt.split("; ")[-1]
    assert "lasso" in lasso
    assert "smartcore" not in lasso
    assert "sklearn 757 ms" in lasso


def test_one_pick_an_algorithm_by_the_baseline_alone(view: View) -> None:
    assert picks(view) == [
        "regression/linear/synthetic_linear_200000x50/threads=1",
        "regression/ridge/synthetic_linear_20000x50/alpha=1,threads=1",
        "regression/lasso/synthetic_linear_20000x50/alpha=1,threads=1",
    ]


def test_startup_is_split(view: View) -> None:
    table = startup_parts(view, "shipped")
    assert list(table.columns) == ["interpreter", "libraries", "rest"]
    assert table.loc["sklearn"].to_list() == pytest.approx([0.012, 0.640, 0.060], rel=0.03)
    assert isinstance(figures.startup(view), Picture)


def test_layout_pilot_names_both_layouts(view: View) -> None:
    shown = figures.layouts(view)
    assert isinstance(shown, Picture)
    assert "C 16.0 ms, F 8.00 ms" in shown.alt


def test_crossover_is_on_the_line_through_log_points() -> None:
    assert crossover([10, 1000], [1e-3, 1e-1], 1e-2) == pytest.approx(100)
    assert crossover([10, 1000], [1e-3, 1e-1], 1.0) is None
    assert crossover([10], [1e-3], 1e-3) is None


def test_growth_says_where_startup_stops_mattering(view: View) -> None:
    shown = growth(view)
    assert isinstance(shown, Picture)
    assert "rows one fit takes its start-up" in shown.alt
    assert "stays below its start-up" in shown.alt


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
