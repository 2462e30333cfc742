"""What is put beside Tribu: the obvious notebook, which is told nothing, and a classifier that is told the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SEED = 20260630
# The silhouette's cost is quadratic; as many rows as Tribu measures it on.
SILHOUETTE_ROWS = 5000


def notebook(raw: NDArray[np.float64], k_range: range) -> NDArray[np.int64]:
    """Cluster as the obvious notebook does: raw columns, `StandardScaler`, k-means, the k with the best silhouette.

    Parameters
    ----------
    raw
        One row per influencer; unknown values are NaN. They become the median of their column, and a column that nobody
        knows is left out.
    k_range
        The k that are tried.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    known = raw[:, ~np.isnan(raw).all(axis=0)]
    points = StandardScaler().fit_transform(np.where(np.isnan(known), np.nanmedian(known, axis=0), known))
    tried = [KMeans(k, n_init=10, random_state=SEED).fit_predict(points) for k in k_range]
    rows = min(len(points), SILHOUETTE_ROWS)
    return max(tried, key=lambda labels: float(silhouette_score(points, labels, sample_size=rows, random_state=SEED)))


def forest(points: NDArray[np.float64], truth: Sequence[object]) -> NDArray[np.str_]:
    """Predict each influencer's answer by a random forest that is told those of nine tenths, itself not among them."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    answers = [str(answer) for answer in truth]
    model = RandomForestClassifier(300, random_state=SEED, n_jobs=1)
    folds = StratifiedKFold(10, shuffle=True, random_state=SEED)
    return np.asarray(cross_val_predict(model, points, answers, cv=folds))
