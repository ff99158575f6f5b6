"""scikit-learn's support vector machines patched by scikit-learn-intelex.

SVC, NuSVC, SVR and NuSVR become oneDAL's; LinearSVC and LinearSVR stay scikit-learn's own.
"""

from __future__ import annotations

from typing import Any

from sklearnex import patch_sklearn

patch_sklearn(verbose=False)

from rmlbench_utils.contenders import sklearn_svm as patched  # noqa: E402
from rmlbench_utils.contenders import sklearnex_regression as regression  # noqa: E402

VERSION = regression.VERSION
ALGORITHMS = patched.ALGORITHMS


def facts() -> dict[str, Any]:
    """The facts of scikit-learn-intelex and where it computes otherwise."""
    notes = [
        "scikit-learn-intelex solves svc, nusvc, svr and nusvr by oneDAL's thunder method, many "
        "variables at a time, and stops after 10,000 of its iterations where max_iter is -1",
        "scikit-learn-intelex leaves linearsvc and linearsvr to scikit-learn",
    ]
    return {**regression.facts(), "notes": notes}
