"""scikit-learn's clusterings patched by scikit-learn-intelex, where it has the algorithm."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from sklearnex import patch_sklearn

patch_sklearn(verbose=False)

from rmlbench_utils.contenders import sklearn_clustering as patched  # noqa: E402

VERSION = f"{patched.VERSION} with scikit-learn-intelex {version('scikit-learn-intelex')}"
ALGORITHMS = patched.ALGORITHMS


def facts() -> dict[str, Any]:
    """The facts of scikit-learn, the version of the patch and what it replaces."""
    found = patched.facts()
    libraries = {**found["libraries"], "scikit-learn-intelex": version("scikit-learn-intelex")}
    notes = ["scikit-learn-intelex computes kmeans and dbscan; the rest is scikit-learn's own"]
    return {**found, "libraries": libraries, "notes": notes}
