"""A worker that misbehaves in the way its first argument names; ``honest`` does not."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

MAIN_NS = time.monotonic_ns()
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np  # noqa: E402

from rmlbench_utils.contenders import own_python_regression as honest  # noqa: E402
from rmlbench_utils.worker import frameworks, session  # noqa: E402
from rmlbench_utils.worker.channel import Channel  # noqa: E402

MODE = sys.argv[1]


class Hostile(Channel):
    """Bends the events on their way out."""

    def send(self, event: dict) -> None:
        kind = event["event"]
        if MODE == "exits" and kind == "phase_end":
            os._exit(1)
        if MODE == "killed" and kind == "phase_end":
            os.kill(os.getpid(), signal.SIGSEGV)
        if MODE == "hangs" and kind == "inputs_wanted":
            time.sleep(3600)
        if MODE == "floods" and kind == "phase_end":
            while True:
                os.write(self._descriptor, b'{"event": "progress", "done": 1, "total": 2}\n' * 999)
        if MODE == "garbage" and kind == "phase_end":
            os.write(self._descriptor, b"\xff\x00 not json\n")
        if MODE == "no_result" and kind == "result":
            return
        if MODE == "wrong_digest" and kind == "result":
            event = {**event, "sha256": "0" * 64}
        if MODE == "claims_threads" and kind == "ready":
            event = {**event, "threads": 7}
        if MODE == "lies_times" and kind in ("phase_end", "sample") and event["phase"] == "fit":
            event = json.loads(json.dumps(event), parse_int=lambda n: int(n) // 2)
        if MODE == "lies_samples" and kind == "sample":
            event = {**event, "ns": [ns // 2 for ns in event["ns"]]}
        if MODE == "eats_memory" and kind == "phase_end":
            hoard = []
            while True:
                hoard.append(np.ones(1 << 22))
        super().send(event)


def _busy_threads() -> None:
    """Four threads of float work that let go of the interpreter lock."""
    x = np.random.default_rng(0).standard_normal(1 << 20)

    def spin(until: float) -> None:
        while time.monotonic() < until:
            np.sort(x)

    threads = [threading.Thread(target=spin, args=(time.monotonic() + 0.8,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Model(honest.Ridge):
    """Ridge, but for what MODE says."""

    seen: np.ndarray | None = None

    def fit(self, x: np.ndarray, y: np.ndarray) -> honest.Model:
        if MODE == "uses_threads" and Model.seen is None:
            Model.seen = y
            _busy_threads()
        if MODE == "float32":
            single = super().fit(x.astype(np.float32), y.astype(np.float32))
            return honest.Model(single.coefficients.astype(np.float64), single.intercept)
        model = super().fit(x, y)
        if MODE == "cached":
            Model.seen = super().predict(model, x)
        if MODE == "mean":
            return honest.Model(np.zeros(x.shape[1]), float(y.mean()))
        return model

    def predict(self, model: honest.Model, x: np.ndarray) -> np.ndarray:
        if MODE == "cached" and Model.seen is not None:
            return np.resize(Model.seen, len(x))
        answer = super().predict(model, x)
        if MODE == "lies_predictions":
            return answer * 1.001
        if MODE == "nan":
            return np.where(np.arange(len(x)) == 3, np.nan, answer)
        if MODE == "wrong_shape":
            return answer[:-1]
        return answer


def main() -> None:
    frameworks.FRAMEWORKS["hostile"] = frameworks.FRAMEWORKS["own-python"]
    honest.ALGORITHMS["ridge"] = Model
    if sys.argv[2:] == ["--list"]:
        print(json.dumps({**frameworks.listing("own-python"), "framework": "hostile"}))
        return
    private = Channel.take()
    session.run("hostile", Hostile(private._descriptor), MAIN_NS)


if __name__ == "__main__":
    main()
