"""Topics: loadings that group what is used together, whatever the order of rows, and nothing where there is nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from tribu.cluster import topic_loadings
from tribu.errors import ModelInputError

NICHES = (
    ("#food", "#recipe", "#baking", "#dessert", "#foodie", "#veggie"),
    ("#travel", "#beach", "#hiking", "#roadtrip", "#vanlife", "#island"),
    ("#gaming", "#esports", "#letsplay", "#speedrun", "#indiegame", "#pcgaming"),
)


def sample_of(rows: list[tuple[str, str, int]]) -> pa.Table:
    return pa.table(
        {
            "influencer_key": pa.array([row[0] for row in rows], pa.string()),
            "term": pa.array([row[1] for row in rows], pa.string()),
            "uses_count": pa.array([row[2] for row in rows], pa.int64()),
        }
    )


@pytest.fixture(scope="module")
def sample() -> pa.Table:
    """Ninety influencers of three niches, each with three terms of its niche and a common one."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(90):
        chosen = rng.choice(NICHES[number % 3], 3, replace=False)
        rows += [(f"i{number:03d}", str(term), int(rng.integers(1, 6))) for term in chosen]
        rows.append((f"i{number:03d}", "#love", 1))
    return sample_of(rows)


def vectors_of(loadings: pa.Table) -> tuple[list[str], np.ndarray]:
    terms = sorted(set(loadings.column("term").to_pylist()))
    topics = sorted(set(loadings.column("topic").to_pylist()))
    values = dict(
        zip(
            zip(loadings.column("topic").to_pylist(), loadings.column("term").to_pylist(), strict=True),
            loadings.column("loading").to_pylist(),
            strict=True,
        )
    )
    return terms, np.array([[values[topic, term] for topic in topics] for term in terms])


def test_terms_of_a_niche_point_the_same_way(sample: pa.Table) -> None:
    terms, vectors = vectors_of(topic_loadings(sample, topics=3, seed=1))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = {pair: float(unit[terms.index(pair[0])] @ unit[terms.index(pair[1])]) for pair in combinations(terms, 2)}
    niche = {term: number for number, group in enumerate(NICHES) for term in group}
    for (first, second), value in cosine.items():
        if first in niche and second in niche:
            assert (value > 0.8) == (niche[first] == niche[second]), (first, second, value)


def test_loadings_are_the_decomposition_of_positive_mutual_information(sample: pa.Table) -> None:
    """Against the definition, written out densely."""
    terms, vectors = vectors_of(topic_loadings(sample, topics=4, seed=1))
    keys = sorted(set(sample.column("influencer_key").to_pylist()))
    used = np.zeros((len(keys), len(terms)))
    for key, term in zip(sample.column("influencer_key").to_pylist(), sample.column("term").to_pylist(), strict=True):
        used[keys.index(key), terms.index(term)] = 1
    together = used.T @ used
    np.fill_diagonal(together, 0)
    context = together.sum(axis=0) ** 0.75
    with np.errstate(divide="ignore"):
        information = np.log(together / np.outer(together.sum(axis=1), context / context.sum()))
    left, singular, _ = np.linalg.svd(np.maximum(information, 0))
    assert np.abs(vectors) == pytest.approx(np.abs(left[:, :4] * singular[:4]), abs=1e-7)


def test_idf_is_that_of_scikit_learn(sample: pa.Table) -> None:
    loadings = topic_loadings(sample, topics=2, seed=1)
    terms = sorted(set(sample.column("term").to_pylist()))
    keys = sorted(set(sample.column("influencer_key").to_pylist()))
    counts = np.zeros((len(keys), len(terms)))
    for row in sample.to_pylist():
        counts[keys.index(row["influencer_key"]), terms.index(row["term"])] = row["uses_count"]
    idf = dict(zip(loadings.column("term").to_pylist(), loadings.column("idf").to_pylist(), strict=True))
    assert [idf[term] for term in terms] == pytest.approx(TfidfTransformer().fit(counts).idf_, abs=1e-9)


def test_order_of_rows_and_the_start_change_nothing(sample: pa.Table) -> None:
    reference = topic_loadings(sample, topics=3, seed=1)
    shuffled = sample.take(np.random.default_rng(3).permutation(len(sample)))
    assert topic_loadings(shuffled, topics=3, seed=1).equals(reference)
    other = np.array(topic_loadings(sample, topics=3, seed=2).column("loading"))
    assert other == pytest.approx(np.array(reference.column("loading")), abs=1e-7)


def test_the_strongest_loading_of_each_topic_is_positive(sample: pa.Table) -> None:
    _, vectors = vectors_of(topic_loadings(sample, topics=5, seed=1))
    strongest = np.abs(vectors).argmax(axis=0)
    assert (vectors[strongest, np.arange(5)] > 0).all()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", "#one", 1)],
        [("a", "#one", 1), ("b", "#one", 1), ("c", "#one", 4)],
        [("a", "#one", 1), ("a", "#two", 1), ("a", "#three", 1)],
        [("a", "#one", 1), ("b", "#two", 1), ("c", "#three", 1)],
    ],
    ids=["nobody", "one term", "the same term", "one influencer", "nothing together"],
)
def test_where_nothing_goes_together_there_is_no_topic(rows: list[tuple[str, str, int]]) -> None:
    loadings = topic_loadings(sample_of(rows), topics=16, seed=1)
    assert loadings.num_rows == 0
    assert loadings.column_names == ["topic", "term", "idf", "loading"]


def test_no_topic_is_wanted(sample: pa.Table) -> None:
    assert topic_loadings(sample, topics=0, seed=1).num_rows == 0


def test_fewer_terms_or_influencers_than_topics_give_fewer(sample: pa.Table) -> None:
    few = sample.filter(pa.compute.less(sample.column("influencer_key"), "i004"))
    found = set(topic_loadings(few, topics=16, seed=1).column("topic").to_pylist())
    assert 0 < len(found) <= 3
    assert np.isfinite(np.array(topic_loadings(sample, topics=99, seed=1).column("loading"))).all()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a", "#one", 1), ("a", "#one", 1)], "every pair of influencer and term once"),
        ([("a", "#one", 0)], "used at least once"),
        ([("a", None, 1)], "none of them null"),
    ],
)
def test_tables_of_another_grain_are_refused(rows: list[tuple[str, str, int]], words: str) -> None:
    with pytest.raises(ModelInputError, match=words):
        topic_loadings(sample_of(rows), topics=2, seed=1)
    with pytest.raises(ModelInputError, match="no term, uses_count"):
        topic_loadings(pa.table({"influencer_key": ["a"]}), topics=2, seed=1)
