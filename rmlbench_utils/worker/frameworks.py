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
KERNEL_MACHINES = ("svc", "nusvc", "svr", "nusvr")
SVM = (*KERNEL_MACHINES, "linearsvc", "linearsvr")
CLUSTERING = ("kmeans", "dbscan", "agglomerative", "gaussian_mixture", "spectral")
CONVOLUTIONAL = (
    *("lenet", "simple_cnn", "attention_cnn", "alexnet"),
    *("vgg16", "resnet18", "resnet34", "mobilenet", "efficientnet_lite0"),
)
RECURRENT = ("rnn", "lstm", "gru", "bidirectional_lstm", "stacked_lstm", "attention_lstm")
NETWORKS = (*CONVOLUTIONAL, *RECURRENT)
PHASES = ("convert", "fit", "predict", "latency")
_MODULES: dict[str, dict[str, tuple[str, ...]]] = {
    "sklearn": {
        "sklearn_regression": REGRESSION,
        "sklearn_svm": SVM,
        "sklearn_clustering": ("kmeans", "dbscan", "agglomerative", "spectral"),
        "sklearn_mixture": ("gaussian_mixture",),
    },
    "sklearnex": {
        "sklearnex_regression": REGRESSION,
        "sklearnex_svm": SVM,
        "sklearnex_clustering": ("kmeans", "dbscan", "agglomerative", "spectral"),
        "sklearnex_mixture": ("gaussian_mixture",),
    },
    "own-python": {
        "own_python_regression": REGRESSION,
        "own_python_svm": KERNEL_MACHINES,
        "own_python_clustering_kmeans": ("kmeans",),
        "own_python_clustering_mixture": ("gaussian_mixture",),
        "own_python_clustering_spectral": ("spectral",),
    },
    "onnxruntime": {
        "onnxruntime_serving": (*REGRESSION, *SVM),
        "onnxruntime_networks": NETWORKS,
    },
    "torch": {"torch_networks": NETWORKS},
    "torch-compile": {"torch_compiled": NETWORKS},
    "torch-export": {"torch_export_graph": NETWORKS},
    "torch-script": {"torch_scripted": NETWORKS},
}
SERVING = ("onnxruntime",)  # they predict from a model that the job brings
FRAMEWORKS = {
    framework: {
        algorithm: f"rmlbench_utils.contenders.{module}"
        for module, algorithms in modules.items()
        for algorithm in algorithms
    }
    for framework, modules in _MODULES.items()
}


def phases(framework: str) -> tuple[str, ...]:
    """The phases a job may ask a framework to repeat."""
    if framework in SERVING:
        return ("predict", "latency")
    trains = set(FRAMEWORKS[framework]) <= set(NETWORKS)
    return ("fit", "predict", "latency") if trains else PHASES


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
        "phases": ["load", *phases(framework)],
        "layouts": ["c", "f"],
        "facts": {**_interpreter(), **module.facts(), **_joined(modules)},
    }


def _joined(modules: dict[str, ModuleType]) -> dict[str, Any]:
    """Notes and inner kernels of all modules, where there are any."""
    facts = [module.facts() for module in modules.values()]
    notes = dict.fromkeys(note for known in facts for note in known.get("notes", []))
    kernels = {k: v for known in facts for k, v in known.get("inner_kernel", {}).items()}
    found = {"notes": list(notes), "inner_kernel": kernels}
    return {name: value for name, value in found.items() if value}


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
