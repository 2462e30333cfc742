"""Where UMAP and t-SNE put points: one call each, on one thread, from a start that is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# Umap-learn's own number for small data; on 1,500 influencers it takes a second.
_UMAP_EPOCHS: Final = 500
# Going on from the picture before takes few and small steps: on data of which a twentieth had changed, 100 at a tenth
# of the rate moved the dots by 0.09 of the spread, 200 at the full rate by 0.25, with the same trustworthiness.
_UMAP_EPOCHS_ON: Final = 100
_UMAP_RATE_ON: Final = 0.1
# Umap-learn's defaults: how dense the dots may lie, and its width of a start.
_UMAP_MIN_DISTANCE: Final = 0.1
_UMAP_START: Final = 10.0

# Half of scikit-learn's default: on 1,500 influencers the other half took as long again and moved trustworthiness by
# 0.0004.
_TSNE_ITERATIONS: Final = 500
# Going on needs no early exaggeration, whose part is to sort out a start; without it 250 do, the fewest that
# scikit-learn takes.
_TSNE_ITERATIONS_ON: Final = 250
_TSNE_EXAGGERATION: Final = 12.0
# Barnes-Hut's coarseness. 0.8 takes two thirds of the time of 0.5, scikit-learn's, at the same trustworthiness.
_TSNE_ANGLE: Final = 0.8
# Spread of the start of t-SNE, as scikit-learn has it for its own start on principal axes (Kobak and Berens 2019).
_TSNE_START: Final = 1e-4


@dataclass(frozen=True)
class Neighbours:
    """The nearest of each influencer, itself counted; every picture reads the same table.

    Attributes
    ----------
    indices, distances
        Shape (rows, neighbours), nearest first.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]

    @classmethod
    def of(cls, values: NDArray[np.float64], wanted: int) -> Neighbours:
        """Find the nearest of each row of ``values``, as many as are wanted or there are."""
        from sklearn.neighbors import NearestNeighbors

        distances, indices = NearestNeighbors(n_neighbors=min(wanted, len(values))).fit(values).kneighbors(values)
        return cls(indices=indices, distances=distances)

    def graph(self) -> Any:
        """Give the table as the sparse matrix of distances that t-SNE reads."""
        from scipy.sparse import csr_matrix

        rows, width = self.indices.shape
        ends = np.arange(0, rows * width + 1, width)
        return csr_matrix((self.distances.ravel(), self.indices.ravel(), ends), shape=(rows, rows))


@dataclass(frozen=True)
class Start:
    """Where a layout begins.

    Attributes
    ----------
    places
        Shape (rows, dimensions), centred, no two rows equal.
    goes_on
        Whether the places are those of a finished layout of nearly the same points, which is then only adjusted.
    """

    places: NDArray[np.float64]
    goes_on: bool


def tsne_neighbours(perplexity: float) -> int:
    """Neighbours, itself counted, that t-SNE asks for at a perplexity."""
    return int(3 * perplexity + 1) + 1


def umap_layout(neighbours: Neighbours, start: Start, *, width: int, seed: int) -> NDArray[np.float64]:
    """Lay points out by UMAP (McInnes, Healy and Melville 2018).

    The two steps of umap-learn are called one by one, not through its class: that stretches any start to a square, and
    a picture that goes on would be pulled out of shape before its first step.

    Parameters
    ----------
    width
        Neighbours, itself counted, that are kept together.

    Returns
    -------
    numpy.ndarray
        Shape (rows, dimensions).
    """
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

    rows = len(start.places)
    width = min(width, rows)
    random = np.random.RandomState(seed)  # what umap-learn takes
    fuzzy, _, _ = fuzzy_simplicial_set(
        np.zeros((rows, 1), dtype=np.float32),  # only its length is read where the neighbours are given
        width,
        random,
        "euclidean",
        knn_indices=neighbours.indices[:, :width],
        knn_dists=neighbours.distances[:, :width].astype(np.float32),
    )
    epochs = _UMAP_EPOCHS_ON if start.goes_on else _UMAP_EPOCHS
    edges = fuzzy.tocoo()
    often = edges.data >= edges.data.max() / epochs  # the others would never have their turn
    curve = find_ab_params(1.0, _UMAP_MIN_DISTANCE)
    places = start.places if start.goes_on else start.places * (_UMAP_START / np.ptp(start.places))
    laid_out = np.ascontiguousarray(places, dtype=np.float32)
    optimize_layout_euclidean(
        laid_out,
        laid_out,  # changed in place
        edges.row[often],
        edges.col[often],
        epochs,
        rows,
        make_epochs_per_sample(edges.data[often], epochs),
        *curve,
        random.randint(np.iinfo(np.int32).min, np.iinfo(np.int32).max, 3).astype(np.int64),
        initial_alpha=_UMAP_RATE_ON if start.goes_on else 1.0,
        move_other=True,
    )
    return laid_out.astype(np.float64)


def tsne_layout(neighbours: Neighbours, start: Start, *, perplexity: float, seed: int) -> NDArray[np.float64]:
    """Lay points out by t-SNE (van der Maaten and Hinton 2008), with Barnes and Hut's approximation.

    Returns
    -------
    numpy.ndarray
        Shape (rows, dimensions).
    """
    from sklearn.manifold import TSNE

    rows, dimensions = start.places.shape
    spread = float(start.places[:, 0].std()) or 1.0
    model = TSNE(
        n_components=dimensions,
        # three times the perplexity is what t-SNE asks of the neighbours of each
        perplexity=min(perplexity, (rows - 1) / 3),
        metric="precomputed",
        init=(start.places if start.goes_on else start.places * (_TSNE_START / spread)).astype(np.float32),
        early_exaggeration=1.0 if start.goes_on else _TSNE_EXAGGERATION,
        # scikit-learn's, in both cases: its own would rise twelvefold without the exaggeration
        learning_rate=max(rows / _TSNE_EXAGGERATION / 4, 50.0),
        max_iter=_TSNE_ITERATIONS_ON if start.goes_on else _TSNE_ITERATIONS,
        angle=_TSNE_ANGLE,
        random_state=seed,
        n_jobs=1,
    )
    places: NDArray[np.float64] = model.fit_transform(neighbours.graph()).astype(np.float64)
    return places
