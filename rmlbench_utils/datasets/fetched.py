"""Data that scikit-learn downloads once: from the cache, else over the network, else not at all."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.error import URLError

import numpy as np
from sklearn.utils import Bunch

from rmlbench_utils.datasets.card import Card, Floats, Unavailable
from rmlbench_utils.protocol.root import project_root

TIMEOUT_S = 5.0


def fetched(card: Card, fetch: Callable[..., Bunch]) -> tuple[Bunch, Floats]:
    """What a fetcher of scikit-learn gives, and its columns as float64 [n, d] in C order.

    Raises
    ------
    Unavailable
        Without a network, or if what came is not of the card's shape.
    """
    home = project_root() / ".cache" / "scikit-learn"
    try:
        with _short_timeout(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Retry downloading")
            bunch = fetch(data_home=home, n_retries=1, delay=0.01)
    except (URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise Unavailable(
            f"{card.name}: it is downloaded once and the network cannot be reached ({reason}): "
            "run where there is one"
        ) from error
    except OSError as error:
        raise Unavailable(f"{card.name}: what was downloaded is refused ({error})") from error
    x = np.ascontiguousarray(bunch.data, dtype=np.float64)
    if x.shape != (card.rows, card.columns):
        wanted = (card.rows, card.columns)
        raise Unavailable(f"{card.name}: it has the shape {x.shape}, not {wanted}")
    return bunch, x


@contextmanager
def _short_timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
