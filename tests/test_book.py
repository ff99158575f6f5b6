"""The book builds without a warning and reads without a network."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import read
from show.synthetic import write

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.view import look
from tests.executed import shown

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-background-networking"]
MOST_TEXT = 200_000  # characters of the text kept beside what a cell shows
SETTLE_MS = 500  # for what a page asks for after it has loaded
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PAGES = (
    "notebooks/verdicts",
    "notebooks/regression",
    "notebooks/svm",
    "notebooks/clustering",
    "notebooks/validity",
    "notebooks/break_even",
    "book/bias",
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on PATH: apt-get install chromium to look at the pages"
)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book, built from a synthetic recording; any warning fails it."""
    folder = tmp_path_factory.mktemp("book")
    recording = write(folder / "synthetic")
    command = [sys.executable, "-m", "rmlbench_utils.show.book", "--recording", str(recording)]
    done = subprocess.run(
        [*command, "--out", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=project_root(),
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Path(done.stdout.splitlines()[-1]).parent


def test_every_page_of_the_contents_is_built(html: Path) -> None:
    from rmlbench_utils.show.book import chapters

    for page in chapters(project_root()):
        assert (html / f"{page}.html").exists()
    assert "notebooks/verdicts.html" in (html / "index.html").read_text()


@pytest.mark.parametrize("domain", ["svm", "clustering", "cnn", "rnn"])
def test_a_page_draws_the_committed_recording_of_its_domain(html: Path, domain: str) -> None:
    place = look(project_root() / "book" / "recordings" / f"{domain}-standard")
    assert place.manifest.plan.null is not None
    page = shown(html.parent / "source" / "notebooks" / f"{domain}.ipynb")
    for contender in set(place.primary["contender"]):
        assert contender in page


def test_a_page_stores_no_whole_recording_as_text(html: Path) -> None:
    for path in (html.parent / "source" / "notebooks").glob("*.ipynb"):
        outputs = [o for cell in read(path, 4).cells for o in cell.get("outputs", [])]
        texts = [o.get("data", {}).get("text/plain", "") for o in outputs]
        assert max(map(len, texts)) < MOST_TEXT, path.name


def test_the_summary_that_pages_link_to_is_of_the_same_recording(html: Path) -> None:
    page = (html / "book" / "reproduce.html").read_text()
    linked = re.findall(r'href="\.\./(summary/[^"]+)"', page)
    assert len(linked) == 4
    assert all((html / name).stat().st_size > 0 for name in linked)
    made = json.loads((html / "summary" / "report.json").read_text())
    assert made["recordings"][0]["name"] == "synthetic"


def test_a_recording_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    from rmlbench_utils.show.book import main

    assert main(["--recording", str(tmp_path / "absent"), "--out", str(tmp_path)]) == 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def visit(browser: Any, html: Path, name: str, size: dict[str, int]) -> tuple[Any, list[str]]:
    page = browser.new_page(viewport=size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((html / f"{name}.html").as_uri(), wait_until="load")
    if name.startswith("notebooks/"):
        page.wait_for_selector(".rml-table table.dataTable tbody tr")
    return page, asked


@needs_chromium
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_of_another_machine(
    browser: Any, html: Path, name: str, size: dict[str, int]
) -> None:
    page, asked = visit(browser, html, name, size)
    page.wait_for_timeout(SETTLE_MS)
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_need_not_scroll_sideways(browser: Any, html: Path, name: str) -> None:
    page, _ = visit(browser, html, name, NARROW)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    wide = page.evaluate(
        "[...document.querySelectorAll('img.rml-figure')].map(i => i.getBoundingClientRect().right)"
    )
    page.close()
    assert widths[0] <= widths[1]
    assert all(right <= NARROW["width"] for right in wide)


@needs_chromium
def test_the_answer_is_on_the_first_screen(browser: Any, html: Path) -> None:
    page, _ = visit(browser, html, "notebooks/verdicts", WIDE)
    boxes = {
        name: page.locator(f".rml-front {name}").last.bounding_box()
        for name in (".rml-advice", "thead", "tbody tr:nth-child(2)")
    }
    text = page.locator(".rml-front").inner_text()
    links = page.locator(".rml-links a").evaluate_all("all => all.map(a => a.href)")
    page.close()
    for name, box in boxes.items():
        assert box["y"] + box["height"] <= WIDE["height"], name
    assert "Port if your work is linear" in text
    assert "smartcore 7 of 10" in text
    assert len(links) == 3
    for link in links:
        assert Path(link.removeprefix("file://").partition("#")[0]).exists()


@needs_chromium
def test_every_verdict_filters_and_exports(browser: Any, html: Path, tmp_path: Path) -> None:
    page, _ = visit(browser, html, "notebooks/verdicts", WIDE)
    table = page.locator(".rml-table[aria-label='verdicts, synthetic']")
    rows = table.locator("#table-verdicts-synthetic tbody tr")
    assert rows.count() == 10
    box = table.locator(".dt-scroll-foot input[placeholder=contender]")
    box.fill("smartcore")
    box.press("Enter")
    page.wait_for_timeout(300)
    assert {row.inner_text() for row in rows.locator("td:nth-child(2)").all()} == {"smartcore"}
    with page.expect_download() as caught:
        table.get_by_text("CSV", exact=True).click()
    caught.value.save_as(tmp_path / "verdicts.csv")
    page.close()
    with (tmp_path / "verdicts.csv").open(newline="", encoding="utf-8-sig") as file:
        exported = list(csv.DictReader(file))
    assert {row["contender"] for row in exported} == {"smartcore"}
    assert len(exported) > 10
    assert {"case", "tier", "verdict", "ratio", "from", "to", "reason"} <= exported[0].keys()


@needs_chromium
def test_figures_say_what_they_show(browser: Any, html: Path) -> None:
    page, _ = visit(browser, html, "notebooks/regression", WIDE)
    shown = page.locator("img.rml-figure")
    said = shown.evaluate_all("all => all.map(i => [i.alt.length, i.naturalWidth])")
    page.close()
    assert said
    assert all(length > 40 and width > 0 for length, width in said)


@needs_chromium
def test_break_even_answers_what_a_reader_enters(browser: Any, html: Path) -> None:
    page, _ = visit(browser, html, "notebooks/break_even", NARROW)
    before = page.locator(".rml-answer").inner_text()
    page.fill(".rml-break-even [name=fits]", "100000")
    after = page.locator(".rml-answer").inner_text()
    page.fill(".rml-break-even [name=rows]", "1")
    refused = page.locator(".rml-refused").inner_text()
    page.close()
    assert "Break-even:" in before
    assert "Break-even:" in after
    assert before != after
    assert "rows is 1: choose" in refused
