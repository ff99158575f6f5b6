"""Which module serves which framework and algorithm, and what `--list` says of it."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import sys
import sysconfig
from types import ModuleType
from typing import Any

REGRESSION = ("linear", "ridge", "lasso", "elastic_net")
_MODULES = {
    "sklearn": {"sklearn_regression": REGRESSION},
    "sklearnex": {"sklearnex_regression": REGRESSION},
    "own-python": {"own_python_regression": REGRESSION},
}
FRAMEWORKS = {
    framework: {
        algorithm: f"rmlbench_utils.contenders.{module}"
        for module, algorithms in modules.items()
        for algorithm in algorithms
    }
    for framework, modules in _MODULES.items()
}


def load(framework: str, algorithm: str) -> ModuleType:
    """Import the module that serves an algorithm; KeyError if none does."""
    return importlib.import_module(FRAMEWORKS[framework][algorithm])


def listing(framework: str) -> dict[str, Any]:
    """What ``--list`` prints (book/protocol.md)."""
    modules = {name: load(framework, name) for name in FRAMEWORKS[framework]}
    module = next(iter(modules.values()))
    return {
        "protocol": 1,
        "framework": framework,
        "version": module.VERSION,
        "language": "python",
        "algorithms": {name: modules[name].ALGORITHMS[name].DEFAULTS for name in modules},
        "phases": ["load", "convert", "fit", "predict", "latency"],
        "layouts": ["c", "f"],
        "facts": {**_interpreter(), **module.facts()},
    }


def _interpreter() -> dict[str, Any]:
    configured = sysconfig.get_config_var("CONFIG_ARGS") or ""
    flags = sysconfig.get_config_var("PY_CFLAGS") or ""
    return {
        "interpreter": {
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
            "build": " ".join(platform.python_build()),
            "compiler": platform.python_compiler(),
            "pgo": "--enable-optimizations" in configured,
            "lto": "--with-lto" in configured or "-flto" in flags,
            "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
            "gc": gc.isenabled(),
        },
        "compiler": None,
        "flags": None,
        "opt_level": None,
        "debug_assertions": False,
        "target_cpu": None,
        "allocator": "system (pymalloc below 512 bytes)",
        "threads": int(os.environ.get("OMP_NUM_THREADS", "0")) or None,
        "kernel_library": None,
    }
