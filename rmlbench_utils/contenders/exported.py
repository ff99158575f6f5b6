"""The baseline's fitted model as an ONNX file, made once a case and split for all it is served to.

What a user does who trains in Python and serves elsewhere: fit scikit-learn, convert by
skl2onnx, hand over the file. None of it is timed.
"""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError
from safetensors.numpy import load_file

from rmlbench_utils.contenders import sklearn_regression, sklearn_svm
from rmlbench_utils.datasets.files import Prepared, file_digest, replace, store
from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import FileRef

MODEL = "model"
# The oldest sets with every operator used here: what most runtimes read.
OPSETS = {"": 15, "ai.onnx.ml": 1}
# onnxruntime has SVMRegressor in float32 only, and SVMClassifier computes in it whatever it is
# given; the linear forms are a float64 matrix product.
IN_FLOAT32 = ("svc", "nusvc", "svr", "nusvr")
_ALGORITHMS: dict[str, Any] = {**sklearn_regression.ALGORITHMS, **sklearn_svm.ALGORITHMS}
_OPTIONS: dict[str, dict[str, bool]] = {
    "svc": {"zipmap": False},
    "nusvc": {"zipmap": False},
    "linearsvc": {"raw_scores": True},
}
_RECIPE = 1  # counts up when the same arguments would make another model


def model_file(case: Case, prepared: Prepared, cache: Path) -> FileRef:
    """The model of a case and split, ``model`` uint8, as a file in ``cache``: made once."""
    versions = [version(package) for package in ("scikit-learn", "skl2onnx", "onnx")]
    problem = [_RECIPE, case.algorithm, case.params, prepared.train.sha256, versions]
    index = cache / f"model-{digest(problem)}.json"
    known = _read(index)
    if known is not None:
        return known
    train = load_file(prepared.train.path)
    content = exported(case.algorithm, case.params, train["x_train"], train["y_train"])
    made = store(cache, {MODEL: np.frombuffer(content, dtype=np.uint8)})
    replace(index, made.line().encode())
    return made


def exported(algorithm: str, params: dict[str, Any], x: np.ndarray, y: np.ndarray) -> bytes:
    """scikit-learn, fitted on ``x [n, d]`` and ``y [n]``, as the bytes of an ONNX model.

    Its input is ``x [m, d]``, float64 where the operators take it and float32 where not. The
    first output is the answer: values ``[m, 1]``, or labels int64 ``[m]``; of classifiers the
    second has their scores, as skl2onnx lays them out. The same arguments give the same bytes.
    """
    # Only a case that serves pays for importing the converter.
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    kind_of = _ALGORITHMS[algorithm]
    contender = kind_of(**{**kind_of.DEFAULTS, **params})
    model = contender.fit(x, getattr(contender, "targets", lambda y: y)(y))
    kind = FloatTensorType if algorithm in IN_FLOAT32 else DoubleTensorType
    options = {id(model): _OPTIONS[algorithm]} if algorithm in _OPTIONS else None
    with warnings.catch_warnings():
        # The converter reads attributes of Platt scaling that scikit-learn 1.9 deprecates.
        warnings.simplefilter("ignore", FutureWarning)
        converted = to_onnx(
            model,
            initial_types=[("x", kind([None, x.shape[1]]))],
            options=options,
            target_opset=OPSETS,
            name=algorithm,
        )
    return bytes(converted.SerializeToString(deterministic=True))


def _read(index: Path) -> FileRef | None:
    """What was made before, if its file is still what it was."""
    if not index.exists():
        return None
    try:
        known = FileRef.model_validate_json(index.read_bytes())
    except ValidationError:
        return None
    path = Path(known.path)
    return known if path.exists() and file_digest(path) == known.sha256 else None
