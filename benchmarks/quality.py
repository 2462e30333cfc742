"""How well the clusters of a build recover a known answer, beside what the obvious notebook makes of the same data.

The data is the synthetic sample, whose answer key (`tests/truth/sample_archetypes.csv`) the build never sees. All
three figures come from one build in a folder of its own:

* Tribu: the clusters that `dbt build` publishes, with the settings of the project;
* the notebook: raw features, missing values at the column's median, `StandardScaler`, k-means with the best
  silhouette over the same range of k;
* the ceiling: a random forest that is told the answer for nine tenths of the influencers and predicts the rest, on
  the same scaled features. It states how hard the sample is: no clustering, which is told nothing, should be expected
  to come near it.

Content is measured on a public list whose influencers bear a niche, read from `TRIBU_REAL_DATA` and left out,
saying so, where that is not there. The niche is no feature; it is compared with clusters of hashtags alone:

* Tribu: `dbt build` as it ships, with content as the only block; algorithm and k are those that `ml_selection` chose;
* the plain way: TF-IDF of the same hashtags, truncated SVD, unit length, k-means with k = 20;
* the ceiling: a linear model that is told the niche of two thirds.

All three are compared on the influencers of whom each has a hashtag of its vocabulary.

Run it with `make bench-quality`; figures go to stdout, as a table or with `--json` as JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
TRUTH = ROOT / "tests" / "truth" / "sample_archetypes.csv"
SEED = 20260630
BLOCKS = ("size", "engagement", "rhythm", "commercial", "growth")
CONTENT_VARS: dict[str, object] = {
    "source": "landing",
    "block_weights": {**dict.fromkeys(BLOCKS, 0.0), "content": 1.0},
}


@dataclass(frozen=True)
class Result:
    """Agreement of one way of clustering with the answer key: 1 is the same partition, 0 is chance."""

    way: str
    clusters: int
    ari: float
    nmi: float


def build(folder: Path, settings: dict[str, object], *files: Path) -> Path:
    """Import files and build in a folder of its own; the warehouse."""
    places = {
        "TRIBU_LANDING": str(folder / "landing"),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_SITE": str(folder / "site"),
    }
    tools = Path(sys.executable)
    commands = [[str(tools.with_name("dbt")), "build", "--vars", json.dumps(settings)]]
    commands[0] += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    if files:
        commands.insert(0, [str(tools.with_name("tribu")), "import", *map(str, files)])
    for command in commands:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env={**os.environ, **places}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    return folder / "warehouse.duckdb"


def known_archetypes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Archetype of each influencer by key, joined by the platform's id and, where no source gives it, by the handle."""
    with TRUTH.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    by_id = {(row["platform"], row["account_id"]): row["archetype"] for row in rows}
    by_handle = {(row["platform"], row["handle"].lower()): row["archetype"] for row in rows}
    influencers = connection.execute("select influencer_key, platform, account_id, handle from marts.dim_influencers")
    found = {
        key: by_id.get((platform, account_id)) or by_handle.get((platform, (handle or "").lower()))
        for key, platform, account_id, handle in influencers.fetchall()
    }
    return {key: archetype for key, archetype in found.items() if archetype is not None}


def notebook(raw: NDArray[np.float64], k_range: range) -> NDArray[np.int64]:
    """Cluster as the obvious notebook does; labels of the k with the best silhouette."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    filled = np.where(np.isnan(raw), np.nanmedian(raw, axis=0), raw)
    points = StandardScaler().fit_transform(filled)
    tried = [KMeans(k, n_init=10, random_state=SEED).fit_predict(points) for k in k_range]
    return max(tried, key=lambda labels: float(silhouette_score(points, labels)))


def ceiling(scaled: NDArray[np.float64], truth: list[str]) -> NDArray[np.str_]:
    """Predict each influencer's archetype from the nine tenths of the others that it is not among."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    forest = RandomForestClassifier(300, random_state=SEED, n_jobs=1)
    return np.asarray(cross_val_predict(forest, scaled, truth, cv=StratifiedKFold(10, shuffle=True, random_state=SEED)))


def compare(way: str, truth: list[str], labels: list[object]) -> Result:
    """Measure a labelling against the answer key."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    names = [str(label) for label in labels]
    return Result(
        way,
        len(set(names)),
        round(float(adjusted_rand_score(truth, names)), 3),
        round(float(normalized_mutual_info_score(truth, names)), 3),
    )


def measure(warehouse: Path) -> tuple[list[Result], dict[str, object]]:
    """Compare the three ways on one build; the results, and what was selected."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        archetypes = known_archetypes(connection)
        keys = sorted(archetypes)
        truth = [archetypes[key] for key in keys]
        features = [
            name
            for (name,) in connection.execute(
                "select feature from features.feature_catalogue order by feature_order"
            ).fetchall()
        ]
        columns = ", ".join(f"cast({name} as double)" for name in features)

        def matrix(table: str) -> NDArray[np.float64]:
            rows = connection.execute(f"select influencer_key, {columns} from {table}").fetchall()
            values = {key: row for key, *row in rows}
            return np.array([values[key] for key in keys], dtype=float)

        clusters = dict(connection.execute("select influencer_key, cluster_key from marts.dim_influencers").fetchall())
        (selected,) = connection.execute("select candidate_id from clustering.ml_selection").fetchall()
        low, high = connection.execute(
            "select min(k), max(k) from clustering.ml_candidates where algorithm = 'kmeans' and k > 1"
        ).fetchall()[0]
        raw, scaled = matrix("features.ftr_influencers"), matrix("features.ftr_scaled")
    results = [
        compare("Tribu", truth, [clusters[key] for key in keys]),
        compare("notebook", truth, list(notebook(raw, range(low, high + 1)))),
        compare("ceiling (supervised)", truth, list(ceiling(scaled, truth))),
    ]
    return results, {"influencers": len(keys), "archetypes": len(set(truth)), "selected": selected[0]}


def measure_niches(data: Path, **settings: object) -> tuple[list[Result], dict[str, object]]:
    """Compare three ways to find the niches of a list of the real exports; the results, and what was selected.

    ``settings`` are further vars of the build.
    """
    from sklearn.linear_model import RidgeClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    files = [data / "kim_instagram" / name for name in ("influencers.txt", "post_data_flat.csv")]
    with tempfile.TemporaryDirectory() as folder:
        warehouse = build(Path(folder), {**CONTENT_VARS, **settings}, *files)
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
            (selected,) = connection.execute("select candidate_id from clustering.ml_selection").fetchall()
    niche, cluster = ({row[0]: row[column] for row in labelled} for column in (1, 2))
    tags = {key: text or "" for key, text in hashtags}
    listed = sorted(tags)
    vectors, known = plain_vectors([tags[key] for key in listed])
    both = [position for position, key in enumerate(listed) if known[position] and key in niche]
    keys = [listed[position] for position in both]
    truth = [niche[key] for key in keys]
    folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
    told = cross_val_predict(RidgeClassifier(2.0), vectors[both], truth, cv=folds)
    results = [
        compare("Tribu, content alone", truth, [cluster[key] for key in keys]),
        compare(
            "plain TF-IDF", truth, list(plain_clusters(vectors[known])[np.searchsorted(np.flatnonzero(known), both)])
        ),
        compare("ceiling (supervised)", truth, list(told)),
    ]
    return results, {"influencers": len(keys), "niches": len(set(truth)), "selected": selected[0]}


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


def print_results(title: str, results: list[Result]) -> None:
    """Print a table under a title."""
    print(f"{title}\n\n{'way':22} {'clusters':>8} {'ARI':>6} {'NMI':>6}")
    for result in results:
        print(f"{result.way:22} {result.clusters:>8} {result.ari:>6.3f} {result.nmi:>6.3f}")
    print()


def main() -> None:
    """Build, measure, print."""
    arguments = argparse.ArgumentParser(
        description="Quality of the clusters on the sample, beside the obvious notebook."
    )
    arguments.add_argument("--json", action="store_true", help="print JSON")
    as_json = arguments.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        results, facts = measure(build(Path(folder), {"source": "sample"}))
    report = {**facts, "results": [asdict(result) for result in results]}
    if not as_json:
        kinds = f"{facts['influencers']} influencers of {facts['archetypes']} archetypes"
        print_results(f"The sample: {kinds}; Tribu selected {facts['selected']}", results)
    data = Path(os.environ.get("TRIBU_REAL_DATA", ROOT.parent / "shared" / "data"))
    if (data / "kim_instagram").is_dir():
        results, facts = measure_niches(data)
        report["niches"] = {**facts, "results": [asdict(result) for result in results]}
        if not as_json:
            kinds = f"{facts['influencers']} influencers of {facts['niches']} niches"
            print_results(f"Niches from hashtags: {kinds}; Tribu selected {facts['selected']}", results)
    else:
        print(f"niches from hashtags: left out, no kim_instagram in {data} (TRIBU_REAL_DATA)", file=sys.stderr)
    if as_json:
        print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
