"""The break-even page answers at once, refuses in a sentence, and its script agrees with Python."""

import copy
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rmlbench_utils.judge.sides import sides
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.break_even import Question, outcomes, refusal, turning, verdict
from rmlbench_utils.show.break_even_page import LAYOUTS, Form, answer, form
from rmlbench_utils.show.costs import Payload, payload
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.view import View, look

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
COMMITTED = ("regression-standard", "regression-speed-sizes")


@pytest.fixture(scope="module")
def views() -> list[View]:
    """Two committed recordings: many contenders at one size, two at many."""
    return [look(name) for name in COMMITTED]


@pytest.fixture(scope="module")
def shipped(views: list[View]) -> Payload:
    return payload(views)


def place(shipped: Payload, name: str, recording: str) -> int:
    """Where a workload is in the payload."""
    found = [(one["name"], one["recording"]) for one in shipped["workloads"]]
    return found.index((name, recording))


def test_nobody_without_parity_is_shipped(view: View) -> None:
    shipped = payload([view])
    for one in shipped["workloads"]:
        for tier in one["tiers"].values():
            for size in tier["sizes"]:
                assert next(iter(size["spent"])) == "sklearn"
                assert ("smartcore" in size["spent"]) != one["name"].startswith("lasso")


def test_totals_are_the_records_own_means(views: list[View], shipped: Payload) -> None:
    """At a measured size nothing is interpolated."""
    asked = Question(
        place(shipped, "ridge, alpha=1, synthetic linear, 50 columns, 1 thread", COMMITTED[1]),
        "shipped",
        2000,
        7,
        3,
    )
    (one,) = outcomes(shipped, asked)
    runs = sides(views[1].records)
    case = "regression/ridge/synthetic_linear_2000x50/alpha=1,threads=1"
    records = runs[case, "own", "shipped"].records
    walls = [sum(run.phases[name].wall_ns for name in ("startup", "load")) / 1e9 for run in records]
    assert one.parts[:2].sum() == pytest.approx(np.mean(walls), rel=1e-4)
    assert one.blocks == len(records)
    assert one.sign == -1
    assert one.low < one.ratio < one.high < 1


def test_between_sizes_totals_lie_between_and_beyond_them_is_refused(shipped: Payload) -> None:
    where = place(shipped, "ridge, alpha=1, synthetic linear, 50 columns, 1 thread", COMMITTED[1])

    def fit(rows: int) -> float:
        return float(outcomes(shipped, Question(where, "shipped", rows, 1, 0))[0].parts[3])

    assert fit(2000) < fit(5000) < fit(10_000)
    beyond = Question(where, "shipped", 499, 1, 0)
    assert refusal(shipped, beyond) == (
        "rows is 499: choose 500 to 200,000, as measured; nothing is said beyond"
    )
    with pytest.raises(UsageError, match="rows is 499"):
        outcomes(shipped, beyond)


def test_a_size_without_parity_is_not_passed_over(shipped: Payload) -> None:
    name = "ridge, alpha=1, synthetic linear, 50 columns, 1 thread"
    at = place(shipped, name, COMMITTED[1])
    asked = Question(at, "shipped", 15_000, 1, 1)
    assert [one.contender for one in outcomes(shipped, asked)] == ["own"]
    holed = copy.deepcopy(shipped)
    sizes = holed["workloads"][at]["tiers"]["shipped"]["sizes"]
    del next(size for size in sizes if size["rows"] == 10_000)["spent"]["own"]
    assert outcomes(holed, asked) == []
    assert "nobody was measured there" in answer(holed, asked)
    assert outcomes(holed, replace(asked, rows=30_000))


@pytest.mark.parametrize(
    ("fits", "predictions", "said"),
    [
        (0, 0, "0 fits and 0 predictions: ask for at least one of either"),
        (-1, 1, "fits is -1: choose a whole number from 0 to 1,000,000,000"),
        (1, 10**10, "predictions is 10000000000: choose a whole number from 0 to 1,000,000,000"),
    ],
)
def test_calls_that_are_none_are_refused(
    shipped: Payload, fits: int, predictions: int, said: str
) -> None:
    assert refusal(shipped, Question(0, "shipped", 354, fits, predictions)) == said
    assert said in answer(shipped, Question(0, "shipped", 354, fits, predictions))


def test_the_layout_is_built_once_or_for_every_fit(views: list[View], shipped: Payload) -> None:
    """With one fit it is the same; with none there is none."""
    where = place(shipped, "ridge, alpha=1, synthetic linear, 50 columns, 1 thread", COMMITTED[1])

    def layout(fits: int, how: str) -> float:
        asked = Question(where, "shipped", 2000, fits, 1, layout=how)
        return float(outcomes(shipped, asked)[0].parts[2])

    records = sides(views[1].records)[
        "regression/ridge/synthetic_linear_2000x50/alpha=1,threads=1", "own", "shipped"
    ].records
    built = np.mean([run.samples["convert"].ns[0] for run in records]) / 1e9
    assert layout(1, "once") == layout(1, "every") == pytest.approx(built, rel=1e-3)
    assert layout(50, "once") == layout(1, "once")
    assert layout(50, "every") == pytest.approx(50 * built, rel=1e-3)
    assert layout(0, "once") == layout(0, "every") == 0


def test_few_blocks_tell_nothing_and_failures_are_named(shipped: Payload) -> None:
    asked = Question(0, "shipped", 354, 1, 1)
    few = {**shipped, "least": 99}
    one = outcomes(few, asked)[0]
    assert one.sign == 0
    assert "blocks cannot tell whether" in verdict(few, asked, one)
    assert turning(few, asked, one) == "Break-even: not told."
    one = outcomes(shipped, asked)[0]
    workload = shipped["workloads"][0]
    failed = {**workload["tiers"]["shipped"]["failed"], one.contender: [2, 22]}
    tiers = {"shipped": {**workload["tiers"]["shipped"], "failed": failed}}
    ill = {**shipped, "workloads": [{**workload, "tiers": tiers}]}
    said = f"{one.contender} took less where it succeeded, but 2 of its 22 runs failed"
    assert verdict(ill, asked, one).startswith(said)
    assert turning(ill, asked, one).endswith(f"Given success: {one.contender} failed 2 of 22 runs.")


def test_nothing_to_compare_is_a_sentence(view: View) -> None:
    nobody = replace(view, verdicts=view.verdicts.assign(parity="fail"))
    shown = form([nobody], fits=1, predictions=1)
    assert isinstance(shown, Note)
    assert "no parity, no verdict" in shown.text


def test_the_script_asks_nothing_of_another_machine() -> None:
    script = (project_root() / "book" / "static" / "break-even.js").read_text()
    assert not re.search(r"https?:|fetch|import\b|XMLHttp|</script", script)


@pytest.fixture(scope="module")
def opened(views: list[View], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page as a file, in a browser as wide as a phone."""
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH: apt-get install chromium to look at the page")
    from playwright.sync_api import sync_playwright

    shown = form(views, fits=1, predictions=1)
    assert isinstance(shown, Form)
    file = Path(tmp_path_factory.mktemp("page")) / "page.html"
    style = (project_root() / "book" / "static" / "rml.css").read_text()
    head = f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
    file.write_text(f"{head}<body>{shown._repr_html_()}</body>", encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        yield page
        assert errors == []
        browser.close()


def ask(page: Any, asked: Question) -> str:
    """Enter a question as a reader would; returns the answer's HTML."""
    page.select_option("[name=workload]", str(asked.workload))
    page.select_option("[name=tier]", asked.tier)
    page.select_option("[name=layout]", asked.layout)
    for name in ("rows", "fits", "predictions"):
        page.fill(f"[name={name}]", str(getattr(asked, name)))
    return str(page.inner_html(".rml-answer"))


def parsed(page: Any, html: str) -> str:
    """HTML as the browser writes it."""
    written = "html => { const d = document.createElement('div'); d.innerHTML = html; "
    return str(page.evaluate(written + "return d.innerHTML; }", html))


@pytest.mark.slow
def test_the_browser_gives_pythons_answer(opened: Any, shipped: Payload) -> None:
    random = np.random.default_rng(7)
    kinds = set()
    for where, workload in enumerate(shipped["workloads"]):
        for tier, told in workload["tiers"].items():
            sizes = [size["rows"] for size in told["sizes"]]
            rows = int(np.exp(random.uniform(*np.log([sizes[0], sizes[-1]])))) if where % 2 else 0
            rows = min(max(rows, sizes[0]), sizes[-1])
            for calls in ((1, 1), (0, 40), (int(random.integers(2, 5000)), 3), (1_000_000, 0)):
                asked = Question(where, tier, rows, *calls, layout=list(LAYOUTS)[calls[0] % 2])
                kinds |= {one.turn.kind for one in outcomes(shipped, asked)}
                assert ask(opened, asked) == parsed(opened, answer(shipped, asked)), asked
    assert {"never", "between", "more than"} <= kinds


@pytest.mark.slow
def test_the_browser_refuses_as_python_does(opened: Any, shipped: Payload) -> None:
    for asked in (Question(0, "shipped", 499_999, 1, 1), Question(0, "shipped", 354, 0, 0)):
        assert ask(opened, asked) == parsed(opened, answer(shipped, asked))
    opened.fill("[name=fits]", "")
    assert "fits is not a number: choose a whole number" in opened.inner_text(".rml-answer")


@pytest.mark.slow
def test_another_workload_brings_its_tiers_and_sizes(opened: Any, shipped: Payload) -> None:
    ask(opened, Question(0, "tuned", 354, 1, 1))
    where = place(shipped, "linear, synthetic linear, 50 columns, 1 thread", COMMITTED[1])
    opened.select_option("[name=workload]", str(where))
    assert opened.input_value("[name=tier]") == "shipped"
    assert opened.input_value("[name=rows]") == "20000"
    assert opened.locator(".rml-refused").count() == 0


@pytest.mark.slow
def test_a_phone_need_not_scroll_sideways(opened: Any) -> None:
    widths = opened.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.slow
def test_the_answer_stands_there_without_a_script(views: list[View], shipped: Payload) -> None:
    shown = form(views, fits=1, predictions=1)
    assert isinstance(shown, Form)
    html = shown._repr_html_()
    assert answer(shipped, shown.asked) in html
    assert html.index("rml-advice") < html.index("application/json")
