"""scikit-learn patched by scikit-learn-intelex: its documented way to more speed."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from sklearnex import patch_sklearn

patch_sklearn(verbose=False)

from rmlbench_utils.contenders import sklearn_regression as patched  # noqa: E402

VERSION = f"{patched.VERSION} with scikit-learn-intelex {version('scikit-learn-intelex')}"
ALGORITHMS = patched.ALGORITHMS


def facts() -> dict[str, Any]:
    """The facts of scikit-learn and the version of the patch."""
    found = patched.facts()
    libraries = {**found["libraries"], "scikit-learn-intelex": version("scikit-learn-intelex")}
    return {**found, "libraries": libraries}
