"""A worker that calls a nearest-centroid classifier a support vector machine."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

MAIN_NS = time.monotonic_ns()
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402

from rmlbench_utils.contenders import own_python_svm  # noqa: E402
from rmlbench_utils.worker import frameworks, session  # noqa: E402
from rmlbench_utils.worker.channel import Channel  # noqa: E402

Centres = tuple[np.ndarray, np.ndarray]


class Centroids(own_python_svm.Svc):
    """The class with the nearest mean; decision values from the distances, so that they agree."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> Centres:
        labels = np.unique(y)
        return labels, np.stack([x[y == label].mean(axis=0) for label in labels])

    def predict(self, model: Centres, x: np.ndarray) -> np.ndarray:
        labels, centres = model
        return labels[((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)]

    def decision(self, model: Centres, x: np.ndarray) -> np.ndarray:
        apart = ((x[:, None] - model[1]) ** 2).sum(axis=2)
        first, second = np.triu_indices(len(model[0]), 1)
        return apart[:, second] - apart[:, first]

    def attributes(self, model: Centres) -> dict[str, np.ndarray]:
        return {}

    def probabilities(self, model: Centres, x: np.ndarray) -> None:
        return None

    def trace(self, model: Centres, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        return {}


def main() -> None:
    frameworks.FRAMEWORKS["centroid"] = frameworks.FRAMEWORKS["own-python"]
    own_python_svm.ALGORITHMS["svc"] = Centroids
    if sys.argv[1:] == ["--list"]:
        print(json.dumps({**frameworks.listing("own-python"), "framework": "centroid"}))
        return
    session.run("centroid", Channel.take(), MAIN_NS)


if __name__ == "__main__":
    main()
