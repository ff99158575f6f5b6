"""``python -m rmlbench_utils.setup report|test|lab|readme|clean [DOMAINS...]``.

Works on a bare Python 3.11: makes ``.venv``, then goes on inside it. The Makefile calls this;
where there is no make, call it yourself. Prints each step's name and seconds; the first step
that fails stops the rest and is named.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rmlbench_utils.measure import tools

ROOT = Path(__file__).resolve().parent.parent
BUDGET_S = 300  # of a domain: about the ten blocks below which little can be told
FIRST = ("regression", "svm", "clustering")
INSIDE = "RMLBENCH_SETUP_INSIDE"
UNKEPT = "PYTHONDONTWRITEBYTECODE"  # container images set it, to be smaller
MADE = (".venv", ".venvs", ".data", "_build", "target", ".cache")


class Failed(Exception):
    """A step failed; the argument is its name."""


def main(arguments: list[str]) -> int:
    """Do what is asked; 0 done, 1 a step failed, 2 something is missing."""
    parser = argparse.ArgumentParser(prog="python -m rmlbench_utils.setup")
    parser.add_argument("goal", choices=["report", "test", "lab", "readme", "clean"])
    parser.add_argument("domains", nargs="*", help="domains, or all; by default the light ones")
    asked = parser.parse_args(arguments)
    if asked.goal == "clean":
        return clean()
    try:
        tools.python()
        if asked.goal in ("report", "test"):
            tools.cargo(), tools.compiler()
        if INSIDE not in os.environ:
            return enter(["dev", "lab"] if asked.goal == "lab" else ["dev"], arguments)
        domains = chosen(asked.domains)
        needed = chosen(["all"]) if asked.goal == "test" else domains
        step("worker environments", lambda: worker_environments(needed))
        {"report": report, "test": test, "lab": lab, "readme": readme}[asked.goal](domains)
    except tools.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    except Failed as failed:
        print(f"step failed: {failed}", file=sys.stderr)
        return 1
    return 0


def enter(extras: list[str], arguments: list[str]) -> int:
    """Make ``.venv`` where it is missing or out of date, and start again in it."""
    from rmlbench_utils.measure import venvs

    step("environment", lambda: venvs.ensure_own(ROOT, extras))
    python = str(venvs.interpreter(ROOT / ".venv"))
    words = [python, "-m", "rmlbench_utils.setup", *arguments]
    told = {**environment(), INSIDE: "1"}
    return subprocess.run(words, cwd=ROOT, env=told, check=False).returncode


def environment() -> dict[str, str]:
    """The environment of every step: ``.venv`` first on PATH, the project as home, and bytecode
    kept, since many processes import the same."""
    folder = str(ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin"))
    path = os.pathsep.join([folder, os.environ.get("PATH", "")])
    told = {name: value for name, value in os.environ.items() if name != UNKEPT}
    return {**told, "PATH": path, "RMLBENCH_HOME": str(ROOT)}


def chosen(domains: list[str]) -> list[str]:
    """The domains to measure: those named, all, or the light ones; only those with cases."""
    known = sorted(path.stem for path in (ROOT / "rmlbench_utils/cases").glob("*.toml"))
    if domains == ["all"]:
        return known
    for domain in domains:
        if domain not in known:
            raise tools.Missing(f"domain {domain!r} is not known: use {', '.join(known)} or all")
    return domains or [domain for domain in FIRST if domain in known]


def worker_environments(domains: list[str]) -> None:
    """The environments of the frameworks that the domains need, and the data packages."""
    from rmlbench_utils.contenders.registry import libraries
    from rmlbench_utils.measure import build, venvs

    venvs.ensure_data(ROOT)
    known = libraries(None)
    build.environments([known[name] for name in contenders(domains)])


def contenders(domains: list[str]) -> list[str]:
    """Everyone who takes part in the domains."""
    from rmlbench_utils.cases import load_cases

    cases = (case for domain in domains for case in load_cases(domain, "full"))
    return sorted({name for case in cases for name in case.contenders})


def report(domains: list[str]) -> None:
    """Measure the domains, or finish what was interrupted, and build the book from it."""
    from rmlbench_utils.measure.session import interrupted

    named = (word for name in contenders(domains) for word in ("--contender", name))
    command("build", "rmlbench_utils.cli", "build", *named)
    begun = interrupted(ROOT / "recordings", "report-*", set(domains))
    name = begun or time.strftime("report-%Y%m%d-%H%M%S", time.gmtime())
    budget = str(BUDGET_S * len(domains))
    where = str(Path("recordings", name))
    asked = [*domains, "--profile", "smoke", "--budget-s", budget, "--out", where]
    command("run", "rmlbench_utils.cli", "run", *asked)
    command("book", "rmlbench_utils.show.book", "--recording", name)
    print(f"the report is {Path('_build', 'html', 'index.html')}")


def test(domains: list[str]) -> None:
    """Every check there is, the cheapest first; the domains do not matter: all are tested."""
    command("ruff check", "ruff", "check", "--quiet", ".")
    command("ruff format", "ruff", "format", "--check", "--quiet", ".")
    apart = [*map(str, ROOT.glob("book/reproducers/*.rs")), str(ROOT / "rust/reproducers.rs")]
    step("rustfmt", lambda: call([tools.cargo(), "fmt", "--all", "--", "--check", *apart]))
    module = "rmlbench_utils.measure.cargo"
    command("build", "rmlbench_utils.measure.build", "tuned")
    command("cargo test", module, "test")
    step("clippy and mypy", lambda: together((module, "clippy"), ("mypy",)))
    more = (os.cpu_count() or 1) + 1  # a test waits now and then for what it has started
    spread = ("-n", str(more), "--dist", "loadfile", "--no-loadscope-reorder")
    command("pytest", "pytest", "-q", *spread, "--durations", "25", "-m", "not alone")
    command("pytest, alone", "pytest", "-q", "-m", "alone")


def lab(domains: list[str]) -> None:
    """Open Jupyter Lab on the notebooks; root, as in a container, has to say that it means it."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command("jupyter lab", "jupyterlab", "notebooks", *root)


def readme(domains: list[str]) -> None:
    """Write README's figure and sentence from the committed recording."""
    command("readme", "rmlbench_utils.show.readme")


def clean() -> int:
    """Remove what this made; recordings stay."""
    for name in MADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


def step(name: str, work: Callable[[], object]) -> None:
    """Do one step; print its name and seconds.

    Raises
    ------
    Failed
        If a program it called failed.
    """
    print(f"== {name}", flush=True)
    begin = time.monotonic()
    try:
        work()
    except subprocess.CalledProcessError as error:
        raise Failed(f"{name} (exit code {error.returncode})") from error
    print(f"== {name}: {time.monotonic() - begin:.1f} s", flush=True)


def command(name: str, module: str, *arguments: str) -> None:
    """A step that is a Python module with arguments."""
    step(name, lambda: call([sys.executable, "-m", module, *arguments]))


def together(*modules: tuple[str, ...]) -> None:
    """Run Python modules with arguments beside each other: none fills the processors alone."""
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(lambda words: call([sys.executable, "-m", *words]), modules):
            pass


def call(words: list[str]) -> None:
    """Run a program in the project."""
    subprocess.run(words, cwd=ROOT, env=environment(), check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
