"""The bridge from a table of influencers to the arrays that scikit-learn takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tribu.errors import ModelInputError

KEY = "influencer_key"


@dataclass(frozen=True)
class FeatureMatrix:
    """Influencers as points.

    Attributes
    ----------
    keys
        ``influencer_key`` of each row, ascending.
    features
        Name of each column.
    values
        Shape (rows, features), float64, finite.
    """

    keys: list[str]
    features: list[str]
    values: NDArray[np.float64]

    @property
    def rows(self) -> int:
        """Number of influencers."""
        return len(self.keys)

    def distinct_rows(self) -> int:
        """Number of different points; no algorithm can find more clusters than that."""
        return len(np.unique(self.values, axis=0)) if self.rows else 0


def feature_matrix(sample: pa.Table) -> FeatureMatrix:
    """Read a table of one row per influencer into points, sorted by key.

    Parameters
    ----------
    sample
        ``influencer_key`` (string, unique, not null) and any number of numeric feature columns without nulls.

    Raises
    ------
    ModelInputError
        If the key is missing, null or repeated, there is no feature, or one is not numeric or not finite.
    """
    if KEY not in sample.column_names:
        raise ModelInputError(
            expected=f"a column {KEY}",
            got=f"columns {', '.join(sample.column_names) or '(none)'}",
            remedy="hand over one row per influencer with its key",
        )
    ordered = sample.sort_by(KEY)
    keys = ordered.column(KEY).to_pylist()
    if None in keys or len(set(keys)) != len(keys):
        raise ModelInputError(
            expected=f"one row per {KEY}, none of them null",
            got=f"{len(keys) - len(set(keys))} repeated and {keys.count(None)} null keys",
            remedy="group the sample by influencer before the fit",
        )
    features = [name for name in ordered.column_names if name != KEY]
    if not features:
        raise ModelInputError(
            expected="at least one feature beside the key",
            got="none",
            remedy="leave one feature in macro feature_catalogue",
        )
    values = np.empty((len(keys), len(features)), dtype=np.float64)
    for position, name in enumerate(features):
        column = ordered.column(name)
        if not any(
            is_kind(column.type) for is_kind in (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)
        ):
            raise ModelInputError(
                expected=f"numbers in feature {name}",
                got=str(column.type),
                remedy="leave columns that are no features out of the sample",
            )
        values[:, position] = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    if not np.isfinite(values).all():
        bad = [name for position, name in enumerate(features) if not np.isfinite(values[:, position]).all()]
        raise ModelInputError(
            expected="a finite number for every influencer and feature",
            got=f"nulls, NaN or infinity in {', '.join(bad)}",
            remedy="impute in ftr_scaled, where the platform's median stands in",
        )
    return FeatureMatrix(keys=keys, features=features, values=values)
