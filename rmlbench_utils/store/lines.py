"""Record lines on disk: validated when read, a torn last line recovered and reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import zstandard
from pydantic import ValidationError

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.errors import UsageError

M = TypeVar("M", bound=Model)
READ = 64 << 10  # bytes of a file read at a time


def read_lines(path: Path, kind: type[M]) -> tuple[list[M], str | None]:
    """Read one model a line from ``path`` (plain, or zstd if it ends in ``.zst``).

    Returns
    -------
    list
        The models.
    str or None
        A notice if the last line was torn (no line end) and left out.

    Raises
    ------
    UsageError
        If any other line is not a record of this schema, naming file and line.
    """
    data = b"".join(unpacked(path))
    whole, torn = _split(data)
    models = []
    for number, line in enumerate(whole, start=1):
        models.append(read_line(line, kind, f"{path.name} line {number}"))
    notice = f"{path.name}: a torn last line of {len(torn)} bytes was left out" if torn else None
    return models, notice


def read_line(line: bytes, kind: type[M], where: str) -> M:
    """One model from its line; ``where`` names the line if it is no such model."""
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise UsageError(
            f"{where} is no {kind.__name__}: {fault(error, 'the line')}; "
            "the recording is damaged, take a whole copy of it"
        ) from error


def fault(error: ValidationError, whole: str) -> str:
    """The first fault in words: field, what is allowed and what an unlisted value is."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or whole
    given = f", not {first['input']!r}" if first["type"] == "literal_error" else ""
    return f"{where}: {first['msg'].lower()}{given}"


def whole_bytes(path: Path) -> int:
    """Number of bytes up to the last line end: what survives a kill."""
    data = path.read_bytes()
    return data.rfind(b"\n") + 1


def pack(source: Path, target: Path) -> None:
    """Compress a line file, so that a kill at any moment leaves one whole file."""
    part = target.with_suffix(target.suffix + ".part")
    with source.open("rb") as reader, part.open("wb") as writer:
        zstandard.ZstdCompressor(level=19, write_checksum=True).copy_stream(reader, writer)
    part.replace(target)
    source.unlink()


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in pieces; out of its zstd frames if its name ends in ``.zst``.

    Raises
    ------
    UsageError
        If it is no zstd file, or ends inside a frame.
    """
    with path.open("rb") as file:
        if path.suffix != ".zst":
            yield from iter(lambda: file.read(READ), b"")
            return
        frame = None  # the decompressor of the frame that is being read
        try:
            while rest := file.read(READ):
                while rest:
                    frame = frame or zstandard.ZstdDecompressor().decompressobj()
                    yield frame.decompress(rest)
                    rest = frame.unused_data if frame.eof else b""
                    frame = None if frame.eof else frame
        except zstandard.ZstdError as error:
            raise UsageError(
                f"{path.name} is no zstd file ({error}): take a whole copy of it"
            ) from error
    if frame is not None or not path.stat().st_size:
        raise UsageError(f"{path.name} is cut off: take a whole copy of it")


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    *whole, torn = data.split(b"\n")
    return whole, torn
