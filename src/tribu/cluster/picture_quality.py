"""How far a picture can be believed, and how much it moved since the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tribu.cluster.matrix import KEY
from tribu.cluster.pictures import PictureSettings, Points, picture_of, places_of
from tribu.cluster.threads import one_thread

SCHEMA: Final = pa.schema(
    [
        pa.field("method", pa.string()),
        pa.field("dimensions", pa.int64()),
        pa.field("rows_count", pa.int64()),
        pa.field("neighbours_count", pa.int64()),
        pa.field("trustworthiness", pa.float64()),
        pa.field("known_rows_count", pa.int64()),
        pa.field("displacement_ratio", pa.float64()),
    ]
)
"""One row per picture; the last two are null for principal axes, which nobody lays out."""

_DECIMALS: Final = 6


def picture_quality(sample: pa.Table, pictures: pa.Table, previous: pa.Table, settings: PictureSettings) -> pa.Table:
    """Measure every picture of the sample, the principal axes among them, on the same influencers.

    Trustworthiness (Venna and Kaski 2001) is 1 where whoever is near in the picture is near in the data, and about 0.5
    where the picture is drawn at random.

    Parameters
    ----------
    sample, previous
        As `tribu.cluster.pictures.draw_pictures` takes them.
    pictures
        What it gave.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`, no row for no influencer. Trustworthiness is null for fewer than four influencers and where all are
        equal; ``displacement_ratio`` is the root mean square way of those who were in the picture before, over the root
        mean square distance from its middle.
    """
    points = Points.of(sample)
    rows: list[dict[str, Any]] = []
    for method, dimensions, picture in _all(points, pictures, settings):
        # scikit-learn asks for fewer than half of the rows
        neighbours = min(settings.neighbours, (points.matrix.rows - 1) // 2)
        measure: dict[str, Any] = {
            "method": method,
            "dimensions": dimensions,
            "rows_count": points.matrix.rows,
            "neighbours_count": max(neighbours, 0),
            "trustworthiness": _trustworthiness(points, picture, neighbours),
            "known_rows_count": None,
            "displacement_ratio": None,
        }
        if method != "pca":
            before = picture_of(previous, method, dimensions)
            known, moved = _moved(points.matrix.keys, picture, before, dimensions)
            measure |= {"known_rows_count": known, "displacement_ratio": moved}
        rows.append(measure)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _all(
    points: Points, pictures: pa.Table, settings: PictureSettings
) -> Iterator[tuple[str, int, NDArray[np.float64]]]:
    for dimensions in settings.dimensions if points.matrix.rows else ():
        yield "pca", dimensions, points.axes[:, :dimensions]
    for method in settings.methods:
        for dimensions in settings.dimensions:
            picture = picture_of(pictures, method, dimensions)
            if picture.num_rows:
                yield method, dimensions, places_of(picture, dimensions)


def _trustworthiness(points: Points, picture: NDArray[np.float64], neighbours: int) -> float | None:
    if neighbours < 1 or points.matrix.distinct_rows() < 2:
        return None
    with one_thread():
        from sklearn.manifold import trustworthiness

        return round(float(trustworthiness(points.matrix.values, picture, n_neighbors=neighbours)), _DECIMALS)


def _moved(
    keys: list[str], picture: NDArray[np.float64], before: pa.Table, dimensions: int
) -> tuple[int, float | None]:
    """Count those who were in the picture before, and say how far they moved."""
    old = dict(zip(before.column(KEY).to_pylist(), places_of(before, dimensions), strict=True))
    known = [row for row, key in enumerate(keys) if key in old]
    if not known:
        return 0, None
    start = np.array([old[keys[row]] for row in known])
    spread = np.sqrt(((start - start.mean(axis=0)) ** 2).sum(axis=1).mean())
    way = np.sqrt(((picture[known] - start) ** 2).sum(axis=1).mean())
    return len(known), round(float(way / spread), _DECIMALS) if spread > 0 else None
