"""Topics: what influencers write about, as few numbers that SQL can compute for everybody."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tribu.cluster.matrix import KEY
from tribu.cluster.model import rounded_numbers
from tribu.cluster.threads import one_thread
from tribu.errors import ModelInputError

SCHEMA: Final = pa.schema(
    [
        pa.field("topic", pa.string()),
        pa.field("term", pa.string()),
        pa.field("idf", pa.float64()),
        pa.field("loading", pa.float64()),
    ]
)
"""One row per topic (``topic_01`` …) and term; the score is ``Σ (1 + ln uses) · idf · loading``, to unit length."""

SMOOTHING: Final = 0.75
"""Power of a context's frequency (Levy, Goldberg and Dagan 2015): rare terms are not called related by one accident."""

# A singular value below this share of the first is rounding, not a topic.
_NEGLIGIBLE = 1e-9


def topic_loadings(sample: pa.Table, *, topics: int, seed: int) -> pa.Table:
    """Fit topics on terms that the same influencers use, and return them as a table.

    A topic is an axis of a truncated SVD of the positive pointwise mutual information of pairs of terms: how much
    more often than by chance the same influencer uses both (Bullinaria and Levy 2007). An SVD of the TF-IDF rows
    themselves would need influencers to repeat each other's terms, and most use a handful of thousands.
    The TF-IDF vector of an influencer is then projected on the axes like any row in latent semantic analysis.

    Parameters
    ----------
    sample
        One row per influencer and term: ``influencer_key``, ``term`` (strings) and ``uses_count`` (1 and up). The
        order of rows changes nothing.
    topics
        Axes wanted, 0 and up.
    seed
        Of the vector that the decomposition starts from.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`. ``idf`` is ``1 + ln((1 + n) / (1 + df))`` over the influencers of the sample, as scikit-learn
        smooths it. There are fewer topics than wanted where influencers or terms do not carry so many, and no row
        where no two terms are used together more often than by chance. The sign of an axis is arbitrary, so the
        loading that is largest in size is made positive.

    Raises
    ------
    ModelInputError
        If a column is missing or null, a pair of influencer and term comes twice, or a count is below 1.
    """
    terms, used = _incidence(sample)
    frequencies = np.asarray(used.sum(axis=0)).ravel()
    with one_thread():
        vectors = _term_vectors(used, topics=min(topics, len(terms) - 1, used.shape[0] - 1), seed=seed)
    found = vectors.shape[1]
    idf = rounded_numbers(1 + np.log((1 + used.shape[0]) / (1 + frequencies)))
    names = [f"topic_{number + 1:02d}" for number in range(found)]
    return pa.table(
        {
            "topic": pa.array([name for name in names for _ in terms], pa.string()),
            "term": pa.array(terms * found, pa.string()),
            "idf": pa.array(np.tile(idf, found), pa.float64()),
            "loading": pa.array(rounded_numbers(vectors).T.ravel(), pa.float64()),
        },
        schema=SCHEMA,
    )


def _incidence(sample: pa.Table) -> tuple[list[str], Any]:
    """Terms in alphabetical order, and which influencer uses which: a sparse matrix of ones."""
    from scipy.sparse import csr_matrix

    missing = [name for name in (KEY, "term", "uses_count") if name not in sample.column_names]
    nulls = [] if missing else [name for name in (KEY, "term", "uses_count") if sample.column(name).null_count]
    if missing or nulls:
        raise ModelInputError(
            expected=f"{KEY}, term and uses_count, none of them null",
            got=f"no {', '.join(missing)}" if missing else f"nulls in {', '.join(nulls)}",
            remedy="hand over one row per influencer and term",
        )
    keys, rows = np.unique(np.array(sample.column(KEY).to_pylist(), dtype=object).astype(str), return_inverse=True)
    terms, columns = np.unique(
        np.array(sample.column("term").to_pylist(), dtype=object).astype(str), return_inverse=True
    )
    used = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(keys), len(terms)))
    if used.nnz != len(rows) or min(sample.column("uses_count").to_pylist(), default=1) < 1:
        raise ModelInputError(
            expected="every pair of influencer and term once, used at least once",
            got=f"{len(rows) - used.nnz} repeated pairs, or counts below 1",
            remedy="group the sample by influencer and term",
        )
    return terms.tolist(), used


def _term_vectors(used: Any, *, topics: int, seed: int) -> NDArray[np.float64]:
    """Vectors of shape (terms, topics found): ``U · S`` of the decomposition."""
    from sklearn.decomposition import TruncatedSVD

    related = _positive_mutual_information(used) if topics > 0 else None
    if related is None or not related.nnz:
        return np.empty((used.shape[1], 0))
    # ARPACK converges to the last digits; the randomised solver gives other last digits on another machine.
    model = TruncatedSVD(topics, algorithm="arpack", random_state=seed)
    vectors: NDArray[np.float64] = model.fit_transform(related)
    vectors = vectors[:, model.singular_values_ > _NEGLIGIBLE * model.singular_values_.max()]
    strongest = vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])]
    return vectors * np.where(strongest < 0, -1.0, 1.0)


def _positive_mutual_information(used: Any) -> Any:
    """Sparse matrix of shape (terms, terms): ``max(0, ln p(a, b) / (p(a) · p(b)))``, the context's ``p`` smoothed."""
    together = (used.T @ used).tocoo()
    # How often a term stands beside itself is how frequent it is, and says nothing of what it goes with.
    others = together.row != together.col
    first, second, counts = together.row[others], together.col[others], together.data[others]
    totals = np.bincount(first, weights=counts, minlength=used.shape[1])
    contexts = totals**SMOOTHING / max((totals**SMOOTHING).sum(), 1.0)
    information = np.log(counts / (totals[first] * contexts[second]))
    positive = information > 0
    return type(used)((information[positive], (first[positive], second[positive])), shape=together.shape)
