"""What a fit may vary: the vars of the project, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tribu.errors import ModelInputError


@dataclass(frozen=True)
class FitSettings:
    """Settings of every fit of a build; each is the var of the same name, where its unit and reason stand.

    Attributes
    ----------
    algorithms
        Names of those to try, as in `tribu.cluster.algorithms.REGISTRY`.
    algorithm_sample_rows, min_fidelity
        Rows that each algorithm may be fitted on, and the least agreement of its prototypes with its labels.
    prototypes_per_cluster
        Numbers of prototypes per cluster to try, ascending, for algorithms that need several.
    """

    algorithms: tuple[str, ...]
    algorithm_sample_rows: Mapping[str, int]
    min_fidelity: Mapping[str, float]
    k_min: int
    k_max: int
    restarts: int
    mixture_restarts: int
    mixture_min_variance: float
    prototypes_per_cluster: tuple[int, ...]
    radius_quantiles: tuple[float, ...]
    density_min_samples: int
    dbscan_eps_quantiles: tuple[float, ...]
    hdbscan_min_cluster_shares: tuple[float, ...]
    silhouette_rows: int
    resample_rows: int
    resamples: int
    cluster_resamples: int
    null_draws: int
    min_cluster_share: float
    max_noise_share: float
    random_seed: int
    pinned_algorithm: str | None
    pinned_k: int | None

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> FitSettings:
        """Read the settings from the ``meta`` of a model, where dbt has put each var.

        Raises
        ------
        ModelInputError
            If a setting is missing, has another type, or names an unknown algorithm.
        """
        from tribu.cluster.algorithms import REGISTRY

        try:
            given = {name: meta[name] for name in cls.__dataclass_fields__}
            numbers: dict[str, Any] = {name: int(given[name]) for name in _WHOLE_NUMBERS}
            numbers |= {name: float(given[name]) for name in _SHARES}
            settings = cls(
                algorithms=tuple(str(name) for name in given["algorithms"]),
                algorithm_sample_rows={name: int(rows) for name, rows in given["algorithm_sample_rows"].items()},
                min_fidelity={name: float(share) for name, share in given["min_fidelity"].items()},
                prototypes_per_cluster=tuple(sorted(int(number) for number in given["prototypes_per_cluster"])),
                radius_quantiles=tuple(float(share) for share in given["radius_quantiles"]),
                dbscan_eps_quantiles=tuple(float(share) for share in given["dbscan_eps_quantiles"]),
                hdbscan_min_cluster_shares=tuple(float(share) for share in given["hdbscan_min_cluster_shares"]),
                pinned_algorithm=given["pinned_algorithm"],
                pinned_k=None if given["pinned_k"] is None else int(given["pinned_k"]),
                **numbers,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelInputError(
                expected="every setting of a fit, of its type",
                got=f"{type(error).__name__}: {error}",
                remedy="compare the vars of dbt_project.yml with the meta of ml_candidates",
            ) from error
        named = settings.wanted_algorithms()
        unknown = [name for name in named if name not in REGISTRY]
        unset = [name for name in named if name not in settings.algorithm_sample_rows]
        unset += [name for name in named if name not in settings.min_fidelity]
        if unknown or unset:
            raise ModelInputError(
                expected=f"algorithms among {', '.join(REGISTRY)}, each with its sample rows and its least fidelity",
                got=", ".join(unknown or unset),
                remedy="correct vars algorithms, pinned_algorithm, algorithm_sample_rows and min_fidelity",
            )
        return settings

    def wanted_algorithms(self) -> tuple[str, ...]:
        """Names of the algorithms to try; one that is pinned is tried in any case."""
        pinned = () if self.pinned_algorithm is None else (self.pinned_algorithm,)
        return tuple(dict.fromkeys((*self.algorithms, *pinned)))

    def wanted_k(self) -> tuple[int, ...]:
        """Numbers of clusters to try, ascending; one that is pinned is tried in any case."""
        pinned = () if self.pinned_k is None else (self.pinned_k,)
        return tuple(sorted({*range(max(self.k_min, 2), self.k_max + 1), *pinned}))


_WHOLE_NUMBERS = (
    "k_min",
    "k_max",
    "restarts",
    "mixture_restarts",
    "density_min_samples",
    "silhouette_rows",
    "resample_rows",
    "resamples",
    "cluster_resamples",
    "null_draws",
    "random_seed",
)
_SHARES = ("mixture_min_variance", "min_cluster_share", "max_noise_share")
