"""Fake accounts of a labelled public list, found without the label.

The list has no handle and no text of a profile, only figures of it: followers, accounts followed and posts, for which
landing has columns, and eight more (whether there is a picture or a link, the length of the bio, digits in the names,
…), for which it has none. Rows are landed under the columns of landing, with their number in the list as the handle.
Two kinds are asked for, so the build is told `pinned_k: 2`, and chooses the algorithm itself; everything else is as it
ships.

Beside it, on the same three columns, the notebook, and a forest that is told the label of nine tenths (the ceiling).
What the other columns hold is told by the notebook and the ceiling on all eleven, and by the plain way: k-means with
k = 2 on their logarithms.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb
import numpy as np
from benchmarks.quality.agreement import Aim, Benchmark, Result, compare
from benchmarks.quality.baselines import SEED, forest, notebook
from benchmarks.quality.builds import build, feature_matrix, land, selected_candidate
from numpy.typing import NDArray

FOLDER = "fake_accounts"
LABEL = "fake"
LANDING_COLUMNS = {"followers": "#followers", "following": "#follows", "posts": "#posts"}
SETTINGS: dict[str, object] = {"source": "landing", "pinned_k": 2}
K_RANGE = range(2, 13)
"""What the notebook tries; from two, since two kinds are asked for."""


def accounts(data: Path) -> list[dict[str, str]]:
    """Rows of both files of the list, in their order."""
    rows: list[dict[str, str]] = []
    for name in ("train.csv", "test.csv"):
        with (data / FOLDER / name).open(encoding="utf-8", newline="") as handle:
            rows += csv.DictReader(handle)
    return rows


def write_list(rows: list[dict[str, str]], path: Path) -> None:
    """Write the rows as a file that `tribu import` knows by its headers, without the label."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["platform", "handle", "observed_at", *LANDING_COLUMNS])
        for number, row in enumerate(rows):
            figures = [row[header] for header in LANDING_COLUMNS.values()]
            writer.writerow(["instagram", f"row_{number}", "2020-01-01", *figures])


def plain_clusters(columns: NDArray[np.float64]) -> NDArray[np.int64]:
    """K-means with k = 2 on standardised logarithms, of shares and flags too: log1p hardly bends what is 0 to 1."""
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    points = StandardScaler().fit_transform(np.log1p(columns))
    return np.asarray(KMeans(2, n_init=10, random_state=SEED).fit_predict(points))


def measure(data: Path, **settings: object) -> tuple[list[Result], dict[str, object]]:
    """Compare on one build; the results, and what they rest on. ``settings`` are further vars of the build."""
    rows = accounts(data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_list(rows, folder / "accounts.csv")
        land(folder, folder / "accounts.csv")
        with duckdb.connect(str(build(folder, {**SETTINGS, **settings})), read_only=True) as connection:
            listed = connection.execute(
                "select influencer_key, handle, cluster_key from marts.dim_influencers order by influencer_key"
            ).fetchall()
            keys = [key for key, _, _ in listed]
            own = feature_matrix(connection, keys)
            selected = selected_candidate(connection)
    kept = [rows[int(handle.removeprefix("row_"))] for _, handle, _ in listed]
    truth = [row[LABEL] for row in kept]
    columns = np.array([[float(value) for header, value in row.items() if header != LABEL] for row in kept])
    own = own[:, ~np.isnan(own).all(axis=0)]
    results = [
        compare("Tribu", truth, [cluster for *_, cluster in listed]),
        compare("notebook", truth, list(notebook(own, K_RANGE))),
        compare("ceiling (supervised)", truth, list(forest(own, truth))),
        compare("11 columns: notebook", truth, list(notebook(columns, K_RANGE))),
        compare("11 columns: plain, k = 2", truth, list(plain_clusters(columns))),
        compare("11 columns: ceiling", truth, list(forest(columns, truth))),
    ]
    facts: dict[str, object] = {
        "influencers": len(kept),
        "fakes": truth.count("1"),
        "features": own.shape[1],
        "columns": columns.shape[1],
        "selected": selected,
    }
    return results, facts


def benchmark(data: Path) -> Benchmark:
    """Build the list, and compare."""
    results, facts = measure(data)
    return Benchmark("fakes", facts, results, [Aim("Tribu's ARI at least 0.69", (results[0].ari or 0.0) >= 0.69)])
