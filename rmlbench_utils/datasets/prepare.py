"""Split and scaling, decided once for both sides and written as safetensors files."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from rmlbench_utils.datasets import examples, network_data
from rmlbench_utils.datasets.card import Floats, Table
from rmlbench_utils.datasets.catalogue import check_name, load
from rmlbench_utils.datasets.classes import check_training
from rmlbench_utils.datasets.csv import PREFIXES
from rmlbench_utils.datasets.files import Prepared, file_digest, replace, store
from rmlbench_utils.datasets.split import split_of
from rmlbench_utils.protocol.base import digest

WINDOWS = 4
_RECIPE = 3  # counts up when the same arguments would make other files
_LOG = logging.getLogger(__name__)


def prepare(dataset: str, split: int, seed: int, folds: int, cache: Path) -> Prepared:
    """The dataset, split 80/20 and standardised on its training rows, as files in ``cache``.

    The same arguments give the same files; they are made once, and made again with a notice
    where one is damaged. A column without variance in the training rows is left at 0.

    Raises
    ------
    UsageError
        If there is no such dataset, the user's file is not usable, or a class has too few rows.
    Unavailable
        If the dataset cannot be had here.
    """
    check_name(dataset)
    cache.mkdir(parents=True, exist_ok=True)
    content = ""
    table = held = None
    if dataset.startswith(PREFIXES):
        table = load(dataset, folds)
        content = table.sha256
    elif dataset.startswith(network_data.OWN):
        held = network_data.load(dataset)
        content = held.sha256
    key = digest([_RECIPE, dataset, content, split, seed, folds])
    index = cache / f"{key}.json"
    known = _read(index)
    if known is not None:
        return known
    if network_data.known(dataset):
        held = held or network_data.load(dataset)
        prepared = examples.write(dataset, held, split, seed, folds, cache)
    else:
        table = table or load(dataset, folds)
        prepared = _write(dataset, table, split, seed, folds, cache)
    replace(index, prepared.model_dump_json(indent=1).encode())
    return prepared


def _read(index: Path) -> Prepared | None:
    """What was prepared before, if its files are still what they were."""
    if not index.exists():
        return None
    try:
        prepared = Prepared.model_validate_json(index.read_bytes())
    except ValidationError:
        _LOG.warning("the cached index %s is damaged and is made again", index.name)
        return None
    for ref in (prepared.train, prepared.inputs, prepared.truth):
        path = Path(ref.path)
        if not path.exists():
            _LOG.warning("the cached file %s is gone and is made again", path.name)
            return None
        if file_digest(path) != ref.sha256:
            _LOG.warning("the cached file %s is damaged and is made again", path.name)
            return None
    return prepared


def _write(dataset: str, table: Table, split: int, seed: int, folds: int, cache: Path) -> Prepared:
    n, d = table.x.shape
    train, test, fold, shuffled = split_of(n, split, seed, folds)
    m = len(test)
    check_training(dataset, split, table.classes, table.y[train])
    x_train, x_test = standardised(table.x[train], table.x[test])
    starts = np.arange(WINDOWS) * m // WINDOWS
    windows = np.stack([starts, starts + m], axis=1).astype(np.int64)
    rotation = np.stack([np.roll(shuffled, -start) for start in starts]).astype(np.int64)
    files = {
        "train": {"x_train": x_train, "y_train": table.y[train], "fold": fold},
        "inputs": {"x": x_test[np.tile(shuffled, 2)], "windows": windows},
        "truth": {"y": table.y[test], "x_test": x_test, "rotation": rotation},
    }
    refs = {name: store(cache, tensors) for name, tensors in files.items()}
    return Prepared(
        train=refs["train"],
        inputs=refs["inputs"],
        truth=refs["truth"],
        dataset=dataset,
        split=split,
        seed=seed,
        folds=folds,
        digest=table.sha256,
        rows=n,
        train_rows=n - m,
        test_rows=m,
        columns=d,
        names=list(table.names),
        encodings=table.encodings,
        notes=list(table.notes),
        classes=list(table.classes),
    )


def standardised(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Both with the training rows' mean 0 and standard deviation 1 (ddof 0), in place."""
    mean, scale = train.mean(axis=0), train.std(axis=0)
    varies = (np.ptp(train, axis=0) > 0) & (scale > 0)
    scale[~varies] = 1.0
    for x in (train, test):
        x -= mean
        x /= scale
        x[:, ~varies] = 0.0
    return train, test
