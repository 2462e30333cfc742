"""What a benchmark reports: one row per way of clustering, what it aims at, and the facts that the rows rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Result:
    """One way of clustering, measured.

    Parameters
    ----------
    way
        What was done.
    clusters
        Number of clusters that it found. None where it found none, but a score for each account.
    ari, nmi
        Agreement with a known answer: 1 is the same partition, 0 is chance. None where no answer is known.
    auc
        Area under the curve of true against false positives of a score: 1 tells all apart, 0.5 is chance.
    moved
        Share (0-1) of the accounts in both of two runs that the second puts into another cluster. None where there is
        one run.
    """

    way: str
    clusters: int | None = None
    ari: float | None = None
    nmi: float | None = None
    auc: float | None = None
    moved: float | None = None


@dataclass(frozen=True)
class Aim:
    """A bound that a figure is to keep, and whether it does."""

    text: str
    is_met: bool


@dataclass(frozen=True)
class Benchmark:
    """The rows of one benchmark, with what is to be known to read them."""

    name: str
    facts: dict[str, object]
    results: list[Result]
    aims: list[Aim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compare(way: str, truth: Sequence[object], labels: Sequence[object]) -> Result:
    """Measure a labelling against a known answer."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    names, answers = [str(label) for label in labels], [str(answer) for answer in truth]
    return Result(
        way,
        len(set(names)),
        ari=round(float(adjusted_rand_score(answers, names)), 3),
        nmi=round(float(normalized_mutual_info_score(answers, names)), 3),
    )
