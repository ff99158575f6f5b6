"""What all our own contenders in NumPy say of how they were built."""

from __future__ import annotations

from typing import Any

import numpy as np


def facts(**libraries: str) -> dict[str, Any]:
    """Kernel library and versions, for the fairness check."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "blas": [f"{blas['name']} {blas['version']}"],
        "blas_kernel": ["chosen at run time by OpenBLAS"],
        "cpu_features": "chosen at run time by OpenBLAS and NumPy",
        "libraries": {"numpy": np.__version__, **libraries},
    }
