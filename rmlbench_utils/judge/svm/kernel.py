"""Kernels as LIBSVM defines them, in float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.job import Scalar

KERNELS = ("rbf", "linear", "poly", "sigmoid")
_VALUES = 1 << 24  # kernel values held at a time


@dataclass(frozen=True)
class Kernel:
    """``exp(-gamma |a - b|^2)``, ``a'b``, ``(gamma a'b + coef0)^degree``, ``tanh(gamma a'b +
    coef0)`` (Chang and Lin 2011, ACM TIST 2(3), 27, section 2)."""

    name: str
    gamma: float = 1.0
    degree: float = 3.0
    coef0: float = 0.0

    @property
    def convex(self) -> bool:
        """Whether it is positive semidefinite on any data, so that an optimum is a global one.

        A polynomial with a negative ``coef0`` need not be, nor is a sigmoid.
        """
        return self.name in ("rbf", "linear") or (self.name == "poly" and self.coef0 >= 0)

    def matrix(self, a: Floats, b: Floats) -> Floats:
        """Values of all pairs of rows, shape ``[len(a), len(b)]``."""
        if self.name == "rbf":
            return np.asarray(np.exp(-self.gamma * cdist(a, b, "sqeuclidean")))
        products = a @ b.T
        if self.name == "linear":
            return np.asarray(products)
        inner = self.gamma * products + self.coef0
        return np.asarray(np.tanh(inner) if self.name == "sigmoid" else inner**self.degree)

    def weighted(self, a: Floats, b: Floats, weights: Floats) -> Floats:
        """``matrix(a, b) @ weights``, a few rows of ``a`` at a time; weights ``[len(b), ...]``."""
        if self.name == "linear":
            return np.asarray(a @ (b.T @ weights))
        used = np.flatnonzero(np.abs(weights).reshape(len(b), -1).any(axis=1))
        near, kept = b[used], weights[used]
        out = np.zeros((len(a), *weights.shape[1:]))
        step = max(1, _VALUES // max(1, len(used)))
        for start in range(0, len(a), step):
            rows = slice(start, start + step)
            out[rows] = self.matrix(a[rows], near) @ kept
        return out


def kernel_of(params: Mapping[str, Scalar], x_train: Floats) -> Kernel:
    """The kernel of a case; ``gamma`` "scale" is 1 / (d X.var()) and "auto" 1 / d."""
    gamma = params["gamma"]
    if gamma == "scale":
        variance = float(x_train.var())
        gamma = 1.0 / (x_train.shape[1] * variance) if variance != 0 else 1.0
    elif gamma == "auto":
        gamma = 1.0 / x_train.shape[1]
    name, degree, coef0 = (params[key] for key in ("kernel", "degree", "coef0"))
    return Kernel(str(name), float(gamma), float(degree), float(coef0))
