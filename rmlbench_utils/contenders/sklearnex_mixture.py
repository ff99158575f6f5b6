"""scikit-learn's Gaussian mixture beside the patches of scikit-learn-intelex: it has none."""

from __future__ import annotations

from rmlbench_utils.contenders import sklearnex_clustering as patched

from rmlbench_utils.contenders import sklearn_mixture  # isort: skip

VERSION = patched.VERSION
ALGORITHMS = sklearn_mixture.ALGORITHMS
facts = patched.facts
