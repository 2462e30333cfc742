"""What holds of any prototypes and any labels, not only of those that somebody thought of."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tribu.cluster.model import NOISE, PrototypeModel, canonical_labels, prototype_model

# Small whole numbers, so that every order of adding gives the same sum, and ties and exact radii are common.
NUMBERS = st.integers(-4, 4).map(float)
MANY = settings(max_examples=150, deadline=None)


@st.composite
def models(draw: st.DrawFn) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parts of a model, and rows to label."""
    count, width = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    table = st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=count, max_size=count)
    centres = np.array(draw(table))
    clusters = np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    ones = draw(st.booleans())
    weights = np.ones_like(centres) if ones else np.array(draw(table)) ** 2
    bias = np.array(draw(st.lists(NUMBERS, min_size=count, max_size=count)))
    radius = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, np.inf]), min_size=count, max_size=count)))
    rows = np.array(draw(st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=8)))
    return {"clusters": clusters, "centres": centres, "weights": weights, "bias": bias, "radius": radius}, rows


def made(parts: dict[str, np.ndarray]) -> PrototypeModel:
    return prototype_model(
        parts["clusters"], parts["centres"], weights=parts["weights"], bias=parts["bias"], radius=parts["radius"]
    )


def labelled(model: PrototypeModel, row: np.ndarray) -> int:
    """The definition, one prototype at a time."""
    best, label = -np.inf, NOISE
    for number in range(len(model.centres)):
        squared = sum(
            weight * (x - centre) ** 2
            for x, centre, weight in zip(row, model.centres[number], model.weights[number], strict=True)
        )
        score = model.bias[number] - squared
        if squared**0.5 <= model.radius[number] and score > best:
            best, label = score, int(model.clusters[number])
    return label


@MANY
@given(models())
def test_every_row_gets_the_cluster_of_the_definition(given_model: tuple[dict[str, np.ndarray], np.ndarray]) -> None:
    parts, rows = given_model
    model = made(parts)
    assert model.assign(rows).tolist() == [labelled(model, row) for row in rows]
    assert model.k == parts["clusters"].max() + 1


@MANY
@given(models(), st.randoms(use_true_random=False))
def test_prototypes_are_written_in_one_order(given_model: tuple[dict[str, np.ndarray], np.ndarray], random) -> None:
    parts, _ = given_model
    # equal prototypes have no order of their own
    _, kept = np.unique(np.column_stack([parts["clusters"], parts["centres"]]), axis=0, return_index=True)
    order = random.sample(kept.tolist(), len(kept))
    first, second = (made({name: values[list(rows)] for name, values in parts.items()}) for rows in (kept, order))
    for name in parts:
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert (np.diff(first.clusters) >= 0).all()


@MANY
@given(
    st.lists(st.integers(-1, 4), min_size=1, max_size=20), st.permutations(range(5)), st.randoms(use_true_random=False)
)
def test_clusters_are_numbered_by_size_whatever_they_were_called(labels: list[int], names: list[int], random) -> None:
    found = np.array(labels)
    values = np.array([[random.randint(-5, 5), place] for place in range(len(labels))], dtype=float)
    canonical = canonical_labels(found, values)
    renamed = np.array([NOISE if label == NOISE else names[label] for label in labels])
    assert np.array_equal(canonical, canonical_labels(renamed, values))
    assert np.array_equal(canonical, canonical_labels(canonical, values)), "numbering again changes nothing"
    assert np.array_equal(canonical == NOISE, found == NOISE)
    sizes = np.bincount(canonical[canonical != NOISE])
    assert (sizes > 0).all()
    assert list(sizes) == sorted(sizes, reverse=True)
    assert len(sizes) == len(set(labels) - {NOISE})
