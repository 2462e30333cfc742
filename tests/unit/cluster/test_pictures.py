"""UMAP and t-SNE: neighbours stay neighbours, pictures stay where they were, and nothing is too small to be shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from tribu.cluster import PictureSettings, draw_pictures, picture_quality
from tribu.cluster.pictures import SCHEMA, picture_of, places_of
from tribu.errors import ModelInputError

SETTINGS = PictureSettings(methods=("umap", "tsne"), dimensions=(2, 3), neighbours=15, perplexity=30.0, random_seed=1)
FLAT = PictureSettings(methods=("umap", "tsne"), dimensions=(2,), neighbours=15, perplexity=30.0, random_seed=1)
NONE_BEFORE = SCHEMA.empty_table()

SampleOf = Callable[[np.ndarray], pa.Table]


@pytest.fixture(scope="module")
def sample_of(table_of) -> SampleOf:
    """Points as `picture_sample` has them: with their places on the principal axes."""

    def build(values: np.ndarray) -> pa.Table:
        table = table_of(values)
        centred = values - values.mean(axis=0) if len(values) else values
        axes = np.zeros((len(values), 3))
        if len(values):
            _, _, turn = np.linalg.svd(centred, full_matrices=False)
            axes[:, : min(3, len(turn))] = centred @ turn[:3].T
        for number in range(3):
            table = table.append_column(f"pca_{number + 1}", pa.array(axes[:, number]))
        return table

    return build


@pytest.fixture(scope="module")
def sample(sample_of: SampleOf, blobs) -> pa.Table:
    return sample_of(blobs[0])


@pytest.fixture(scope="module")
def pictures(sample: pa.Table) -> pa.Table:
    return draw_pictures(sample, NONE_BEFORE, SETTINGS)


def places(pictures: pa.Table, method: str, dimensions: int) -> dict[str, np.ndarray]:
    picture = picture_of(pictures, method, dimensions)
    return dict(zip(picture.column("influencer_key").to_pylist(), places_of(picture, dimensions), strict=True))


def way(before: pa.Table, after: pa.Table, method: str, dimensions: int, keys: list[str]) -> float:
    """Root mean square way of some influencers, over their distance from the middle of the picture before."""
    old, new = places(before, method, dimensions), places(after, method, dimensions)
    start, end = np.array([old[key] for key in keys]), np.array([new[key] for key in keys])
    spread = np.linalg.norm(start - start.mean(axis=0), axis=1)
    return float(np.sqrt((np.linalg.norm(end - start, axis=1) ** 2).mean() / (spread**2).mean()))


def test_every_picture_has_everybody_once(sample: pa.Table, pictures: pa.Table) -> None:
    assert pictures.schema.equals(SCHEMA)
    assert len(pictures) == 4 * len(sample)
    for method in ("umap", "tsne"):
        for dimensions in (2, 3):
            found = places(pictures, method, dimensions)
            assert sorted(found) == sorted(sample.column("influencer_key").to_pylist())
            assert np.isfinite(np.array(list(found.values()))).all()
    flat = picture_of(pictures, "umap", 2)
    assert flat.column("z").null_count == len(flat)


def test_clouds_that_are_apart_are_apart_in_every_picture(pictures: pa.Table, blobs) -> None:
    labels = blobs[1]
    for method in ("umap", "tsne"):
        for dimensions in (2, 3):
            found = places_of(picture_of(pictures, method, dimensions), dimensions)
            distances = np.linalg.norm(found[:, None] - found[None], axis=2)
            np.fill_diagonal(distances, np.inf)
            nearest = labels[np.argsort(distances, axis=1)[:, :5]]
            assert (nearest == labels[:, None]).mean() > 0.97


def test_unchanged_points_give_the_same_picture(sample: pa.Table, pictures: pa.Table) -> None:
    shuffled = sample.take(np.random.default_rng(3).permutation(len(sample)))
    assert draw_pictures(shuffled, pictures, SETTINGS).equals(pictures)


def test_order_of_rows_changes_nothing(sample: pa.Table) -> None:
    small = sample.slice(0, 120)
    shuffled = small.take(np.random.default_rng(3).permutation(len(small)))
    assert draw_pictures(small, NONE_BEFORE, FLAT).equals(draw_pictures(shuffled, NONE_BEFORE, FLAT))


def test_a_picture_of_slightly_other_points_stays_where_it_was(sample_of: SampleOf, pictures: pa.Table, blobs) -> None:
    values, labels = blobs
    rng = np.random.default_rng(5)
    kept = np.sort(rng.choice(len(values), 600, replace=False))
    later = sample_of(values + rng.normal(0, 0.05, values.shape)).take(kept)
    # the axes of the later run may be mirrored; that must not mirror the pictures
    later = later.set_column(later.column_names.index("pca_1"), "pca_1", pa.array(-later.column("pca_1").to_numpy()))
    following = draw_pictures(later, pictures, SETTINGS)
    keys = later.column("influencer_key").to_pylist()
    for method in ("umap", "tsne"):
        for dimensions in (2, 3):
            assert way(pictures, following, method, dimensions, keys) < 0.2
            old, new = places(pictures, method, dimensions), places(following, method, dimensions)
            start = np.array(list(old.values()))
            spread = np.sqrt((np.linalg.norm(start - start.mean(axis=0), axis=1) ** 2).mean())
            for label in range(4):
                members = [key for key, row in zip(keys, kept, strict=True) if labels[row] == label]
                moved = np.mean([new[key] for key in members], axis=0) - np.mean([old[key] for key in members], axis=0)
                assert np.linalg.norm(moved) < 0.2 * spread


def test_newcomers_stand_beside_their_like(sample: pa.Table, pictures: pa.Table, blobs) -> None:
    labels = blobs[1]
    kept = np.flatnonzero(np.arange(len(labels)) % 4 != 0)
    before = draw_pictures(sample.take(kept), NONE_BEFORE, FLAT)
    after = draw_pictures(sample, before, FLAT)
    for method in ("umap", "tsne"):
        found = places_of(picture_of(after, method, 2), 2)
        centres = np.array([np.median(found[labels == label], axis=0) for label in range(4)])
        nearest = np.linalg.norm(found[:, None] - centres[None], axis=2).argmin(axis=1)
        newcomers = np.setdiff1d(np.arange(len(labels)), kept)
        assert (nearest == labels)[newcomers].mean() > 0.95


def test_the_first_picture_is_turned_onto_the_principal_axes(sample: pa.Table, pictures: pa.Table) -> None:
    axes = np.column_stack([sample.column(f"pca_{number}").to_numpy() for number in (1, 2)])
    for method in ("umap", "tsne"):
        found = places_of(picture_of(pictures, method, 2), 2)
        # no turn and no mirror brings a picture nearer that is nearest already
        product = (found - found.mean(axis=0)).T @ (axes - axes.mean(axis=0))
        assert np.trace(product) == pytest.approx(np.linalg.svd(product, compute_uv=False).sum(), rel=1e-6)


def test_pictures_of_others_are_not_gone_on_from(sample: pa.Table, pictures: pa.Table) -> None:
    renamed = pa.array([f"other_{key}" for key in sample.column("influencer_key").to_pylist()])
    others = sample.set_column(sample.column_names.index("influencer_key"), "influencer_key", renamed)
    fresh = draw_pictures(others, pictures, FLAT)
    for method in ("umap", "tsne"):
        expected = places_of(picture_of(pictures, method, 2), 2)
        assert places_of(picture_of(fresh, method, 2), 2) == pytest.approx(expected)


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5, 6, 9, 20])
@pytest.mark.parametrize("kind", ["different", "equal", "two points", "one feature"])
def test_small_and_degenerate_samples_have_places_and_figures(sample_of: SampleOf, rows: int, kind: str) -> None:
    values = np.random.default_rng(rows).normal(size=(rows, 1 if kind == "one feature" else 4))
    if kind == "equal":
        values[:] = 1.0
    if kind == "two points":
        values[:] = (np.arange(rows) % 2)[:, None]
    sample = sample_of(values)
    first = draw_pictures(sample, NONE_BEFORE, SETTINGS)
    assert len(first) == 4 * rows
    assert np.isfinite(first.column("x").to_numpy()).all()
    nudged = sample_of(values * 1.01)
    second = draw_pictures(nudged, first, SETTINGS)
    assert np.isfinite(second.column("x").to_numpy()).all()
    quality = picture_quality(nudged, second, first, SETTINGS)
    assert len(quality) == (6 if rows else 0)
    shares = [share for share in quality.column("trustworthiness").to_pylist() if share is not None]
    assert all(0 <= share <= 1 for share in shares)
    assert (len(shares) == 6) == (rows > 3 and kind != "equal") or rows == 3


def test_many_equal_influencers_are_laid_out(sample_of: SampleOf) -> None:
    values = np.zeros((200, 4))
    values[:60] = np.random.default_rng(2).normal(size=(60, 4))
    found = draw_pictures(sample_of(values), NONE_BEFORE, FLAT)
    assert np.isfinite(found.column("x").to_numpy()).all()
    assert np.isfinite(found.column("y").to_numpy()).all()


def test_quality_is_that_of_the_definition(sample: pa.Table, pictures: pa.Table) -> None:
    quality = {
        (row["method"], row["dimensions"]): row
        for row in picture_quality(sample, pictures, NONE_BEFORE, SETTINGS).to_pylist()
    }
    assert list(quality) == [(method, number) for method in ("pca", "umap", "tsne") for number in (2, 3)]
    # three features on three axes: nobody is near who is not near
    assert quality["pca", 3]["trustworthiness"] == 1.0
    assert 0.5 < quality["pca", 2]["trustworthiness"] < 1
    assert quality["umap", 2]["trustworthiness"] > 0.9
    assert quality["pca", 2]["known_rows_count"] is None
    assert (quality["tsne", 2]["known_rows_count"], quality["tsne", 2]["displacement_ratio"]) == (0, None)


def test_quality_of_a_random_picture_is_that_of_chance(sample: pa.Table, pictures: pa.Table) -> None:
    scattered = np.random.default_rng(1).normal(size=len(pictures))
    random = pictures.set_column(pictures.column_names.index("x"), "x", pa.array(scattered))
    random = random.set_column(random.column_names.index("y"), "y", pa.array(scattered[::-1]))
    quality = picture_quality(sample, random, pictures, FLAT).to_pylist()
    assert [row["trustworthiness"] for row in quality if row["method"] == "umap"] == [pytest.approx(0.5, abs=0.05)]


def test_the_way_since_the_picture_before_is_measured(sample: pa.Table, pictures: pa.Table) -> None:
    doubled = pictures.set_column(
        pictures.column_names.index("x"), "x", pa.array(pictures.column("x").to_numpy() + 3.0)
    )
    (row,) = [
        row
        for row in picture_quality(sample, doubled, pictures, FLAT).to_pylist()
        if (row["method"], row["dimensions"]) == ("tsne", 2)
    ]
    old = np.array(list(places(pictures, "tsne", 2).values()))
    spread = np.sqrt((np.linalg.norm(old - old.mean(axis=0), axis=1) ** 2).mean())
    assert row["known_rows_count"] == len(sample)
    assert row["displacement_ratio"] == pytest.approx(3.0 / spread, rel=1e-4)


def test_settings_say_what_is_wrong() -> None:
    meta = {
        "pictures": ["umap"],
        "picture_dimensions": [3, 2],
        "picture_neighbours": 15,
        "picture_perplexity": 30,
        "random_seed": 1,
    }
    assert PictureSettings.from_meta(meta).dimensions == (2, 3)
    assert PictureSettings.from_meta({**meta, "pictures": []}).methods == ()
    wrong = [
        ({"pictures": ["isomap"]}, "isomap"),
        ({"picture_dimensions": [4]}, "4"),
        ({"picture_neighbours": 1}, "at least 2"),
        ({"picture_perplexity": None}, "TypeError"),
    ]
    for change, said in wrong:
        with pytest.raises(ModelInputError, match=said):
            PictureSettings.from_meta({**meta, **change})


def test_a_sample_without_axes_is_refused(table_of) -> None:
    with pytest.raises(ModelInputError, match="pca_1"):
        draw_pictures(table_of(np.ones((3, 2))), NONE_BEFORE, FLAT)


def test_no_method_means_no_picture(sample: pa.Table) -> None:
    none = PictureSettings(methods=(), dimensions=(2, 3), neighbours=15, perplexity=30.0, random_seed=1)
    assert draw_pictures(sample, NONE_BEFORE, none).equals(NONE_BEFORE)
    assert picture_quality(sample, NONE_BEFORE, NONE_BEFORE, none).column("method").to_pylist() == ["pca", "pca"]
