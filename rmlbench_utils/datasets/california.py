"""California housing (Pace and Barry 1997), fetched by scikit-learn."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

import numpy as np
from sklearn.datasets import fetch_california_housing

from rmlbench_utils.datasets.card import Card, Table, Unavailable, values_digest
from rmlbench_utils.protocol.root import project_root

TIMEOUT_S = 5.0

CARD = Card(
    name="california",
    title="California housing values of the 1990 census",
    source="Pace and Barry, Sparse spatial autoregressions, Statistics and Probability Letters "
    "33 (1997) 291-297",
    licence="no licence stated (StatLib, public)",
    packaged_in="scikit-learn's fetch_california_housing (downloads)",
    rows=20640,
    columns=8,
    target="median house value in 100,000 dollars",
    problems="the target is censored at 5 (965 rows); averages per household are extreme in "
    "block groups of holiday homes; needs a network once, unavailable without",
    checked="scikit-learn checks the SHA-256 of the archive it downloads; the rows and columns "
    "are counted here",
    sha256=None,
)


def load() -> Table:
    """The data from the cache, else over the network.

    Raises
    ------
    Unavailable
        Without a network, or if what came is not the data.
    """
    home = project_root() / ".cache" / "scikit-learn"
    try:
        with _short_timeout(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Retry downloading")
            bunch = fetch_california_housing(data_home=home, n_retries=1, delay=0.01)
    except (URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise Unavailable(
            f"california: it is downloaded once and the network cannot be reached ({reason}): "
            "run where there is one"
        ) from error
    except OSError as error:
        raise Unavailable(f"california: what was downloaded is refused ({error})") from error
    x = np.ascontiguousarray(bunch.data, dtype=np.float64)
    y = np.asarray(bunch.target, dtype=np.float64)
    if x.shape != (CARD.rows, CARD.columns):
        raise Unavailable(f"california: it has the shape {x.shape}, not (20640, 8)")
    return Table(x, y, tuple(bunch.feature_names), values_digest(x, y))


@contextmanager
def _short_timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
