"""Rules: a partition made by conditions is found again, as SQL that picks the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from tribu.cluster import fit_rules
from tribu.errors import ModelInputError

FEATURES = ("followers_count", "sponsored_ratio", "er_followers")


def sample_of(clusters: Sequence[str], **features: object) -> pa.Table:
    keys = [f"i{row:05d}" for row in range(len(clusters))]
    columns = {"influencer_key": pa.array(keys, pa.string()), "cluster_key": pa.array(list(clusters), pa.string())}
    return pa.table({**columns, **features})


def rules_of(sample: pa.Table, max_depth: int = 4, min_leaf_share: float = 0.01) -> dict[str, str]:
    rules = fit_rules(sample, max_depth=max_depth, min_leaf_share=min_leaf_share)
    return dict(zip(rules["cluster_key"].to_pylist(), rules["rule_sql"].to_pylist(), strict=True))


def leaves_of(sample: pa.Table, max_depth: int = 4) -> dict[str, int]:
    rules = fit_rules(sample, max_depth=max_depth, min_leaf_share=0.01)
    return dict(zip(rules["cluster_key"].to_pylist(), rules["rule_leaves"].to_pylist(), strict=True))


def picked(sample: pa.Table, predicate: str) -> set[str]:
    with duckdb.connect() as connection:
        connection.register("influencers", sample)
        return {
            row[0] for row in connection.execute(f"select influencer_key from influencers where {predicate}").fetchall()
        }


def members(sample: pa.Table, cluster: str) -> set[str]:
    pairs = zip(sample["influencer_key"].to_pylist(), sample["cluster_key"].to_pylist(), strict=True)
    return {key for key, found in pairs if found == cluster}


@pytest.fixture(scope="module")
def nested() -> pa.Table:
    """Small accounts; large ones that are rarely sponsored; large ones that often are."""
    rng = np.random.default_rng(11)
    large = rng.random(900) < 0.5
    followers = np.where(large, rng.integers(130_000, 900_000, 900), rng.integers(1_000, 90_000, 900))
    sponsored = rng.choice([0.0, 0.02, 0.05, 0.2, 0.35], 900)
    clusters = np.where(~large, "c01", np.where(sponsored < 0.1, "c02", "c03"))
    return sample_of(
        clusters.tolist(),
        followers_count=pa.array(followers, pa.int64()),
        sponsored_ratio=pa.array(sponsored),
        er_followers=pa.array(rng.random(900)),
    )


def test_a_known_partition_gives_the_known_rules(nested: pa.Table) -> None:
    rules = rules_of(nested)
    assert rules == {
        "c01": "followers_count < 100000",
        "c02": "followers_count >= 100000 and sponsored_ratio < 0.1",
        "c03": "followers_count >= 100000 and sponsored_ratio >= 0.1",
    }
    for cluster, rule in rules.items():
        assert picked(nested, rule) == members(nested, cluster)


def test_the_same_rules_from_any_order_of_rows(nested: pa.Table) -> None:
    noisy = noisy_sample()
    for sample in (nested, noisy):
        shuffled = sample.take(np.random.default_rng(5).permutation(len(sample)))
        assert rules_of(shuffled) == rules_of(sample)


@pytest.mark.parametrize("side", ["c01", "c02"])
def test_unknown_values_are_on_the_side_where_they_were_seen(side: str) -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.uniform(0.001, 0.02, 200), rng.uniform(0.05, 0.2, 200), np.full(100, np.nan)])
    clusters = ["c01"] * 200 + ["c02"] * 200 + [side] * 100
    sample = sample_of(clusters, er_followers=pa.array(values, from_pandas=True))
    rules = rules_of(sample)
    assert ("is null" in rules["c01"], "is null" in rules["c02"]) == (side == "c01", side == "c02")
    for cluster, rule in rules.items():
        assert picked(sample, rule) == members(sample, cluster)


def test_being_unknown_may_be_all_that_marks_a_cluster() -> None:
    values = [0.1, 0.2, 0.3, 0.4] * 50 + [None] * 60
    sample = sample_of(["c01"] * 200 + ["c02"] * 60, er_followers=pa.array(values, pa.float64()))
    assert rules_of(sample) == {"c01": "er_followers is not null", "c02": "er_followers is null"}


def test_where_no_unknown_was_seen_a_known_value_is_asked_for(nested: pa.Table) -> None:
    stranger = sample_of(["c01"], followers_count=pa.array([None], pa.int64()), sponsored_ratio=pa.array([0.3]))
    assert not any(picked(stranger, rule) for rule in rules_of(nested).values())


def test_a_platform_is_a_condition_and_its_name_is_quoted() -> None:
    platforms = ["x' or true --", "youtube", "tiktok"] * 60
    sample = sample_of(
        ["c02" if platform.startswith("x") else "c01" for platform in platforms], platform=pa.array(platforms)
    )
    rules = rules_of(sample)
    assert rules == {"c01": "platform != 'x'' or true --'", "c02": "platform = 'x'' or true --'"}
    for cluster, rule in rules.items():
        assert picked(sample, rule) == members(sample, cluster)


def test_platforms_left_out_one_by_one_are_one_condition() -> None:
    platforms = ["instagram", "tiktok", "youtube", "x"] * 50
    clusters = [{"instagram": "c02", "tiktok": "c03"}.get(platform, "c01") for platform in platforms]
    assert (
        rules_of(sample_of(clusters, platform=pa.array(platforms)))["c01"] == "platform not in ('instagram', 'tiktok')"
    )


def noisy_sample(rows: int = 1_500) -> pa.Table:
    """Clusters that touch, with unknown values of every feature on both sides of every question."""
    rng = np.random.default_rng(17)
    labels = rng.integers(0, 6, rows)
    values = rng.normal(size=(rows, 3)) * 0.8 + rng.normal(size=(6, 3))[labels] * 1.5
    values[rng.random(values.shape) < 0.15] = np.nan
    followers = np.exp(values[:, 0] + 10)
    return sample_of(
        [f"c{label + 1:02d}" for label in labels],
        followers_count=pa.array(np.where(np.isnan(followers), None, np.round(np.nan_to_num(followers))), pa.int64()),
        sponsored_ratio=pa.array(1 / (1 + np.exp(values[:, 1])), from_pandas=True),
        er_followers=pa.array(np.exp(values[:, 2] - 3), from_pandas=True),
    )


def test_rules_pick_nearly_the_rows_that_the_tree_itself_labels() -> None:
    """Rounding may move one row in a hundred at each question; nothing else may differ from scikit-learn's tree."""
    from sklearn.tree import DecisionTreeClassifier

    sample = noisy_sample()
    matrix = np.column_stack([sample[name].to_numpy(zero_copy_only=False).astype(float) for name in FEATURES])
    labels = np.array(sample["cluster_key"].to_pylist())

    keys = np.array(sample["influencer_key"].to_pylist())

    def fitted(wanted: np.ndarray) -> DecisionTreeClassifier:
        return DecisionTreeClassifier(max_depth=4, min_samples_leaf=15, random_state=0).fit(matrix, wanted)

    def picked_by_own_tree(cluster: object) -> set[str]:
        own = labels == cluster
        shares = fitted(own).predict_proba(matrix)[:, 1]
        picks = [shares >= bound for bound in np.unique(shares)]
        best = max(picks, key=lambda pick: 2 * (pick & own).sum() / (pick.sum() + own.sum()))
        return set(keys[best])

    compared = 0
    for cluster, rule in rules_of(sample).items():
        # the majority of the tree of all clusters, or the best F1 of the one that knows this cluster and the others only
        common = set(keys[fitted(labels).predict(matrix) == cluster])
        trees = [tree for tree in (common, picked_by_own_tree(cluster)) if tree]
        if trees:
            compared += 1
            assert min(len(picked(sample, rule) ^ own) for own in trees) <= 0.04 * len(sample)
    assert compared >= 4


def test_rules_are_short() -> None:
    for rule in rules_of(noisy_sample(), max_depth=2).values():
        for path in rule.split(") or ("):
            assert path.count(" and ") <= 3  # two questions, of which one may be an interval


def test_thresholds_are_round() -> None:
    rng = np.random.default_rng(23)
    followers = rng.integers(1_000, 1_000_000, 4_000)
    clusters = np.where(followers < 347_211, "c01", "c02")
    rule = rules_of(sample_of(clusters.tolist(), followers_count=pa.array(followers, pa.int64())))["c02"]
    assert rule in {"followers_count >= 340000", "followers_count >= 350000"}


def grid(corners: dict[str, tuple[int, int]], sizes: dict[str, int]) -> pa.Table:
    """Clusters at one point each of the plane (posts_count, followers_count)."""
    clusters = [cluster for cluster, size in sizes.items() for _ in range(size)]
    return sample_of(
        clusters,
        posts_count=pa.array([corners[cluster][0] for cluster in clusters], pa.int64()),
        followers_count=pa.array([corners[cluster][1] for cluster in clusters], pa.int64()),
    )


def test_a_condition_that_another_implies_is_dropped() -> None:
    corners = {"c01": (1, 1), "c02": (1, 2), "c03": (9, 10), "c04": (9, 20), "c05": (9, 2)}
    sample = grid(corners, {"c01": 300, "c02": 300, "c03": 100, "c04": 100, "c05": 500})
    rules = rules_of(sample)
    assert rules["c01"] == "followers_count < 2"
    assert rules["c04"] == "followers_count >= 20"
    assert rules["c03"] == "followers_count >= 6 and followers_count < 20"
    assert rules["c02"] == "posts_count < 5 and followers_count >= 2"


def test_a_bound_that_another_condition_implies_is_dropped() -> None:
    """The way to c03 asks for 6 to 20 followers, but nobody with as many posts has more."""
    corners = {"c01": (9, 1), "c03": (9, 10), "c04": (1, 20), "c05": (1, 10)}
    rules = rules_of(grid(corners, {"c01": 500, "c03": 100, "c04": 400, "c05": 100}))
    assert rules["c03"] == "posts_count >= 5 and followers_count >= 6"
    assert rules["c05"] == "posts_count < 5 and followers_count < 20"


def test_ways_that_meet_again_are_one() -> None:
    """c01 is whoever has few followers, on both sides of the question that parts the two large clusters."""
    rng = np.random.default_rng(31)
    posts, followers = rng.integers(0, 10, 2_000), rng.integers(50, 100, 2_000)
    followers[:90] = rng.integers(0, 40, 90)
    clusters = np.where(followers < 45, "c01", np.where(posts < 5, "c02", "c03"))
    sample = sample_of(
        clusters.tolist(), posts_count=pa.array(posts, pa.int64()), followers_count=pa.array(followers, pa.int64())
    )
    rules = fit_rules(sample, max_depth=4, min_leaf_share=0.01)
    assert rules["rule_leaves"].to_pylist() == [2, 1, 1]
    assert rules_of(sample)["c01"] in {"followers_count < 40", "followers_count < 50"}


def test_a_round_number_never_leaves_a_side_empty() -> None:
    sample = sample_of(["c01"] * 999 + ["c02"], er_followers=pa.array([0.5 + row / 999 for row in range(999)] + [0.1]))
    assert rules_of(sample, min_leaf_share=0.0) == {"c01": "er_followers >= 0.3", "c02": "er_followers < 0.3"}


def test_a_platform_is_named_once() -> None:
    platforms = ["instagram", "tiktok", "youtube"] * 100
    sizes = list(range(300))
    clusters = [
        "c01" if platform == "instagram" else "c02" if size < 150 else "c03"
        for platform, size in zip(platforms, sizes, strict=True)
    ]
    sample = sample_of(clusters, platform=pa.array(platforms), followers_count=pa.array(sizes, pa.int64()))
    rules = rules_of(sample)
    assert rules["c01"] == "platform = 'instagram'"
    assert rules["c03"] == "platform != 'instagram' and followers_count >= 150"


def rare_among(others: Callable[[np.ndarray], np.ndarray]) -> pa.Table:
    """A cluster of a fifth of those whose engagement is above 0.8, nowhere the majority."""
    rng = np.random.default_rng(29)
    er = rng.random(2_000)
    clusters = others(er)
    clusters[(er > 0.8) & (rng.random(2_000) < 0.2)] = "c03"
    return sample_of(clusters.tolist(), er_followers=pa.array(er))


def test_of_two_clusters_one_that_is_nowhere_the_majority_has_its_best_path() -> None:
    sample = rare_among(lambda er: np.full(len(er), "c01"))
    assert leaves_of(sample, max_depth=2)["c03"] == 0
    found = picked(sample, rules_of(sample, max_depth=2)["c03"])
    assert len(members(sample, "c03") & found) > 0.9 * len(members(sample, "c03"))
    assert len(found) < 500


def test_a_cluster_that_is_nowhere_the_majority_takes_the_leaves_of_the_best_f1() -> None:
    sample = rare_among(lambda er: np.where(er < 0.5, "c01", "c02"))
    assert leaves_of(sample, max_depth=2)["c03"] > 0
    found = picked(sample, rules_of(sample, max_depth=2)["c03"])
    assert len(members(sample, "c03") & found) > 0.9 * len(members(sample, "c03"))
    assert len(found) < 500


def test_a_cluster_that_the_common_tree_has_no_question_left_for_gets_a_tree_of_its_own() -> None:
    """Two questions part the large clusters by size; the small one is marked by its sponsored posts alone."""
    rng = np.random.default_rng(31)
    followers = rng.integers(0, 4_000, 4_000)
    clusters = np.array(["c01", "c02", "c03", "c04"])[followers // 1_000]
    small = rng.random(4_000) < 0.06
    clusters[small] = "c05"
    sponsored = np.where(small, 0.8, 0.1) + rng.normal(size=4_000) * 0.01
    sample = sample_of(
        clusters.tolist(), followers_count=pa.array(followers, pa.int64()), sponsored_ratio=pa.array(sponsored)
    )
    rule = rules_of(sample, max_depth=2)["c05"]
    assert "followers_count" not in rule
    assert picked(sample, rule) == members(sample, "c05")


def test_constant_features_tell_nobody_apart() -> None:
    sample = sample_of(
        ["c01"] * 30 + ["c02"] * 20, er_followers=pa.array([0.1] * 50), er_views=pa.nulls(50, pa.float64())
    )
    assert rules_of(sample) == {"c01": "true", "c02": "true"}
    assert leaves_of(sample) == {"c01": 1, "c02": 0}


@pytest.mark.parametrize("rows", [1, 2, 40])
def test_one_cluster_asks_for_nothing(rows: int) -> None:
    sample = sample_of(["c01"] * rows, followers_count=pa.array(range(rows), pa.int64()))
    assert rules_of(sample) == {"c01": "true"}


def test_nobody_and_two_are_no_trouble() -> None:
    nobody = sample_of([], followers_count=pa.array([], pa.int64()), platform=pa.array([], pa.string()))
    assert fit_rules(nobody, max_depth=4, min_leaf_share=0.01).num_rows == 0
    two = sample_of(["c01", "c02"], followers_count=pa.array([1, 9], pa.int64()))
    assert rules_of(two) == {"c01": "followers_count < 5", "c02": "followers_count >= 5"}
    featureless = sample_of(["c01", "c02"])
    assert rules_of(featureless) == {"c01": "true", "c02": "true"}


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        (pa.table({"influencer_key": ["a"]}), "columns influencer_key and cluster_key"),
        (pa.table({"influencer_key": ["a", "a"], "cluster_key": ["c01", "c01"]}), "1 repeated keys"),
        (pa.table({"influencer_key": ["a"], "cluster_key": pa.array([None], pa.string())}), "1 rows without a cluster"),
        (sample_of(["c01"], platform=pa.array([None], pa.string())), "a word in every row of platform"),
        (sample_of(["c01"], seen=pa.array([True])), "numbers or text in feature seen"),
        (sample_of(["c01"], er=pa.array([np.inf])), "finite numbers or nulls in feature er"),
    ],
)
def test_what_is_no_sample_is_refused(damaged: pa.Table, message: str) -> None:
    with pytest.raises(ModelInputError, match=message):
        fit_rules(damaged, max_depth=4, min_leaf_share=0.01)
