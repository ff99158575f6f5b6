"""One workload: domain, algorithm, dataset, hyper-parameters, threads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.job import Scalar

Level = Literal["same answer", "same quality"]
Profile = Literal["none", "check", "smoke", "standard", "full", "calibration"]


class Primary(Model):
    """The phase and metric the verdict is about."""

    phase: str = "fit"
    metric: str = "wall"


NETWORKS = frozenset({"cnn", "rnn"})  # domains whose cases train a network step by step
TRANSDUCTIVE = frozenset({"dbscan", "agglomerative", "spectral"})  # they label their rows only


class Case(Model):
    """A case, expanded: nothing left to fill in.

    ``params`` holds every hyper-parameter; ``named`` those that stand in the name.
    ``tolerance`` maps an output to its relative tolerance (max|a-b| / max|b|);
    ``known`` maps a contender, or ``contender tier`` where one tier alone does, to the reason why
    it is known to fail parity.
    ``huge_pages`` is whether large allocations ask for huge pages, on both sides alike;
    ``splits`` is how many train/test splits the blocks rotate through. ``served`` are the
    contenders that do not fit: they predict from the baseline's model, exported. Where there
    are any the case is about ``predict``; only networks' fits are timed then. ``target`` is the
    accuracy at which a network's training has done what it should.
    """

    domain: str
    algorithm: str
    dataset: str
    params: dict[str, Scalar]
    named: tuple[str, ...] = ()
    threads: int = Field(ge=1)
    baseline: str
    contenders: tuple[str, ...]
    level: Level = "same answer"
    tolerance: dict[str, float]
    tolerance_reason: str
    condition_scaled: bool = False
    margin: float = Field(default=0.05, gt=0, lt=1)
    primary: Primary = Primary()
    known: dict[str, str] = Field(default_factory=dict)
    splits: int = Field(default=1, ge=1)
    min_blocks: int = Field(default=20, ge=1)
    max_blocks: int = Field(default=60, ge=1)
    limit_s: float = Field(default=120.0, gt=0)
    huge_pages: bool = True
    served: tuple[str, ...] = ()
    target: float = Field(default=0.0, ge=0, le=1)
    note: str = ""

    def fits(self, contender: str) -> bool:
        """Whether a contender fits a model of its own, rather than to be given one."""
        return contender not in self.served

    def declared(self, contender: str, tier: str) -> str | None:
        """Why a contender is known to fail parity at a tier; None where it is not."""
        return self.known.get(f"{contender} {tier}", self.known.get(contender))

    def timed(self, contender: str, tier: str) -> bool:
        """Whether times of a contender can lead to a verdict: neither it nor the baseline is
        known to fail parity."""
        return not any(self.declared(one, tier) for one in (contender, self.baseline))

    @property
    def free_seeds(self) -> bool:
        """Whether each side draws its own start, so that outcomes over seeds are compared."""
        if self.network:
            return bool(self.params["evaluate_every"])
        return self.params.get("init", "given") != "given"

    @property
    def network(self) -> bool:
        """Whether it is a network: a fit is one training, a sample one step."""
        return self.domain in NETWORKS

    @property
    def supervised(self) -> bool:
        """Whether targets are learned, so that cross-validation can score a contender."""
        return self.domain != "clustering" and not self.network

    @property
    def predicts(self) -> bool:
        """Whether a fitted model says something of rows it has not seen."""
        return self.algorithm not in TRANSDUCTIVE

    @property
    def name(self) -> str:
        """``domain/algorithm/dataset/param=value,...,threads=N``."""
        shown = [f"{k}={_plain(self.params[k])}" for k in self.named]
        shown.append(f"threads={self.threads}")
        shown += [] if self.huge_pages else ["huge_pages=off"]
        shown += ["serving"] if self.served else []
        return f"{self.domain}/{self.algorithm}/{self.dataset}/{','.join(shown)}"


def _plain(value: Scalar) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
