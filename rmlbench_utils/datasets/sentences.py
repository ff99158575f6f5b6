"""Rated sentences of movie reviews, from the source archive of vaderSentiment."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from rmlbench_utils.datasets.card import Card, Unavailable, changed
from rmlbench_utils.protocol.root import project_root

SOURCE = (
    "Hutto and Gilbert, VADER: a parsimonious rule-based model for sentiment analysis of social "
    "media text, ICWSM (2014), movieReviewSnippets_GroundTruth.txt; sentences of "
    "rotten.tomatoes.com"
)
LICENCE = "MIT (package); the sentences are quotations of reviews"
PACKAGED_IN = "vaderSentiment's source archive (pip downloads it once; its wheel lacks the file)"
SHA256 = "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350"
ARCHIVE = "vaderSentiment-3.3.2.tar.gz"
_PINNED = (
    "vaderSentiment==3.3.2 "
    "--hash=sha256:5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
)
_INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
_FILE = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
_LIMIT_S = 60.0


def sentences(card: Card) -> list[tuple[float, str]]:
    """Mean rating, from -4 to 4, and text of each sentence in the order of the file.

    Raises
    ------
    Unavailable
        If the archive cannot be had, or the file in it is another.
    """
    content = _inside(_archive(card).read_bytes())
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise changed(card, found)
    rows = [line.split("\t") for line in content.decode("utf-8").split("\r\n")]
    return [(float(rating), text) for _, rating, text in rows]


def _inside(content: bytes) -> bytes:
    """The file in the archive in the archive."""
    for member in (_INNER, _FILE):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            file = archive.extractfile(member)
            assert file is not None
            content = file.read()
    return content


def _archive(card: Card) -> Path:
    """The source archive in ``.cache/downloads``, had from the registry by pip where missing."""
    path = project_root() / ".cache" / "downloads" / ARCHIVE
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        lock = Path(folder, "sources.lock")
        lock.write_text(_PINNED, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "-q", "--retries", "0"]
        command += ["--timeout", "5", "--require-hashes", "--no-deps", "--no-binary", ":all:"]
        command += ["--no-build-isolation", "-d", folder, "-r", str(lock)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LIMIT_S)
        except subprocess.TimeoutExpired as error:
            raise _missing(card, f"no answer in {_LIMIT_S:.0f} s") from error
        except subprocess.CalledProcessError as error:
            raise _missing(card, _reason(error.stderr)) from error
        os.replace(Path(folder, ARCHIVE), path)
    return path


def _reason(told: str) -> str:
    """pip's last error."""
    errors = [line for line in told.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ") if errors else "pip failed"


def _missing(card: Card, reason: str) -> Unavailable:
    return Unavailable(
        f"{card.name}: {ARCHIVE} is downloaded once and pip cannot have it ({reason}): "
        "run where there is a registry"
    )
