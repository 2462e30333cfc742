"""UMAP and t-SNE: pictures of a sample, each laid out from the picture before. A picture shows, it does not cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from itertools import product
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tribu.cluster.layouts import Neighbours, Start, tsne_layout, tsne_neighbours, umap_layout
from tribu.cluster.matrix import KEY, FeatureMatrix, feature_matrix
from tribu.cluster.projection import AXES
from tribu.cluster.threads import one_thread
from tribu.errors import ModelInputError

METHODS: Final = ("umap", "tsne")
DIMENSIONS: Final = (2, 3)

COORDINATES: Final = ("x", "y", "z")

SCHEMA: Final = pa.schema(
    [
        pa.field("method", pa.string()),
        pa.field("dimensions", pa.int64()),
        pa.field(KEY, pa.string()),
        *(pa.field(name, pa.float64()) for name in COORDINATES),
        pa.field("input_fingerprint", pa.string()),
    ]
)
"""One row per method, number of dimensions and influencer; ``z`` is null in two dimensions."""

_PCA: Final = tuple(f"pca_{axis + 1}" for axis in range(AXES))
_DECIMALS: Final = 4

# Fewer different points than this have no neighbourhoods to lay out; they stay on their principal axes.
_FEWEST_POINTS: Final = 5

# A picture goes on from the one before where that knows this share of the influencers; else it is laid out anew.
_KNOWN_SHARE: Final = 0.5
# Of the spread of a start: keeps equal influencers from sharing one place, from which no method could ever part them.
_JITTER: Final = 1e-3
# Nearest of those already placed, amid whom a newcomer starts.
_NEAR: Final = 15


@dataclass(frozen=True)
class PictureSettings:
    """Settings of the pictures; each is a var of the project, where its unit and reason stand.

    Attributes
    ----------
    methods, dimensions
        Which pictures to lay out: every method in every number of dimensions.
    neighbours
        Neighbours, itself counted, that UMAP keeps together.
    perplexity
        About the number of neighbours that t-SNE keeps together.
    """

    methods: tuple[str, ...]
    dimensions: tuple[int, ...]
    neighbours: int
    perplexity: float
    random_seed: int

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> PictureSettings:
        """Read the settings from the ``meta`` of a model, where dbt has put each var.

        Raises
        ------
        ModelInputError
            If a setting is missing or has another type, or a method or number of dimensions is unknown.
        """
        try:
            settings = cls(
                methods=tuple(dict.fromkeys(str(name) for name in meta["pictures"])),
                dimensions=tuple(sorted({int(number) for number in meta["picture_dimensions"]})),
                neighbours=int(meta["picture_neighbours"]),
                perplexity=float(meta["picture_perplexity"]),
                random_seed=int(meta["random_seed"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelInputError(
                expected="every setting of the pictures, of its type",
                got=f"{type(error).__name__}: {error}",
                remedy="compare the vars of dbt_project.yml with the meta of ml_projection",
            ) from error
        if not set(settings.methods) <= set(METHODS) or not set(settings.dimensions) <= set(DIMENSIONS):
            raise ModelInputError(
                expected=f"pictures among {', '.join(METHODS)}, in {' or '.join(map(str, DIMENSIONS))} dimensions",
                got=f"{', '.join(settings.methods)} in {', '.join(map(str, settings.dimensions))}",
                remedy="correct vars pictures and picture_dimensions; [] leaves pictures out",
            )
        if settings.neighbours < 2 or settings.perplexity <= 0:
            raise ModelInputError(
                expected="picture_neighbours of at least 2 and a picture_perplexity above 0",
                got=f"{settings.neighbours} and {settings.perplexity}",
                remedy="correct vars picture_neighbours and picture_perplexity",
            )
        return settings


@dataclass(frozen=True)
class Points:
    """The influencers of the pictures.

    Attributes
    ----------
    matrix
        Where distances see them, sorted by key.
    axes
        Shape (rows, 3): their places on the principal axes.
    """

    matrix: FeatureMatrix
    axes: NDArray[np.float64]

    @classmethod
    def of(cls, sample: pa.Table) -> Points:
        """Read a table of `influencer_key`, ``pca_1`` to ``pca_3`` and features.

        Raises
        ------
        ModelInputError
            As `tribu.cluster.matrix.feature_matrix`, and if a place on the axes is missing.
        """
        missing = [name for name in _PCA if name not in sample.column_names]
        if missing:
            raise ModelInputError(
                expected=f"columns {', '.join(_PCA)}",
                got=f"no {', '.join(missing)}",
                remedy="join ml_positions in picture_sample",
            )
        axes = feature_matrix(sample.select([KEY, *_PCA]))
        return cls(matrix=feature_matrix(sample.drop_columns(list(_PCA))), axes=axes.values)

    def fingerprint(self, method: str, settings: PictureSettings) -> str:
        """Name everything that a picture rests on beside the picture before."""
        kept_together = settings.neighbours if method == "umap" else settings.perplexity
        digest = md5(usedforsecurity=False)
        digest.update(repr((kept_together, settings.random_seed, self.matrix.features, self.matrix.keys)).encode())
        # Rounded, because an engine may add up in another order; adding 0.0 makes -0.0 the same as 0.0.
        digest.update((np.round(self.matrix.values, 6) + 0.0).tobytes())
        return digest.hexdigest()


def draw_pictures(sample: pa.Table, previous: pa.Table, settings: PictureSettings) -> pa.Table:
    """Lay the sample out by every method and in every number of dimensions that the settings name.

    A picture starts from the one before where that knows an influencer, amid known neighbours where it does not, and
    is turned or mirrored at the end (orthogonal Procrustes, no scale) so that those of both stay in place. Without a
    picture before, the principal axes take its part. On the same input the picture before is handed back as it is.

    Parameters
    ----------
    sample
        ``influencer_key``, ``pca_1`` to ``pca_3`` and features; see `tribu.cluster.matrix.feature_matrix`.
    previous
        Of `SCHEMA`: the pictures of the run before, or no row.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`. Fewer than five different points are shown on their principal axes.
    """
    points = Points.of(sample)
    neighbours: Neighbours | None = None
    drawn: list[pa.Table] = []
    for method, dimensions in product(settings.methods, settings.dimensions):
        fingerprint = points.fingerprint(method, settings)
        before = picture_of(previous, method, dimensions)
        if before.num_rows and set(before.column("input_fingerprint").to_pylist()) == {fingerprint}:
            drawn.append(before)
            continue
        places = points.axes[:, :dimensions]
        if points.matrix.distinct_rows() >= _FEWEST_POINTS:
            with one_thread():
                if neighbours is None:
                    wanted = max(settings.neighbours, tsne_neighbours(settings.perplexity))
                    neighbours = Neighbours.of(points.matrix.values, wanted)
                old = _old_places(before, points.matrix.keys, dimensions)
                places = _lay_out(method, places, old, neighbours, settings)
        drawn.append(_picture_table(method, dimensions, points.matrix.keys, places, fingerprint))
    return pa.concat_tables(drawn) if drawn else SCHEMA.empty_table()


def picture_of(pictures: pa.Table, method: str, dimensions: int) -> pa.Table:
    """Pick one picture from a table of `SCHEMA`, sorted by key."""
    chosen = pc.and_(pc.equal(pictures.column("method"), method), pc.equal(pictures.column("dimensions"), dimensions))
    return pictures.select(SCHEMA.names).cast(SCHEMA).filter(chosen).sort_by(KEY)


def places_of(picture: pa.Table, dimensions: int) -> NDArray[np.float64]:
    """Read the places of one picture, shape (rows, dimensions)."""
    return np.column_stack([picture.column(name).to_numpy() for name in COORDINATES[:dimensions]])


def _old_places(before: pa.Table, keys: list[str], dimensions: int) -> NDArray[np.float64]:
    """Places in the picture before, NaN for those who are new."""
    places = np.full((len(keys), dimensions), np.nan)
    if before.num_rows:
        known = dict(zip(before.column(KEY).to_pylist(), places_of(before, dimensions), strict=True))
        for row, key in enumerate(keys):
            places[row] = known.get(key, np.nan)
    return places


def _is_known(old: NDArray[np.float64]) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.asarray(np.isfinite(old).all(axis=1))
    # Two points can be laid on any two others: a picture needs more in common than it has dimensions.
    if known.sum() <= old.shape[1]:
        known[:] = False
    return known


def _start(axes: NDArray[np.float64], old: NDArray[np.float64], neighbours: Neighbours, seed: int) -> Start:
    """Start each influencer at its old place, amid its neighbours' old places, or on its principal axes."""
    known = _is_known(old)
    places = axes
    if known.any():
        places = np.where(known[:, None], old, old[known].mean(axis=0))
        for row in np.flatnonzero(~known):
            near = neighbours.indices[row][known[neighbours.indices[row]]][:_NEAR]
            if len(near):
                places[row] = old[near].mean(axis=0)
    spread = float(places.std()) or 1.0
    jitter = np.random.default_rng(seed).normal(scale=_JITTER * spread, size=places.shape)
    return Start(places - places.mean(axis=0) + jitter, goes_on=bool(known.mean() >= _KNOWN_SHARE))


def _turned(places: NDArray[np.float64], old: NDArray[np.float64], axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn or mirror a picture onto the one before, or onto the principal axes; its size and shape stay."""
    from scipy.linalg import orthogonal_procrustes

    known = _is_known(old)
    fixed = known if known.any() else np.ones(len(places), dtype=bool)
    target = (old if known.any() else axes)[fixed]
    middle, goal = places[fixed].mean(axis=0), target.mean(axis=0)
    turn, _ = orthogonal_procrustes(places[fixed] - middle, target - goal)
    turned: NDArray[np.float64] = (places - middle) @ turn + goal
    return turned


def _lay_out(
    method: str, axes: NDArray[np.float64], old: NDArray[np.float64], neighbours: Neighbours, settings: PictureSettings
) -> NDArray[np.float64]:
    start = _start(axes, old, neighbours, settings.random_seed)
    if method == "umap":
        places = umap_layout(neighbours, start, width=settings.neighbours, seed=settings.random_seed)
    else:
        places = tsne_layout(neighbours, start, perplexity=settings.perplexity, seed=settings.random_seed)
    return _turned(places, old, axes)


def _picture_table(
    method: str, dimensions: int, keys: list[str], places: NDArray[np.float64], fingerprint: str
) -> pa.Table:
    rounded = np.round(places, _DECIMALS) + 0.0
    columns: dict[str, Any] = {
        "method": [method] * len(keys),
        "dimensions": [dimensions] * len(keys),
        KEY: keys,
        "input_fingerprint": [fingerprint] * len(keys),
    }
    for position, name in enumerate(COORDINATES):
        columns[name] = rounded[:, position] if position < dimensions else [None] * len(keys)
    return pa.table({name: columns[name] for name in SCHEMA.names}, schema=SCHEMA)
