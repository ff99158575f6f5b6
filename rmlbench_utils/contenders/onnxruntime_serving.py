"""onnxruntime from Python, serving models that scikit-learn fitted and skl2onnx converted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as kernels

from rmlbench_utils.worker import svm
from rmlbench_utils.worker.channel import Fault

VERSION = onnxruntime.__version__
ERRORS_ONLY = 3
_TYPES = {"tensor(double)": np.float64, "tensor(float)": np.float32}


@dataclass(frozen=True)
class Model:
    """A session, the type its input wants, and the names of its outputs: answer, then scores."""

    session: onnxruntime.InferenceSession
    wanted: Any
    outputs: tuple[str, ...]


def session(model: bytes, threads: int) -> onnxruntime.InferenceSession:
    """A session of the bytes of a model.

    Raises
    ------
    Fault
        If they are no model that the library can run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # skl2onnx states another width of the scores than they have, of which every call warns.
    options.log_severity_level = ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises types of its own, without a base
        said = str(error).splitlines()[0]
        raise Fault("data", "model", f"{len(model)} bytes", said) from error


class _Served:
    """A model asked as a user of onnxruntime would."""

    DEFAULTS: ClassVar[dict[str, Any]]

    def __init__(self, **params: Any) -> None:
        self.check(params)

    def check(self, params: dict[str, Any]) -> None:
        """Refuse hyper-parameters that no such model can have been fitted with."""

    def load(self, model: bytes, threads: int) -> Model:
        """A session of the bytes of a model."""
        made = session(model, threads)
        wanted = _TYPES[made.get_inputs()[0].type]
        return Model(made, wanted, tuple(output.name for output in made.get_outputs()))

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        return _asked(model, 0, x).ravel()


class _Kernel(_Served):
    """A regression machine."""

    def check(self, params: dict[str, Any]) -> None:
        svm.check(params)


class _Classifier(_Kernel):
    """A machine of classes, one against one."""

    def check(self, params: dict[str, Any]) -> None:
        super().check(params)
        if params["probability"]:
            raise Fault("unsupported", "probability", True, "the model served gives decisions only")

    def decision(self, model: Model, x: np.ndarray) -> np.ndarray:
        """One value a pair (m x k (k - 1) / 2), above 0 for the first class of the pair.

        Of two classes the model gives two columns of one value: scikit-learn's, which is above 0
        for the second class, and its negative, which is the one wanted.
        """
        return _second_of_two(_asked(model, 1, x))


class Linear(_Served):
    DEFAULTS: ClassVar[dict[str, Any]] = {"solver": "lstsq", "fit_intercept": True}


class Ridge(_Served):
    DEFAULTS: ClassVar[dict[str, Any]] = {"alpha": 1.0, "solver": "cholesky", "fit_intercept": True}


class Lasso(_Served):
    DEFAULTS: ClassVar[dict[str, Any]] = {
        "alpha": 1.0,
        "tol": 1e-4,
        "max_iter": 1000,
        "fit_intercept": True,
    }


class ElasticNet(_Served):
    DEFAULTS: ClassVar[dict[str, Any]] = {"l1_ratio": 0.5, **Lasso.DEFAULTS}


class Svc(_Classifier):
    DEFAULTS = svm.SVC


class NuSvc(_Classifier):
    DEFAULTS = svm.NUSVC


class Svr(_Kernel):
    DEFAULTS = svm.SVR


class NuSvr(_Kernel):
    DEFAULTS = svm.NUSVR


class LinearSvc(_Served):
    DEFAULTS = svm.LINEARSVC

    def check(self, params: dict[str, Any]) -> None:
        svm.check(params, ("squared_hinge", "hinge"))

    def decision(self, model: Model, x: np.ndarray) -> np.ndarray:
        """One value a class (m x k), or of two classes one, above 0 for the second (m x 1)."""
        return _second_of_two(_asked(model, 1, x))


class LinearSvr(_Served):
    DEFAULTS = svm.LINEARSVR

    def check(self, params: dict[str, Any]) -> None:
        svm.check(params, ("epsilon_insensitive", "squared_epsilon_insensitive"))


def _second_of_two(scores: np.ndarray) -> np.ndarray:
    """Scores [m, p] in float64; of two columns, one the negative of the other, the second."""
    wanted = scores[:, 1:] if scores.shape[1] == 2 else scores
    return np.ascontiguousarray(wanted, dtype=np.float64)


def _asked(model: Model, output: int, x: np.ndarray) -> np.ndarray:
    """One output of the model for the rows ``x [m, d]``, in the type the model wants."""
    rows = {"x": x.astype(model.wanted, copy=False)}
    try:
        return model.session.run([model.outputs[output]], rows)[0]
    except Exception as error:  # as above
        said = str(error).splitlines()[0]
        raise Fault("data", "x", f"{x.shape[0]} x {x.shape[1]}", said) from error


ALGORITHMS: dict[str, type[_Served]] = {
    "linear": Linear,
    "ridge": Ridge,
    "lasso": Lasso,
    "elastic_net": ElasticNet,
    "svc": Svc,
    "nusvc": NuSvc,
    "svr": Svr,
    "nusvr": NuSvr,
    "linearsvc": LinearSvc,
    "linearsvr": LinearSvr,
}


def facts() -> dict[str, Any]:
    """Kernel library and versions, for the fairness check."""
    with open(kernels.__file__, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "blas": [f"MLAS of onnxruntime {VERSION}"],
        "blas_kernel": ["chosen at run time by MLAS"],
        "cpu_features": "chosen at run time by onnxruntime",
        "libraries": {"onnxruntime": VERSION, "numpy": np.__version__},
        "kernel_library": {"path": kernels.__file__, "sha256": sha256},
        "kernel_build": onnxruntime.get_build_info(),
        "program": "the ONNX file of the case",
        "notes": [
            "a model of regression or SVM is scikit-learn's, converted by skl2onnx; its kernel "
            "machines compute in float32, and the rows are converted to it inside predict",
            "values are not checked to be finite: onnxruntime does not look",
        ],
    }
