"""Files downloaded once by pooch, checked against a digest that others pin."""

from __future__ import annotations

from pathlib import Path

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException, Timeout

from rmlbench_utils.datasets.card import Card, Unavailable
from rmlbench_utils.protocol.root import project_root

TIMEOUT_S = 5.0


def downloaded(card: Card, address: str, sha256: str) -> Path:
    """The file at an address, from ``.cache/downloads`` where it was had before.

    Raises
    ------
    Unavailable
        Without a network, or if what came is another file.
    """
    folder = project_root() / ".cache" / "downloads" / card.name
    import pooch  # it warns on import in a notebook, and few ever download

    fetch = pooch.HTTPDownloader(timeout=TIMEOUT_S)
    name = address.rpartition("/")[2]
    try:
        path = pooch.retrieve(address, f"sha256:{sha256}", name, folder, downloader=fetch)
    except (NoConnection, Timeout) as error:
        host = address.split("/")[2]
        raise Unavailable(
            f"{card.name}: {name} is downloaded once and {host} cannot be reached: "
            "run where there is a network"
        ) from error
    except (RequestException, OSError, ValueError) as error:
        raise Unavailable(f"{card.name}: what was downloaded is refused ({error})") from error
    return Path(path)
