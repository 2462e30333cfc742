"""Candidates: the right k stands out, and odd input ends sensibly."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tribu.cluster import evaluate_candidates
from tribu.errors import ModelInputError

SETTINGS = {"k_min": 2, "k_max": 7, "restarts": 5, "silhouette_rows": 5000, "seed": 1}


def test_the_true_number_of_clouds_has_the_best_silhouette(table_of, blobs) -> None:
    rows = evaluate_candidates(table_of(blobs[0]), **SETTINGS).to_pylist()
    assert [row["k"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert max(rows, key=lambda row: row["silhouette"])["k"] == 4
    assert min(rows, key=lambda row: row["davies_bouldin"])["k"] == 4
    four = rows[2]
    assert four["smallest_share"] == pytest.approx(50 / 650, abs=0.01)
    assert four["largest_share"] == pytest.approx(300 / 650, abs=0.01)
    assert four["fit_rows"] == 650
    assert four["features_count"] == 3


def test_scores_agree_with_their_definition_on_a_hand_made_case(table_of) -> None:
    """Two pairs of points, ten apart: a = 1, b = 10 or about it, computed by hand."""
    points = np.array([[0.0, 0.0], [0.0, 1.0], [10.0, 0.0], [10.0, 1.0]])
    (row,) = evaluate_candidates(table_of(points), **{**SETTINGS, "k_max": 2}).to_pylist()
    nearer, farther = 10.0, np.sqrt(101.0)
    between = (nearer + farther) / 2
    assert row["silhouette"] == pytest.approx((between - 1) / between)
    assert row["inertia"] == pytest.approx(4 * 0.25)
    assert row["davies_bouldin"] == pytest.approx((0.5 + 0.5) / 10.0)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (np.zeros((0, 3)), []),
        (np.zeros((1, 3)), [1]),
        (np.array([[0.0, 1.0], [2.0, 3.0]]), [1]),
        (np.ones((50, 3)), [1]),
        (np.repeat(np.eye(3), 20, axis=0), [2]),
    ],
    ids=["nobody", "one", "two", "all equal", "three different"],
)
def test_degenerate_samples_have_the_candidates_that_make_sense(table_of, points, expected) -> None:
    table = evaluate_candidates(table_of(points), **SETTINGS)
    assert table.column("k").to_pylist() == expected


def test_order_of_rows_and_number_of_threads_change_nothing(table_of, blobs) -> None:
    from threadpoolctl import threadpool_limits

    table = table_of(blobs[0])
    shuffled = table.take(np.random.default_rng(3).permutation(len(table)))
    with threadpool_limits(1):
        one = evaluate_candidates(table, **SETTINGS)
    with threadpool_limits(2):
        two = evaluate_candidates(shuffled, **SETTINGS)
    assert one.column("inertia").to_numpy() == pytest.approx(two.column("inertia").to_numpy(), rel=1e-9)
    assert one.column("silhouette").to_pylist() == two.column("silhouette").to_pylist()


def test_the_silhouette_of_a_part_is_close_to_that_of_all(table_of, blobs) -> None:
    table = table_of(blobs[0])
    whole = evaluate_candidates(table, **SETTINGS).column("silhouette").to_numpy()
    part = evaluate_candidates(table, **{**SETTINGS, "silhouette_rows": 200}).column("silhouette").to_numpy()
    assert part == pytest.approx(whole, abs=0.05)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"f0": [1.0]}, "a column influencer_key"),
        ({"influencer_key": ["a", "b"]}, "at least one feature"),
        ({"influencer_key": ["a", "a"], "f0": [1.0, 2.0]}, "one row per influencer_key"),
        ({"influencer_key": ["a", None], "f0": [1.0, 2.0]}, "one row per influencer_key"),
        ({"influencer_key": ["a"], "f0": ["many"]}, "numbers in feature f0"),
        ({"influencer_key": ["a", "b"], "f0": [1.0, None]}, "a finite number"),
        ({"influencer_key": ["a", "b"], "f0": [1.0, float("inf")]}, "a finite number"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_the_reason(columns, expected) -> None:
    with pytest.raises(ModelInputError, match=expected):
        evaluate_candidates(pa.table(columns), **SETTINGS)
