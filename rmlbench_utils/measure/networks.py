"""What a network's case needs beside data: a start, the training it is held against, a model."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file

from rmlbench_utils.datasets.files import (
    Prepared,
    file_digest,
    index_files,
    indexed,
    replace,
    store,
)
from rmlbench_utils.datasets.network_plan import Start, start
from rmlbench_utils.measure import venvs
from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import FileRef
from rmlbench_utils.protocol.root import project_root

VENV = "torch"
VARIANTS = 19  # the fewest whose largest is a bound with 95 % confidence
OWN_SEEDS = 1000  # seeds of two sides that are free lie this far apart


def torch_python() -> list[str]:
    """The words that start the Python of the environment where torch is.

    Raises
    ------
    UsageError
        If there is none.
    """
    python = venvs.interpreter(project_root() / ".venvs" / VENV)
    if not python.exists():
        raise UsageError(f"torch is not installed in .venvs/{VENV}: run `rmlbench build`")
    path = os.pathsep.join([str(project_root()), os.environ.get("PYTHONPATH", "")])
    return ["env", f"PYTHONPATH={path}", str(python)]


def start_of(case: Case, prepared: Prepared, seed: int, contender: str, cache: Path) -> Start:
    """The files of a case's training from a seed; where seeds are free, a contender's own."""
    if case.free_seeds:
        seed += OWN_SEEDS * (1 + case.contenders.index(contender))
    return start(case.algorithm, case.params, prepared, seed, torch_python(), cache)


def reference_of(case: Case, begun: Start, inputs: FileRef, seed: int, cache: Path) -> FileRef:
    """torch's float64 training from a start, and `VARIANTS` float32 ones, made once."""
    files = [begun.weights.sha256, begun.train.sha256, inputs.sha256]
    key = digest([_recipe(), case.algorithm, case.params, files])
    path = cache / f"reference-{key}.safetensors"
    known = cache / f"reference-{key}.sha256"
    if not (path.exists() and known.exists() and known.read_text() == file_digest(path)):
        asked = {**_request(case, begun, inputs, seed), "variants": VARIANTS}
        _run("torch_reference", asked, path)
        replace(known, file_digest(path).encode())
    return FileRef(path=str(path), sha256=known.read_text())


@dataclass(frozen=True)
class Exported:
    """The files of a network that is served: the model, and what it says in float64."""

    model: FileRef
    answers: FileRef


def exported_of(case: Case, begun: Start, inputs: FileRef, seed: int, cache: Path) -> Exported:
    """The network that torch trains from a start, as an ONNX model, made once."""
    files = [begun.weights.sha256, begun.train.sha256, inputs.sha256]
    index = cache / f"exported-{digest([_recipe(), case.algorithm, case.params, files])}.json"
    if known := indexed(index):
        return Exported(**known)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        out = Path(folder, "exported.safetensors")
        _run("torch_exported", _request(case, begun, inputs, seed), out)
        tensors = load_file(out)
    model, logits = ({name: tensors[name]} for name in ("model", "logits"))
    found = Exported(store(cache, model), store(cache, logits))
    index_files(index, {"model": found.model, "answers": found.answers})
    return found


def _recipe() -> dict[str, str]:
    """What makes references and models: of other code, other files."""
    folder = project_root() / "rmlbench_utils" / "contenders"
    files = [*folder.glob("torch*.py"), folder / "network_terms.py"]
    return {path.name: file_digest(path) for path in sorted(files)}


def _request(case: Case, begun: Start, inputs: FileRef, seed: int) -> dict[str, Any]:
    return {
        "algorithm": case.algorithm,
        "params": case.params,
        "train": begun.train.path,
        "weights": begun.weights.path,
        "inputs": inputs.path,
        "seed": seed,
        "threads": case.threads,
    }


def _run(module: str, request: dict[str, Any], path: Path) -> None:
    """Run a module of the contenders where torch is; what it writes is put at ``path``."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        asked, out = Path(folder, "request.json"), Path(folder, "out.safetensors")
        asked.write_text(json.dumps(request))
        words = [*torch_python(), "-m", f"rmlbench_utils.contenders.{module}", str(asked), str(out)]
        subprocess.run(words, check=True)
        os.replace(out, path)
