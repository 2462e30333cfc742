"""Niches of a public list of influencers, recovered from their hashtags alone.

The niche is no feature; it is compared with

* Tribu: `dbt build` as it ships, with content as the only block; algorithm and k are those that `ml_selection` chose;
* the notebook, which looks at size and engagement: what posts say is in none of its columns;
* the plain way: TF-IDF of the same hashtags, truncated SVD, unit length, k-means with k = 20;
* the ceiling: a linear model that is told the niche of two thirds.

All are compared on the influencers of whom each has a hashtag of its vocabulary.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from benchmarks.quality.agreement import Aim, Benchmark, Result, compare
from benchmarks.quality.baselines import SEED, notebook
from benchmarks.quality.builds import build, feature_matrix, k_range, land, selected_candidate
from numpy.typing import NDArray

FOLDER = "kim_instagram"
BLOCKS = ("size", "engagement", "rhythm", "commercial", "growth")
CONTENT_VARS: dict[str, object] = {
    "source": "landing",
    "block_weights": {**dict.fromkeys(BLOCKS, 0.0), "content": 1.0},
}


def measure_niches(data: Path, **settings: object) -> tuple[list[Result], dict[str, object]]:
    """Compare three ways to find the niches of a list of the real exports; the results, and what was selected.

    ``settings`` are further vars of the build.
    """
    from sklearn.linear_model import RidgeClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    files = [data / FOLDER / name for name in ("influencers.txt", "post_data_flat.csv")]
    with tempfile.TemporaryDirectory() as folder:
        land(Path(folder), *files)
        warehouse = build(Path(folder), {**CONTENT_VARS, **settings})
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            labelled = connection.execute(
                """
                select influencers.influencer_key, influencers.category, influencers.cluster_key
                from marts.dim_influencers as influencers
                inner join features.ftr_topics as topics on influencers.influencer_key = topics.influencer_key
                where influencers.category is not null and topics.topic_01 is not null
                """
            ).fetchall()
            hashtags = connection.execute(
                "select influencer_key, string_agg(array_to_string(hashtags, ' '), ' ' order by post_key)"
                " from marts.fct_posts group by influencer_key"
            ).fetchall()
            selected, tried = selected_candidate(connection), k_range(connection)
            raw = dict(
                zip(listed := sorted(key for key, _ in hashtags), feature_matrix(connection, listed), strict=True)
            )
    niche, cluster = ({row[0]: row[column] for row in labelled} for column in (1, 2))
    tags = {key: text or "" for key, text in hashtags}
    vectors, known = plain_vectors([tags[key] for key in listed])
    both = [position for position, key in enumerate(listed) if known[position] and key in niche]
    keys = [listed[position] for position in both]
    truth = [niche[key] for key in keys]
    folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
    told = cross_val_predict(RidgeClassifier(2.0), vectors[both], truth, cv=folds)
    results = [
        compare("Tribu, content alone", truth, [cluster[key] for key in keys]),
        compare("notebook", truth, list(notebook(np.array([raw[key] for key in keys]), tried))),
        compare(
            "plain TF-IDF", truth, list(plain_clusters(vectors[known])[np.searchsorted(np.flatnonzero(known), both)])
        ),
        compare("ceiling (supervised)", truth, list(told)),
    ]
    return results, {"influencers": len(keys), "niches": len(set(truth)), "selected": selected}


def plain_vectors(texts: list[str]) -> tuple[Any, NDArray[np.bool_]]:
    """TF-IDF of hashtags that 10 to a tenth of the influencers use, and which influencers use any."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(min_df=10, max_df=0.1, tokenizer=str.split, token_pattern=None).fit_transform(texts)
    return vectors, np.asarray(vectors.getnnz(axis=1) > 0)


def plain_clusters(vectors: Any) -> NDArray[np.int64]:
    """Truncated SVD, unit length, k-means."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    reduced = normalize(TruncatedSVD(100, random_state=SEED).fit_transform(vectors))
    return np.asarray(KMeans(20, n_init=10, random_state=SEED).fit_predict(reduced))


def benchmark(data: Path) -> Benchmark:
    """Build the list with content alone, and compare."""
    results, facts = measure_niches(data)
    return Benchmark("niches", facts, results, [Aim("Tribu's NMI at least 0.25", (results[0].nmi or 0.0) >= 0.25)])
