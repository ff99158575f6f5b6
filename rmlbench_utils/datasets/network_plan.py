"""What a training begins from and which rows each step takes, decided once for all sides."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from rmlbench_utils.datasets.files import Prepared, index_files, indexed, store
from rmlbench_utils.datasets.pretrained import weights_file
from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import FileRef

VALIDATION = 500  # rows kept out of every step where training is evaluated
SHIFT = 2  # pixels by which augmentation moves an image at most
_RECIPE = 1  # counts up when the same arguments would make other files
_WIDTHS = ("hidden_size", "embedding_size")
Program = list[str]  # the words that run a module of ours where torch is


@dataclass(frozen=True)
class Start:
    """The files of a training: rows, and initial weights with the plan of the steps."""

    train: FileRef
    weights: FileRef


def start(
    algorithm: str,
    params: dict[str, Any],
    prepared: Prepared,
    seed: int,
    python: Program,
    cache: Path,
) -> Start:
    """The start of a case's training from a seed, made once.

    Parameters
    ----------
    python
        The words that start the Python of the environment where torch is.

    Raises
    ------
    UsageError
        If there are fewer training rows than a batch has.
    """
    key = digest([_RECIPE, algorithm, params, prepared.train.sha256, seed])
    index = cache / f"start-{key}.json"
    if known := indexed(index):
        return Start(**known)
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 5])))
    order, validation = steps(params, prepared.train_rows, random)
    train = prepared.train
    if params["augment"]:
        train, order = _augmented(prepared, order, validation, random, cache)
        validation = np.arange(len(validation), dtype=np.int64)
    tensors = initial(algorithm, params, prepared, seed, python)
    tensors["plan.order"] = order
    tensors["plan.rate"] = rates(params)
    tensors["plan.validation"] = validation
    tensors["plan.outputs"] = np.array([prepared.outputs], dtype=np.int64)
    found = Start(train, store(cache, tensors))
    index_files(index, {"train": found.train, "weights": found.weights})
    return found


def steps(
    params: dict[str, Any], rows: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of each step ``[steps, batch]``, and rows that no step takes.

    Every epoch is a fresh order of all rows; what is left of it after whole batches is dropped, as
    ``DataLoader(drop_last=True)`` does.

    Raises
    ------
    UsageError
        If there are fewer rows than a batch has.
    """
    shuffled = random.permutation(rows)
    kept = min(VALIDATION, rows // 4) if params["evaluate_every"] else 0
    validation, learned = np.sort(shuffled[:kept]), shuffled[kept:]
    batch, count = params["batch_size"], params["steps"]
    if batch > len(learned):
        raise UsageError(
            f"batch_size is {batch}: it must be at most {len(learned)}, the rows to train on"
        )
    each = len(learned) // batch
    epochs = [
        random.permutation(learned)[: each * batch].reshape(each, batch)
        for _ in range(-(-count // each))
    ]
    return np.concatenate(epochs)[:count].astype(np.int64), validation.astype(np.int64)


def rates(params: dict[str, Any]) -> NDArray[np.float64]:
    """The learning rate of each step.

    ``constant``; ``step``, a tenth from half of the steps on and a hundredth from three quarters
    (He et al., CVPR 2016); ``cosine``, half a cosine from all to nothing (Loshchilov and Hutter,
    ICLR 2017).
    """
    count, rate = params["steps"], params["learning_rate"]
    done = np.arange(count) / count
    match params["schedule"]:
        case "step":
            return rate * np.where(done < 0.5, 1.0, np.where(done < 0.75, 0.1, 0.01))
        case "cosine":
            return rate * (1 + np.cos(np.pi * done)) / 2
        case _:
            return np.full(count, float(rate))


def initial(
    algorithm: str, params: dict[str, Any], prepared: Prepared, seed: int, python: Program
) -> dict[str, np.ndarray]:
    """Initial weights, by name: torch's, or those that somebody trained where there are any."""
    request = {
        "algorithm": algorithm,
        "params": {**{name: params[name] for name in _WIDTHS if name in params}, "dropout": 0.0},
        "shape": prepared.shape,
        "outputs": prepared.outputs,
        "vocabulary": prepared.vocabulary,
        "every_step": prepared.every_step,
        "seed": seed,
        "pretrained": str(weights_file(algorithm, prepared) or ""),
    }
    with tempfile.TemporaryDirectory() as folder:
        asked, out = Path(folder, "request.json"), Path(folder, "out.safetensors")
        asked.write_text(json.dumps(request))
        module = "rmlbench_utils.contenders.torch_start"
        subprocess.run([*python, "-m", module, str(asked), str(out)], check=True)
        return load_file(out)


def _augmented(
    prepared: Prepared,
    order: NDArray[np.int64],
    validation: NDArray[np.int64],
    random: np.random.Generator,
    cache: Path,
) -> tuple[FileRef, NDArray[np.int64]]:
    """Rows after augmentation, those of validation first and as they are, and their order.

    Each image of each step is moved by up to 2 pixels each way, the edge filled with what is 0
    after scaling, and mirrored half of the time.
    """
    train = load_file(prepared.train.path)
    x, y = train["x_train"], train["y_train"]
    if x.ndim != 4:
        raise UsageError("augment is true: it is for images [c, h, w], take it out")
    chosen = order.ravel()
    moved = np.stack([_moved(image, random) for image in x[chosen]])
    files = {
        "x_train": np.concatenate([x[validation], moved]),
        "y_train": np.concatenate([y[validation], y[chosen]]),
    }
    first = len(validation)
    return store(cache, files), np.arange(first, first + len(chosen)).reshape(order.shape)


def _moved(image: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    down, right, mirrored = (*random.integers(0, 2 * SHIFT + 1, size=2), random.random() < 0.5)
    wide = np.pad(image, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    cut = wide[:, down : down + image.shape[1], right : right + image.shape[2]]
    return np.ascontiguousarray(cut[:, :, ::-1] if mirrored else cut)
