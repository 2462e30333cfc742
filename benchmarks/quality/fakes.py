"""Fake accounts of a labelled public list, found without the label.

The list has no handle and no text of a profile, only figures of it: followers, accounts followed and posts, for which
landing has columns, and eight more (whether there is a picture or a link, the length of the bio, digits in the names,
…), which land in `extra` under their own headers. Rows have their number in the list as the handle. Two kinds are asked
for, so the build is told `pinned_k: 2`, and chooses the algorithm itself.

Three builds count, everything else as it ships: one on the three columns; one with the eight as own features, every
block of weight 1; and one with weight 2 for the block of own features. The second is what ships; the third is the
question that is asked: fakes are told by how a profile is filled in, which is what those columns say.
That it is 2 and not 1.5 was settled by a simulation that saw the label; nothing else is set with it in sight, and
transforms are those that docs/features.md gives for lengths, shares and flags. A fourth build pins k-means on top, to
show what the choice of the algorithm is worth here. It was added after the label had been looked at, so no aim is
judged on it.

Beside them, on the three columns, the notebook, and a forest that is told the label of nine tenths (the ceiling). What
all eleven hold is told by the same two, and by the plain way: k-means with k = 2 on their logarithms.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from pathlib import Path

import duckdb
import numpy as np
from benchmarks.quality.agreement import Aim, Benchmark, Result, compare
from benchmarks.quality.baselines import SEED, forest, notebook
from benchmarks.quality.builds import build, feature_matrix, run, selected_candidate
from numpy.typing import NDArray

FOLDER = "fake_accounts"
LABEL = "fake"
LANDING_COLUMNS = {"followers": "#followers", "following": "#follows", "posts": "#posts"}
MAPPING = """
name: fake_accounts
title: Profiles with and without a person behind them
variants:
  - name: figures
    headers: {headers}
    tables:
      accounts:
        constants: {{platform: instagram, observed_at: 2020-01-01}}
        columns: {columns}
"""
SETTINGS: dict[str, object] = {"source": "landing", "pinned_k": 2}
BLOCKS = ("size", "engagement", "rhythm", "commercial", "growth", "own")
OWN_WEIGHT = 2.0
K_RANGE = range(2, 13)
"""What the notebook tries; from two, since two kinds are asked for."""


def _feature(name: str, column: str, transform: str, unit: str, english: str, french: str) -> dict[str, str]:
    """Describe an own feature; what names clusters is of no consequence here."""
    words = {f"{word}_{language}": f"{word} {name}" for word in ("high", "low") for language in ("en", "fr")}
    labels = {"label_en": english, "label_fr": french}
    return {"name": name, "column": column, "transform": transform, "unit": unit, **labels, **words}


OWN_FEATURES = [
    _feature("has_picture", "profile pic", "flag", "flag", "Profile picture", "Photo de profil"),
    _feature("username_digits_ratio", "nums/length username", "none", "ratio", "Digits in the handle", "Chiffres"),
    _feature("name_words", "fullname words", "log1p", "count", "Words in the name", "Mots du nom"),
    _feature("name_digits_ratio", "nums/length fullname", "none", "ratio", "Digits in the name", "Chiffres du nom"),
    _feature("name_is_username", "name==username", "flag", "flag", "Name is the handle", "Nom égal au pseudo"),
    _feature("bio_length", "description length", "log1p", "count", "Length of the bio", "Longueur de la bio"),
    _feature("has_link", "external URL", "flag", "flag", "Link", "Lien"),
    _feature("is_private", "private", "flag", "flag", "Private", "Privé"),
]


def accounts(data: Path) -> list[dict[str, str]]:
    """Rows of both files of the list, in their order."""
    rows: list[dict[str, str]] = []
    for name in ("train.csv", "test.csv"):
        with (data / FOLDER / name).open(encoding="utf-8", newline="") as handle:
            rows += csv.DictReader(handle)
    return rows


def write_list(rows: list[dict[str, str]], folder: Path) -> tuple[Path, Path]:
    """Write the rows without the label, and the mapping that reads them; the list and the mapping."""
    headers = [header for header in rows[0] if header != LABEL]
    path, mapping = folder / "accounts.csv", folder / "fake_accounts.yml"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["row", *headers])
        for number, row in enumerate(rows):
            writer.writerow([f"row_{number}", *(row[header] for header in headers)])
    # JSON is YAML, and quotes what YAML would read as a comment (#followers)
    columns = json.dumps({"handle": "row", **LANDING_COLUMNS})
    mapping.write_text(MAPPING.format(headers=json.dumps(["row", *headers]), columns=columns), encoding="utf-8")
    return path, mapping


def plain_clusters(columns: NDArray[np.float64]) -> NDArray[np.int64]:
    """K-means with k = 2 on standardised logarithms, of shares and flags too: log1p hardly bends what is 0 to 1."""
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    points = StandardScaler().fit_transform(np.log1p(columns))
    return np.asarray(KMeans(2, n_init=10, random_state=SEED).fit_predict(points))


def build_ways(landing: Path, folder: Path, **settings: object) -> dict[str, Path]:
    """Build the four ways, each in a folder of its own, so that none knows of another's model; the warehouses."""
    weighted: dict[str, object] = {
        "own_features": OWN_FEATURES,
        "block_weights": {**dict.fromkeys(BLOCKS, 1.0), "content": 0.0, "own": OWN_WEIGHT},
    }
    ways: dict[str, dict[str, object]] = {
        "Tribu, 3 columns": {},
        "Tribu, 11 columns": {"own_features": OWN_FEATURES},
        f"Tribu, 11 columns, own: {OWN_WEIGHT:g}": weighted,
        "… and k-means pinned": {**weighted, "pinned_algorithm": "kmeans"},
    }
    warehouses = {}
    for number, (way, own) in enumerate(ways.items()):
        place = folder / str(number)
        shutil.copytree(landing, place / "landing")
        warehouses[way] = build(place, {**SETTINGS, **own, **settings})
    return warehouses


def measure(data: Path, **settings: object) -> tuple[list[Result], dict[str, object]]:
    """Compare; the results, and what they rest on. ``settings`` are further vars of the builds."""
    rows = accounts(data)
    results, selected, features = [], {}, {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path, mapping = write_list(rows, folder)
        run(folder, "tribu", "import", str(path), "--mapping", str(mapping))
        for way, warehouse in build_ways(folder / "landing", folder, **settings).items():
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                listed = connection.execute(
                    "select influencer_key, handle, cluster_key from marts.dim_influencers order by influencer_key"
                ).fetchall()
                kept = [rows[int(handle.removeprefix("row_"))] for _, handle, _ in listed]
                truth = [row[LABEL] for row in kept]
                results.append(compare(way, truth, [cluster for *_, cluster in listed]))
                selected[way] = selected_candidate(connection)
                matrix = feature_matrix(connection, [key for key, _, _ in listed])
                features[way] = matrix[:, ~np.isnan(matrix).all(axis=0)]
    columns = np.array([[float(value) for header, value in row.items() if header != LABEL] for row in kept])
    three = features["Tribu, 3 columns"]
    results += [
        compare("3 columns: notebook", truth, list(notebook(three, K_RANGE))),
        compare("3 columns: ceiling", truth, list(forest(three, truth))),
        compare("11 columns: notebook", truth, list(notebook(columns, K_RANGE))),
        compare("11 columns: plain, k = 2", truth, list(plain_clusters(columns))),
        compare("11 columns: ceiling", truth, list(forest(columns, truth))),
    ]
    facts: dict[str, object] = {
        "influencers": len(kept),
        "fakes": truth.count("1"),
        "features": [matrix.shape[1] for matrix in features.values()],
        "selected": list(selected.values()),
    }
    return results, facts


def benchmark(data: Path) -> Benchmark:
    """Build the list, and compare; the aim is asked of the weighted way, since it is the one that asks for fakes."""
    results, facts = measure(data)
    weighted = results[2].ari or 0.0
    aim = Aim(f"Tribu's ARI at least 0.69, with weight {OWN_WEIGHT:g} for the own columns", weighted >= 0.69)
    return Benchmark("fakes", facts, results, [aim])
