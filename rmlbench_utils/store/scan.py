"""Records of many recordings read in little memory: validated in processes, kept in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.store.lines import read_line, unpacked
from rmlbench_utils.store.recording import Planned, outside
from rmlbench_utils.store.sources import Source

T = TypeVar("T")
Keep = Callable[[Iterator[RunRecord]], T]
CHUNK = 4 << 20  # bytes of whole lines validated at a time
SMALL = 8 << 20  # bytes on disk below which starting processes costs more than it saves
MOST = 4  # processes: each needs about 100 MB


@dataclass(frozen=True)
class Chunk:
    """Whole lines of the ``source``-th source, the first of which is line ``first``."""

    source: int
    name: str
    first: int
    data: bytes
    planned: Planned


@dataclass(frozen=True)
class Scanned(Generic[T]):
    """What was kept of a chunk, or the ``fault`` that makes its file useless."""

    source: int
    kept: T | None
    fault: str | None


def scan(sources: list[Source], keep: Keep[T]) -> Iterator[tuple[Source, Iterator[Scanned[T]]]]:
    """Each source in order, with what ``keep`` keeps of its records, chunk by chunk.

    ``keep`` runs in other processes where there is much to read: it must be a function of a
    module, and what it returns must pickle. A source always has at least one `Scanned`.
    """
    chunks: Iterator[Chunk | Scanned[T]] = (
        chunk for i, source in enumerate(sources) for chunk in _chunks(i, source)
    )
    size = sum(source.records.stat().st_size for source in sources)
    done = _in_processes(chunks, keep) if size > SMALL else (_read(c, keep) for c in chunks)
    for i, parts in groupby(done, key=lambda part: part.source):
        yield sources[i], parts


def _in_processes(chunks: Iterable[Chunk | Scanned[T]], keep: Keep[T]) -> Iterator[Scanned[T]]:
    """As many chunks at once as there are processors, as many again waiting in memory."""
    count = processes()
    waiting: deque[Future[Scanned[T]]] = deque()
    spawn = multiprocessing.get_context("spawn")  # a fork would copy DuckDB's threads' locks
    # a record holds no cycle: looking for some costs a tenth of reading it
    with ProcessPoolExecutor(count, mp_context=spawn, initializer=gc.disable) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(_read, chunk, keep))
            while len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read(chunk: Chunk | Scanned[T], keep: Keep[T]) -> Scanned[T]:
    if isinstance(chunk, Scanned):
        return chunk
    try:
        return Scanned(chunk.source, keep(_records(chunk)), None)
    except (UsageError, OverflowError) as error:
        fault = str(error)
        if isinstance(error, OverflowError):
            fault = f"{chunk.name} holds, in or below line {chunk.first}, a number out of range"
        return Scanned(chunk.source, None, fault)


def _records(chunk: Chunk) -> Iterator[RunRecord]:
    """One at a time, and none kept: a heap of them costs more than reading them."""
    for number, line in enumerate(chunk.data.split(b"\n")[:-1], start=chunk.first):
        where = f"{chunk.name} line {number}"
        record = read_line(line, RunRecord, where)
        wrong = outside(where, (record.case, record.contender, record.tier), chunk.planned)
        if wrong:
            raise UsageError(wrong)
        yield record


def _chunks(i: int, source: Source) -> Iterator[Chunk | Scanned[Any]]:
    """The lines of a source in chunks, at the end a `Scanned` with a fault or without."""
    name, allowed = source.records.name, source.planned
    first, rest = 1, b""
    try:
        for data in _gathered(unpacked(source.records)):
            lines, rest = _whole(rest + data)
            if lines:
                yield Chunk(i, name, first, lines, allowed)
                first += lines.count(b"\n")
        yield Scanned(i, None, _torn(source, len(rest)))
    except (UsageError, OSError) as error:
        yield Scanned(i, None, str(error))


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces joined until they are a chunk."""
    some: list[bytes] = []
    for piece in pieces:
        some.append(piece)
        if sum(map(len, some)) >= CHUNK:
            yield b"".join(some)
            some.clear()
    yield b"".join(some)


def _whole(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines at the start of ``data``, and the rest."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _torn(source: Source, rest: int) -> str | None:
    """A recording still being measured may end in a torn line; a finished one may not."""
    if not rest or source.manifest.finished is None:
        return None
    return f"{source.records.name} ends inside a line: take a whole copy of the recording"


def processes() -> int:
    """How many processes validate records at once."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return min(len(allowed) or os.cpu_count() or 1, MOST)
