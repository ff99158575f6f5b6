"""What importing torch takes, part by part: CUDA's libraries, libtorch_cpu, and the rest.

``.venvs/torch``'s Python runs this: ``python -m rmlbench_utils.contenders.torch_parts``. It prints
one JSON list of ``[part, ns, resident bytes]``, beginning with the monotonic clock and the memory
of the interpreter when it got here.
"""

import time

MAIN_NS = time.monotonic_ns()

import ctypes  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402

LIBRARIES = (("libtorch_cpu", "libtorch_cpu.so"), ("CUDA libraries", "libtorch_cuda.so"))


def resident() -> int:
    """Resident set size in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> int:
    """Load one part after the other."""
    told: list[tuple[str, int, int]] = [("interpreter", MAIN_NS, resident())]
    spec = find_spec("torch")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "lib"
    for part, name in LIBRARIES:
        if (folder / name).exists():  # a build for the CPU has no libtorch_cuda
            told.append(_loaded(part, lambda at=folder / name: ctypes.CDLL(at, ctypes.RTLD_GLOBAL)))
    told.append(_loaded("rest of torch", lambda: __import__("torch")))
    told.append(_loaded("first optimiser", _optimiser))
    print(json.dumps(told))
    return 0


def _optimiser() -> None:
    """Make one, for which torch imports what it had left out."""
    import torch

    torch.optim.SGD([torch.zeros(1)], 0.1)


def _loaded(part: str, load: object) -> tuple[str, int, int]:
    memory, begin = resident(), time.monotonic_ns()
    load()  # type: ignore[operator]
    return part, time.monotonic_ns() - begin, resident() - memory


if __name__ == "__main__":
    sys.exit(main())
