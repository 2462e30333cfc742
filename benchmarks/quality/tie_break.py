"""Which figure should part candidates of as many clusters that floors and readings leave equal: a comparison.

`ml_selection` takes the higher stability. Here that is held against the higher silhouette, and against the ranks in
silhouette, Davies-Bouldin and Calinski-Harabasz, on lists whose answer is known: four data sets that come with
scikit-learn, and drawn ones of 2 to 6 kinds in 5 to 12 features, with unequal sizes and spreads, features that say
nothing, heavy tails and flags. Scaling, candidates, floors, tolerance and readings are the build's own; the number of
clusters is given.

Run it with ``python -m benchmarks.quality.tie_break``; 150 drawn lists take about five minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from benchmarks.quality.builds import ROOT
from numpy.typing import NDArray

from tribu.cluster import FitSettings
from tribu.cluster.algorithms import trials
from tribu.cluster.candidates import fit_candidate
from tribu.cluster.resampling import stability
from tribu.cluster.scores import SilhouetteSample, internal_scores
from tribu.cluster.threads import one_thread

READINGS = (0.6, 0.75, 0.85)
"""Bounds of Hennig's readings (macro ``stability_reading``)."""
WAYS = ("stability", "silhouette", "ranks")
# The density methods choose the number of clusters themselves.
ALGORITHMS = ["kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative"]


@dataclass(frozen=True)
class Candidate:
    """A candidate with its figures, and its agreement with the answer."""

    algorithm: str
    silhouette: float
    davies_bouldin: float
    calinski_harabasz: float
    stability: float
    ari: float


def variables() -> dict[str, Any]:
    """The vars that ship."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return read


def settings(k: int) -> FitSettings:
    """The settings that ship, for one number of clusters."""
    given = variables()
    own = {"restarts": given["kmeans_restarts"], "algorithms": ALGORITHMS, "k_min": k, "k_max": k}
    return FitSettings.from_meta({**given, **own})


def scaled(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Winsorised and robustly scaled, as features are (docs/decisions/0004-scale-and-imputation.md)."""
    low, high = np.percentile(columns, [0.5, 99.5], axis=0)
    spread = np.subtract(*np.percentile(columns, [75, 25], axis=0)) / 1.349
    spread = np.where(spread > 0, spread, np.maximum((high - low) / 5.152, 1e-9))
    return np.asarray((np.clip(columns, low, high) - np.median(columns, axis=0)) / spread)


def known() -> Iterator[tuple[str, NDArray[np.float64], NDArray[np.int64]]]:
    """Lists of scikit-learn whose kinds are known."""
    from sklearn import datasets

    for load in (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer, datasets.load_digits):
        found = load()
        yield load.__name__.removeprefix("load_"), found.data[:, found.data.std(axis=0) > 0], found.target


def drawn(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A list of known kinds."""
    random = np.random.default_rng(seed)
    k, features, rows = int(random.integers(2, 7)), int(random.integers(5, 13)), int(random.integers(400, 1500))
    kinds = random.choice(k, rows, p=random.dirichlet(np.full(k, 3.0)))
    centres = random.normal(0, random.uniform(0.8, 2.5), (k, features))
    centres[:, random.random(features) >= random.uniform(0.4, 1)] = 0
    spreads = np.exp(random.normal(0, random.uniform(0, 0.6), (k, features)))
    points = centres[kinds] + random.normal(size=(rows, features)) * spreads[kinds]
    tails = random.random(features) < 0.3
    points[:, tails] = np.sign(points[:, tails]) * np.abs(points[:, tails]) ** 1.3
    flags = random.random(features) < 0.25
    points[:, flags] = (points[:, flags] > np.median(points[:, flags], axis=0)) * 2.0
    return points, kinds


def equals(points: NDArray[np.float64], kinds: NDArray[np.int64]) -> list[Candidate]:
    """Candidates that the tolerance of the silhouette and the reading of stability leave equal."""
    from sklearn.metrics import adjusted_rand_score

    given = settings(len(np.unique(kinds)))
    values = scaled(points)
    found = []
    silhouettes = SilhouetteSample(values, given.silhouette_rows)
    with one_thread():
        for trial in trials(given):
            fitted = fit_candidate(values, trial, given) if trial.candidate_id != "kmeans_01" else None
            if fitted is None:
                continue
            model = fitted[0].model
            labels = model.assign(values)
            scores = internal_scores(values, labels, k=model.k, silhouettes=silhouettes)
            figures = (scores.silhouette, scores.davies_bouldin, scores.calinski_harabasz)
            low = fitted[0].fidelity(fitted[1]) < given.min_fidelity[trial.algorithm]
            if low or scores.smallest_share < given.min_cluster_share or None in figures:
                continue
            stable = stability(model, trial, values, given) or 0.0
            ari = float(adjusted_rand_score(kinds, labels))
            found.append(Candidate(trial.algorithm, *map(float, figures), stable, ari))  # type: ignore[arg-type]
    if not found:
        return []
    best = max(one.silhouette for one in found) - float(variables()["silhouette_tolerance"])
    near = [one for one in found if one.silhouette >= best]
    reading = max(np.searchsorted(READINGS, one.stability, side="right") for one in near)
    return [one for one in near if np.searchsorted(READINGS, one.stability, side="right") == reading]


def choices(candidates: list[Candidate]) -> dict[str, Candidate]:
    """What each way of parting equals would take."""
    orders = [
        sorted(candidates, key=key)
        for key in (
            lambda one: -one.silhouette,
            lambda one: one.davies_bouldin,
            lambda one: -one.calinski_harabasz,
        )
    ]
    return {
        "stability": max(candidates, key=lambda one: one.stability),
        "silhouette": max(candidates, key=lambda one: one.silhouette),
        "ranks": min(candidates, key=lambda one: (sum(order.index(one) for order in orders), -one.stability)),
    }


def main() -> None:
    """Compare, and print the mean agreement with the answer where the ways differ."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.quality.tie_break", description=__doc__)
    arguments.add_argument("--drawn", type=int, default=150, help="drawn lists beside the four known ones")
    given = arguments.parse_args()
    lists = [(points, kinds) for _, points, kinds in known()] + [drawn(seed) for seed in range(given.drawn)]
    taken = [choices(found) for points, kinds in lists if (found := equals(points, kinds))]
    print(f"{len(taken)} lists with candidates that pass")
    for way in WAYS[1:]:
        apart = [one for one in taken if one["stability"] is not one[way]]
        if not apart:
            print(f"{way}: takes what stability takes")
            continue
        gains = np.array([one[way].ari - one["stability"].ari for one in apart])
        error = gains.std(ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else float("nan")
        mean = np.mean([one["stability"].ari for one in apart])
        print(
            f"{way}: differs in {len(apart)}; mean ARI {mean + gains.mean():.3f} against {mean:.3f} by stability "
            f"(difference {gains.mean():+.3f}, standard error {error:.3f}; better in {(gains > 0).sum()}, "
            f"worse in {(gains < 0).sum()})"
        )


if __name__ == "__main__":
    main()
