"""The obvious notebook, beside Tribu: the same landing files to clusters and a map, with pandas and scikit-learn.

Written as a good analyst would: only the columns it needs are read, texts are parsed without a Python loop, k-means
starts as scikit-learn does by default, and the silhouette, whose cost is quadratic, is sampled. It reads every count,
and does nothing else of what a build does: no rows set aside, no tests, no lookalikes, no pages.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

K_RANGE = range(3, 13)
SILHOUETTE_ROWS = 10_000
MAP_POINTS = 2_000
SEED = 20260630
KEY = ["platform", "account_id"]
_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9}


def counts(texts: pd.Series) -> pd.Series:
    """Read counts as people write them: 12,345, 48.2K, 1.3M; what is none of these is unknown."""
    plain = texts.str.replace(",", "", regex=False)
    factor = plain.str[-1].map(_SUFFIXES)
    digits = plain.where(factor.isna(), plain.str[:-1])
    return pd.to_numeric(digits, errors="coerce").astype("float64") * factor.fillna(1.0).astype("float64")


def features(accounts: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """One row per account: size, engagement, rhythm and sponsorship."""
    posts = posts.merge(accounts[[*KEY, "followers"]], on=KEY, how="left")
    posts["interactions"] = posts["likes"] + posts["comments"]
    posts["engagement"] = posts["interactions"] / posts["followers"]
    posts["view_rate"] = posts["views"] / posts["followers"]
    posts["comment_rate"] = posts["comments"] / posts["likes"].where(posts["likes"] > 0)
    of_account = posts.groupby(KEY, sort=False)
    posts["is_viral"] = posts["interactions"] > 3 * of_account["interactions"].transform("median")
    summed = posts.groupby(KEY, sort=False).agg(
        engagement=("engagement", "median"),
        view_rate=("view_rate", "median"),
        comment_rate=("comment_rate", "median"),
        viral=("is_viral", "mean"),
        sponsored=("is_sponsored", "mean"),
        posts_seen=("engagement", "size"),
        first=("posted_at", "min"),
        last=("posted_at", "max"),
    )
    weeks = (summed["last"] - summed["first"]).dt.total_seconds() / 604_800
    summed["posts_per_week"] = summed["posts_seen"] / weeks.clip(lower=1)
    described = accounts.merge(summed.drop(columns=["first", "last", "posts_seen"]), on=KEY, how="left")
    return described.set_index(KEY)


def scaled(described: pd.DataFrame) -> np.ndarray:
    """Logarithms of what has a long tail, medians for what is unknown, unit variance."""
    from sklearn.preprocessing import StandardScaler

    tails = ["followers", "following", "posts", "engagement", "view_rate", "posts_per_week"]
    table = described.copy()
    table[tails] = np.log1p(table[tails].clip(lower=0))
    return StandardScaler().fit_transform(table.fillna(table.median()).to_numpy())


def clustered(points: np.ndarray) -> tuple[int, np.ndarray, float]:
    """K-means for every k of the range; the one with the best silhouette."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    rows = min(len(points), SILHOUETTE_ROWS)
    tried = []
    for k in K_RANGE:
        labels = KMeans(k, random_state=SEED).fit_predict(points)
        score = float(silhouette_score(points, labels, sample_size=rows, random_state=SEED))
        tried.append((score, k, labels))
    score, k, labels = max(tried, key=lambda one: one[:2])
    return k, labels, score


def write_map(folder: Path, described: pd.DataFrame, points: np.ndarray, labels: np.ndarray) -> None:
    """Write the map of principal components, medians of the clusters, and who is where."""
    import plotly.express as px
    from sklearn.decomposition import PCA

    folder.mkdir(parents=True, exist_ok=True)
    places = PCA(2).fit_transform(points)
    drawn = np.random.default_rng(SEED).choice(len(places), min(len(places), MAP_POINTS), replace=False)
    chart = px.scatter(x=places[drawn, 0], y=places[drawn, 1], color=labels[drawn].astype(str))
    chart.write_html(folder / "map.html")
    described.groupby(labels).median().to_csv(folder / "clusters.csv")
    described.assign(cluster=labels, x=places[:, 0], y=places[:, 1]).to_parquet(folder / "influencers.parquet")


def main(landing: Path, folder: Path) -> dict[str, object]:
    """Run it all.

    Returns
    -------
    dict[str, object]
        Wall and CPU seconds of each step, and what came out.
    """
    steps: dict[str, dict[str, float]] = {}
    began = time.monotonic(), time.process_time()

    def done(step: str) -> None:
        nonlocal began
        now = time.monotonic(), time.process_time()
        steps[step] = {"wall": round(now[0] - began[0], 2), "cpu": round(now[1] - began[1], 2)}
        began = now

    in_accounts, in_posts = ["followers", "following", "posts"], ["likes", "comments", "views"]
    accounts = pd.read_parquet(landing / "accounts", columns=[*KEY, *in_accounts])
    posts = pd.read_parquet(landing / "posts", columns=[*KEY, *in_posts, "posted_at", "is_sponsored"])
    done("read")
    for table, columns in ((accounts, in_accounts), (posts, in_posts)):
        for column in columns:
            table[column] = counts(table[column])
    posts["posted_at"] = pd.to_datetime(posts["posted_at"], format="%Y-%m-%d %H:%M:%S")
    posts["is_sponsored"] = (posts["is_sponsored"] == "true").astype("float64")
    done("parse")
    described = features(accounts, posts)
    del accounts, posts
    done("aggregate")
    points = scaled(described)
    done("scale")
    k, labels, score = clustered(points)
    done("cluster")
    write_map(folder, described, points, labels)
    done("map")
    return {"influencers": len(points), "k": k, "silhouette": round(score, 3), "steps": steps}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
