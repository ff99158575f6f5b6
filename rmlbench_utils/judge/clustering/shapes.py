"""Are a clustering worker's outputs what the protocol asks for?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.protocol.case import Case


class Tensor(NamedTuple):
    """A wanted tensor: None in ``shape`` is any length; ``least`` and ``most`` are allowed."""

    shape: tuple[int | None, ...]
    whole: bool = False
    needed: bool = True
    least: int = 0
    most: int | None = None


def wanted(case: Case, n: int, d: int, windows: tuple[int, int]) -> dict[str, Tensor]:
    """The outputs of a case on ``n`` training rows and ``d`` columns, by name.

    What a library does not tell may be left out, but never the labels, nor what the harness
    computes the objective from.

    ``windows`` is the shape of the predictions.
    """
    found = {"labels": Tensor((n,), whole=True, most=n - 1)}
    match case.algorithm:
        case "kmeans":
            k = int(case.params["n_clusters"])
            found |= _predicting(k, n, windows)
            found |= {"centres": Tensor((k, d)), "inertia": Tensor((1,), needed=False)}
        case "gaussian_mixture":
            k = int(case.params["n_components"])
            kind = str(case.params["covariance_type"])
            shapes = {"full": (k, d, d), "tied": (d, d), "diag": (k, d), "spherical": (k,)}
            found |= _predicting(k, n, windows)
            found |= {"weights": Tensor((k,)), "means": Tensor((k, d))}
            found |= {"covariances": Tensor(shapes[kind])}
            found["log_likelihood"] = Tensor((1,), needed=False)
            found["objective"] = Tensor((None,), needed=False)
        case "dbscan":
            found["labels"] = Tensor((n,), whole=True, least=-1, most=n - 1)
            found["core"] = Tensor((None,), whole=True, needed=False, most=n - 1)
        case "agglomerative":
            found["heights"] = Tensor((n - 1,), needed=False)
            found["children"] = Tensor((n - 1, 2), whole=True, needed=False, most=2 * n - 2)
        case "spectral":
            k = int(case.params["n_clusters"])
            found["labels"] = Tensor((n,), whole=True, most=k - 1)
            found["eigenvalues"] = Tensor((k,), needed=False)
            found["embedding"] = Tensor((n, k), needed=False)
    return found


def _predicting(k: int, n: int, windows: tuple[int, int]) -> dict[str, Tensor]:
    return {
        "labels": Tensor((n,), whole=True, most=k - 1),
        "n_iter": Tensor((1,), whole=True, needed=False),
        "predictions": Tensor(windows, most=k - 1),
    }


def malformed(outputs: Tensors, tensors: dict[str, Tensor]) -> str | None:
    """The first thing wrong with the outputs, in words; None if nothing is."""
    for name, tensor in tensors.items():
        if name in outputs:
            wrong = _wrong(name, outputs, tensor)
            if wrong:
                return wrong
        elif tensor.needed:
            there = ", ".join(sorted(outputs)) or "nothing"
            return f"{name} is missing, the outputs hold {there}"
    return None


def _wrong(name: str, outputs: Tensors, tensor: Tensor) -> str | None:
    given = outputs[name]
    kind = np.dtype(np.int64 if tensor.whole else np.float64)
    if given.dtype != kind:
        return f"{name} is {given.dtype}, it must be {kind}"
    fits = len(given.shape) == len(tensor.shape) and all(
        want in (None, have) for want, have in zip(tensor.shape, given.shape, strict=True)
    )
    if not fits:
        shape = ["any" if want is None else want for want in tensor.shape]
        return f"{name} has shape {list(given.shape)}, it must be {shape}"
    wrong = int((~np.isfinite(given)).sum())
    if wrong:
        return f"{name} has {wrong} of {given.size} values that are not finite"
    if tensor.most is not None and given.size:
        low, high = float(given.min()), float(given.max())
        if low < tensor.least or high > tensor.most:
            allowed = f"{tensor.least} to {tensor.most}"
            return f"{name} goes from {low:g} to {high:g}, allowed is {allowed}"
    return None
