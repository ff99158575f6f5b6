"""What this machine lacks and how to get it, and what it can measure."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.measure import build, tools, venvs
from rmlbench_utils.measure.machine import facts
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root

Row = dict[str, Any]

HOW = {
    "rapl": "measure on a physical Linux machine; make energy_uj readable: "
    "chmod a+r /sys/class/powercap/*/energy_uj",
    "perf": "measure on a physical machine; sysctl kernel.perf_event_paranoid=2",
    "nvml": "install NVIDIA's driver where there is such a GPU",
    "governor": "measure on a physical machine, or ask the host's owner",
    "turbo": "measure on a physical machine, or ask the host's owner",
}
SHOWN = (
    "cpu",
    "cores",
    "physical_cores",
    "l2_bytes",
    "l3_bytes",
    "memory_bytes",
    "virtualised",
    "governor",
    "turbo",
    "huge_pages",
    "steal",
    "rapl",
    "nvml",
    "perf",
)
MANY_CORES = 8


def rows() -> list[Row]:
    """One row a tool or measurable thing: ``what, state, found, how``.

    ``state`` is ``ok``, ``missing`` (what is asked for cannot be done) or ``unmeasured`` (it
    can, without this figure); ``how`` says how to get it.
    """
    known = facts()
    found = [_tool("cargo", tools.cargo), _tool("C compiler", tools.compiler), *_chromium()]
    found += [_hyperfine()]
    found += [_worker(library) for library in libraries().values()]
    found += [_fact(key, known) for key in SHOWN]
    found += [_scaling(known)]
    for venv, pools in known["blas"].items():
        names = [
            f"{p['internal_api']} {p['version']} {p['architecture'] or ''}" for p in pools or []
        ]
        found.append(
            _row(f"BLAS of {venv}", "ok", "; ".join(name.strip() for name in names))
            if names
            else _row(f"BLAS of {venv}", "unmeasured", None, "run `rmlbench build`")
        )
    return found


def _row(what: str, state: str, found: Any, how: str = "") -> Row:
    return {"what": what, "state": state, "found": found, "how": how}


def _tool(what: str, look: Callable[[], str | None]) -> Row:
    try:
        return _row(what, "ok", look() or "brought by rustup")
    except tools.Missing as missing:
        return _row(what, "missing", None, str(missing))


def _chromium() -> list[Row]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    how = "" if found else "the page tests are skipped without it (Debian: apt install chromium)"
    rows = [_row("chromium", "ok" if found else "unmeasured", found, how)]
    if find_spec("playwright") is None:
        rows.append(_row("playwright", "unmeasured", None, "make test installs it"))
    return rows


def _hyperfine() -> Row:
    found = shutil.which("hyperfine")
    how = "" if found else "`calibrate` goes without it (Debian: apt install hyperfine)"
    return _row("hyperfine", "ok" if found else "unmeasured", found, how)


def _worker(library: Library) -> Row:
    what = f"worker {library.name}"
    missing = [tier for tier in library.tiers if not _runs(library, tier)]
    if missing:
        return _row(what, "missing", None, f"run `rmlbench build` (tier {', '.join(missing)})")
    return _row(what, "ok", ", ".join(library.tiers))


def _runs(library: Library, tier: Any) -> bool:
    setting = library.configuration(tier)
    if setting.venv is not None:
        names = [package.value for package in setting.packages]
        return venvs.is_current(project_root(), setting.venv, names)
    try:
        build.command(library, tier)
    except UsageError:
        return False
    return True


def _fact(key: str, known: dict[str, Any]) -> Row:
    what = key.removesuffix("_bytes").replace("_", " ")
    if known[key] is None:
        return _row(
            what, "unmeasured", None, f"{known['reasons'][key]}; {HOW.get(key, '')}".rstrip("; ")
        )
    value = known[key]
    if key.endswith("_bytes"):
        value = f"{value / 2**20:,.0f} MiB"
    return _row(what, "ok", value)


def _scaling(known: dict[str, Any]) -> Row:
    cores = known["physical_cores"] or 0
    if cores >= MANY_CORES:
        return _row("thread scaling", "ok", f"{cores} physical cores")
    how = f"a claim needs {MANY_CORES} physical cores, here are {cores or 'an unknown number'}"
    return _row("thread scaling", "unmeasured", None, how)
