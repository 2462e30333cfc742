"""What influencers write about: topics scored in SQL, as a block of distances, and the terms that tell of a cluster."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from benchmarks.quality import measure_niches
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from tests.conftest import Build, run_dbt, run_tribu

CONTENT_ALONE = {"size": 0.0, "engagement": 0.0, "rhythm": 0.0, "commercial": 0.0, "growth": 0.0, "content": 1.0}
NICHES = {
    "food": ("recipe", "baking", "dessert", "veggie", "streetfood", "foodie"),
    "travel": ("beach", "hiking", "roadtrip", "vanlife", "island", "mountains"),
    "gaming": ("esports", "letsplay", "speedrun", "indiegame", "pcgaming", "console"),
}
TOPICS = [f"topic_{number:02d}" for number in range(1, 7)]
HOSTILE = "<script>alert(1)</script>"


def test_topic_scores_in_sql_are_those_of_scikit_learn(sample_build: Build) -> None:
    """Counts as Python saw them, through scikit-learn's TF-IDF, the published loadings and scikit-learn's norm."""
    counts = sample_build.rows("select influencer_key, term, uses_count from features.topic_sample")
    loadings = sample_build.rows("select topic, term, loading from features.ml_topic_loadings")
    keys = sorted({str(key) for key, _, _ in counts})
    terms = sorted({str(term) for _, term, _ in counts})
    topics = sorted({str(topic) for topic, _, _ in loadings})
    assert (len(keys) > 1000, len(terms) > 50, len(topics)) == (True, True, 16)
    row = {key: position for position, key in enumerate(keys)}
    column = {term: position for position, term in enumerate(terms)}
    uses = csr_matrix(
        (
            [float(str(n)) for *_, n in counts],
            ([row[str(k)] for k, *_ in counts], [column[str(t)] for _, t, _ in counts]),
        )
    )
    axes = np.zeros((len(terms), len(topics)))
    for topic, term, loading in loadings:
        axes[column[str(term)], topics.index(str(topic))] = loading
    expected = normalize(TfidfTransformer(sublinear_tf=True).fit_transform(uses) @ axes)
    scored = {
        key: scores
        for key, *scores in sample_build.rows(f"select influencer_key, {', '.join(topics)} from features.ftr_topics")
    }
    assert np.abs(np.array([scored[key] for key in keys]) - expected).max() < 1e-9
    # who is not in the sample has no term of the vocabulary here, and no score
    assert {key for key, scores in scored.items() if scores[0] is not None} == set(keys)
    assert len(scored) > len(keys)


def test_the_sample_is_clustered_by_behaviour_and_topics_wait_to_be_asked_for(sample_build: Build) -> None:
    seen = {feature for (feature,) in sample_build.rows("select distinct feature from marts.cluster_prototypes")}
    assert seen == {feature for (feature,) in sample_build.rows("select feature from features.distance_features")}
    assert not [feature for feature in seen if str(feature).startswith("topic_")]


def import_niches(folder: Path) -> None:
    """Sixty influencers of three niches with six posts each, and thirty of whom no post is known."""
    random = np.random.default_rng(3)
    posts = ["platform,handle,post_id,posted_at,observed_at,caption,likes,comments"]
    for number in range(60):
        own = random.choice(list(NICHES.values())[number % 3], 4, replace=False)
        hostile = f" #{HOSTILE}" if number % 3 == 0 and number % 2 else ""
        for post in range(6):
            tag, other, word = random.choice(own, 3)
            caption = f"The {word} of the day #{tag} #{other} #new{' #ad' if post % 2 else ''}{hostile}"
            posts.append(
                f"instagram,sample_{number},p{number}_{post},2026-06-{post + 10},2026-06-30,{caption},{100 + number},5"
            )
    accounts = ["platform,handle,followers,observed_at"]
    accounts += [f"instagram,sample_{number},{1000 + 37 * number},2026-06-30" for number in range(90)]
    for name, lines in (("posts.csv", posts), ("accounts.csv", accounts)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = run_tribu(folder, "import", str(folder / name))
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def niches(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("niches")
    import_niches(folder)
    settings = {
        "block_weights": CONTENT_ALONE,
        "content_words": True,
        "content_topics": 6,
        "algorithms": ["kmeans"],
        "k_max": 5,
    }
    build = run_dbt(folder, "build", "--vars", json.dumps(settings))
    assert build.exit_code == 0, build.log
    return build


def test_content_alone_finds_the_niches(niches: Build) -> None:
    assert "not present in the database" not in niches.log
    assert niches.value("select structure_found from clustering.ml_selection") is True
    found = defaultdict(set)
    for handle, cluster in niches.rows(
        "select handle, cluster_key from marts.dim_influencers where known_posts_count > 0"
    ):
        found[cluster].add(int(str(handle).rsplit("_", 1)[1]) % 3)
    assert sorted(map(sorted, found.values())) == [[0], [1], [2]]
    assert niches.value("select count(*) from features.distance_features") == 6


def test_who_writes_nothing_is_counted_as_imputed_and_no_witness(niches: Build) -> None:
    unknown = "known_posts_count = 0"
    assert niches.rows(
        f"select {unknown}, imputed_features_count, count(*) from marts.dim_influencers group by all order by all"
    ) == [(False, 0, 60), (True, 1, 30)]
    assert niches.value("select count(*) from clustering.fit_sample") == 60
    assert niches.value("select count(*) from features.ftr_scaled where topic_01 = 0 and topic_02 = 0") == 30
    # scores have unit length, and the block as a whole has the variance of its weight
    assert niches.value(
        f"select max(abs(1 - ({' + '.join(f'power({topic}, 2)' for topic in TOPICS)}))) from features.ftr_topics where terms_count > 0"
    ) == pytest.approx(0, abs=1e-9)
    variances = niches.rows(
        f"select {', '.join(f'var_pop({topic})' for topic in TOPICS)} from features.ftr_scaled where imputed_features_count = 0"
    )[0]
    assert sum(float(str(variance)) for variance in variances) == pytest.approx(1, abs=1e-9)


def test_the_terms_of_a_cluster_are_those_of_its_niche(niches: Build) -> None:
    words = {word: niche for niche, group in NICHES.items() for word in group}
    told = defaultdict(set)
    for cluster, term in niches.rows("select cluster_key, term from marts.cluster_terms where is_distinctive"):
        told[cluster].add(words.get(str(term).lstrip("#"), term))
    told = {cluster: kinds - {f"#{HOSTILE}", "#<script>alert"} for cluster, kinds in told.items()}
    assert sorted(map(sorted, told.values())) == [["food"], ["gaming"], ["travel"]]
    # an advertisement's hashtag is no term, a word is told from the hashtag, and what everybody uses is not in the vocabulary
    terms = {term for (term,) in niches.rows("select term from intermediate.int_influencer_terms")}
    assert "#ad" not in terms
    assert {"recipe", "#recipe", "#new", "day"} <= terms
    assert niches.value("select count(*) from intermediate.int_terms where term in ('#new', 'day')") == 0


def test_hostile_hashtags_are_text_on_the_page(niches: Build) -> None:
    shown = niches.rows("select distinct cluster_key, term from marts.cluster_terms where term like '%script%'")
    assert shown
    for cluster, _ in shown:
        page = (niches.site / "clusters" / f"{cluster}.html").read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "#&lt;script&gt;alert" in page
        assert "What they talk about" in page


@pytest.mark.parametrize("name", ["niches", "sample_build"])
def test_terms_are_ranked_by_class_based_tf_idf(name: str, request: pytest.FixtureRequest) -> None:
    """Against the definition, written out in Python; distinctive terms stand first."""
    build: Build = request.getfixturevalue(name)
    vocabulary = {term for (term,) in build.rows("select term from intermediate.int_terms")}
    cluster_of = dict(build.rows("select influencer_key, cluster_key from marts.dim_influencers"))
    used: dict[object, dict[object, int]] = defaultdict(lambda: defaultdict(int))
    known: dict[object, set[object]] = defaultdict(set)
    for key, term in build.rows("select influencer_key, term from intermediate.int_influencer_terms"):
        known[cluster_of[key]].add(key)
        if term in vocabulary:
            used[cluster_of[key]][term] += 1
    totals = {term: sum(counts[term] for counts in used.values()) for term in vocabulary}
    mean_uses = sum(totals.values()) / len(known)
    everybody = sum(map(len, known.values()))
    for cluster, counts in used.items():
        expected, distinctive = {}, {}
        for term, count in counts.items():
            share, overall = count / len(known[cluster]), totals[term] / everybody
            lift = min(share / overall, count / sum(counts.values()) / (totals[term] / sum(totals.values())))
            errors = math.sqrt(len(known[cluster]) * overall * (1 - overall))
            if count >= 5:
                expected[term] = count / sum(counts.values()) * math.log(1 + mean_uses / totals[term])
                distinctive[term] = lift >= 1.5 and count - len(known[cluster]) * overall >= 4 * errors
        ranking = sorted(expected, key=lambda term: (not distinctive[term], -round(expected[term], 12), str(term)))[:15]
        rows = build.rows(
            f"select term, score, is_distinctive from marts.cluster_terms where cluster_key = '{cluster}' order by rank"
        )
        assert [term for term, *_ in rows] == ranking
        assert [is_distinctive for *_, is_distinctive in rows] == [distinctive[term] for term in ranking]
        assert [score for _, score, _ in rows] == pytest.approx([expected[term] for term in ranking], rel=1e-12)


def test_without_topics_nothing_is_fitted_and_nothing_falls(tmp_path: Path) -> None:
    build = run_dbt(
        tmp_path,
        *("build", "--select", "+ftr_scaled", "--exclude-resource-type", "test"),
        *("--vars", '{"source": "sample", "content_topics": 0}'),
    )
    assert build.exit_code == 0, build.log
    assert build.value("select count(*) from features.ml_topic_loadings") == 0
    assert build.value("select max(terms_count) from features.ftr_topics") == 0
    assert build.value("select count(*) from features.ftr_scaled") == build.value(
        "select count(*) from features.ftr_influencers"
    )


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({**CONTENT_ALONE, "content": 0.0}, "expected a feature that distances see"),
        ({"size": 1.0}, "expected a weight of 0 or more for every block"),
    ],
)
def test_weights_that_leave_nothing_or_not_everything_said_are_refused(
    tmp_path: Path, weights: dict[str, float], words: str
) -> None:
    build = run_dbt(
        tmp_path, "compile", "--select", "distance_features", "--vars", json.dumps({"block_weights": weights})
    )
    assert build.exit_code != 0
    assert words in build.log


@pytest.mark.real_data
def test_hashtags_find_niches_better_than_the_plain_way(real_data: Path) -> None:
    """Floors under the figures of `make bench-quality`."""
    results, facts = measure_niches(real_data, algorithms=["kmeans"])
    nmi = {result.way: result.nmi for result in results}
    assert int(str(facts["influencers"])) > 10_000
    assert nmi["Tribu, content alone"] > 0.23
    assert nmi["Tribu, content alone"] > nmi["plain TF-IDF"] + 0.03
