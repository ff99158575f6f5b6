"""What several tests of networks' data need."""

from __future__ import annotations

import io
import tarfile

import pytest

from rmlbench_utils.datasets import Unavailable, network_data

DOWNLOADED = ("mnist", "cifar10", "cifar100")
FROM_REGISTRY = ("sentiment", "sentences_characters", "sentences_words")


def had(name: str):
    """A dataset, or the reason why it cannot be had here."""
    try:
        return network_data.load(name)
    except Unavailable as error:
        pytest.skip(str(error))


def tar(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return held.getvalue()
