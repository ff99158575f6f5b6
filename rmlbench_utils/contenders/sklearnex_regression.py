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
    """The facts of scikit-learn, the version of the patch and where it computes otherwise."""
    found = patched.facts()
    libraries = {**found["libraries"], "scikit-learn-intelex": version("scikit-learn-intelex")}
    notes = ["scikit-learn-intelex solves linear by the normal equations (oneDAL's norm_eq)"]
    return {**found, "libraries": libraries, "notes": notes}
