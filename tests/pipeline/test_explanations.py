"""Rules, names and nearest clusters of the sample: what is published is what comes out by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_dbt


@pytest.mark.parametrize("relation", ["features.ftr_influencers", "marts.dim_influencers"])
def test_a_rule_run_by_hand_gives_the_published_figures(sample_build: Build, relation: str) -> None:
    rules = sample_build.rows(
        """
        select cluster_key, rule_sql, rule_influencers_count, rule_members_count, rule_precision_ratio, rule_recall_ratio
        from marts.dim_clusters order by cluster_key
        """
    )
    assert len(rules) >= 3
    members: dict[object, set[object]] = {}
    for key, cluster in sample_build.rows("select influencer_key, cluster_key from marts.dim_influencers"):
        members.setdefault(cluster, set()).add(key)
    for cluster, rule, picked_count, members_count, precision, recall in rules:
        picked = {key for (key,) in sample_build.rows(f"select influencer_key from {relation} where {rule}")}
        own = members[cluster]
        assert (picked_count, members_count) == (len(picked), len(picked & own))
        assert (precision, recall) == (len(picked & own) / len(picked), len(picked & own) / len(own))


def test_rules_of_the_sample_say_something(sample_build: Build) -> None:
    """A rule is worth its place if it picks its members far better than their share would."""
    weak = sample_build.rows(
        """
        select cluster_key, rule_precision_ratio, rule_recall_ratio, share_ratio from marts.dim_clusters
        where rule_recall_ratio < 0.5 or rule_precision_ratio < share_ratio + 0.25
        """
    )
    assert weak == []


def test_rules_are_read_off_the_fit_sample(sample_build: Build) -> None:
    assert (
        sample_build.value(
            """
        select count(*) from clustering.fit_sample as fit_sample
        full join clustering.rule_sample as rule_sample on fit_sample.influencer_key = rule_sample.influencer_key
        where fit_sample.influencer_key is null or rule_sample.influencer_key is null
        """
        )
        == 0
    )


def test_the_nearest_cluster_is_the_runner_up_of_most_members(sample_build: Build) -> None:
    named: dict[object, dict[object, int]] = {}
    for cluster, runner_up in sample_build.rows(
        "select cluster_key, runner_up_cluster_key from marts.dim_influencers where runner_up_cluster_key is not null"
    ):
        counts = named.setdefault(cluster, {})
        counts[runner_up] = counts.get(runner_up, 0) + 1
    published = dict(sample_build.rows("select cluster_key, nearest_cluster_key from marts.dim_clusters"))
    assert set(published) == set(named)
    for cluster, counts in named.items():
        assert counts[published[cluster]] == max(counts.values())
        assert published[cluster] != cluster


def test_profiles_stand_beside_those_of_the_nearest_cluster(sample_build: Build) -> None:
    profiles = {
        (cluster, feature): rest
        for cluster, feature, *rest in sample_build.rows(
            "select cluster_key, feature, cluster_median, robust_z, nearest_cluster_median, robust_z_to_nearest from marts.cluster_profiles"
        )
    }
    nearest = dict(sample_build.rows("select cluster_key, nearest_cluster_key from marts.dim_clusters"))
    for (cluster, feature), (_median, z, other_median, z_to_nearest) in profiles.items():
        expected_median, other_z, *_ = profiles[nearest[cluster], feature]
        assert other_median == expected_median
        assert z_to_nearest == (None if z is None or other_z is None else pytest.approx(z - other_z, abs=1e-12))


def test_the_page_and_report_json_carry_the_rules(sample_build: Build) -> None:
    report = json.loads((sample_build.site / "report.json").read_text(encoding="utf-8"))
    published = sample_build.rows(
        """
        select cluster_key, rule_sql, rule_influencers_count, rule_members_count, rule_precision_ratio, rule_recall_ratio, nearest_cluster_key
        from marts.dim_clusters order by cluster_order
        """
    )
    names = (
        "cluster_key", "rule_sql", "rule_influencers", "rule_members", "rule_precision_ratio", "rule_recall_ratio",
        "nearest_cluster_key",
    )  # fmt: skip
    assert [tuple(cluster[name] for name in names) for cluster in report["clusters"]] == published
    for cluster, *_, nearest in published:
        assert f'href="{nearest}.html"' in (sample_build.site / f"clusters/{cluster}.html").read_text(encoding="utf-8")


def renamed(build: Build, folder: Path, *changes: str) -> dict[str, tuple[str, str]]:
    """Names of the clusters once a copy of the warehouse is changed and the names are made anew."""
    shutil.copy(build.warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for change in changes:
            connection.execute(change)
    done = run_dbt(folder, "build", "--select", "ml_cluster_names", "dim_clusters", "--exclude", "test_type:singular")
    assert done.exit_code == 0, done.log
    return {
        str(key): (str(english), str(french))
        for key, english, french in done.rows(
            "select cluster_key, cluster_name_en, cluster_name_fr from marts.dim_clusters"
        )
    }


def test_names_given_by_people_win_and_are_never_two_alike(sample_build: Build, tmp_path: Path) -> None:
    before = {
        str(key): (str(english), str(french))
        for key, english, french in sample_build.rows(
            "select cluster_key, cluster_name_en, cluster_name_fr from marts.dim_clusters"
        )
    }
    after = renamed(
        sample_build,
        tmp_path,
        f"""
        insert into reference.cluster_name_overrides values
            ('c01', 'Sample newcomers', null),
            ('c02', 'Twins', 'Les jumeaux'),
            ('c03', 'twins', ' '),
            ('c04', '{before["c05"][0]}', 'Les autres'),
            ('c99', 'Nobody', 'Personne')
        """,
    )
    assert after["c01"] == ("Sample newcomers", before["c01"][1]), "the language left empty keeps its name"
    assert after["c02"] == ("Twins (c02)", "Les jumeaux")
    assert after["c03"] == ("twins (c03)", before["c03"][1])
    assert after["c04"] == (before["c05"][0], "Les autres"), "a given name stands as it is"
    assert after["c05"] == (f"{before['c05'][0]} (c05)", before["c05"][1])
    assert set(after) == set(before)


def test_a_category_that_dominates_is_part_of_the_name(sample_build: Build, tmp_path: Path) -> None:
    in_cluster = "influencer_key in (select influencer_key from clustering.ml_assignments where cluster_key = '{}')"
    after = renamed(
        sample_build,
        tmp_path,
        # dominant and known
        f"update intermediate.int_accounts set category = 'beauty' where {in_cluster.format('c01')}",
        # dominant among the known, but known of a third only
        f"update intermediate.int_accounts set category = case when md5(influencer_key) < '5' then 'travel' end where {in_cluster.format('c02')}",
        # dominant, but the name of no niche
        f"update intermediate.int_accounts set category = 'other' where {in_cluster.format('c03')}",
    )
    assert after["c01"][0].split(" · ")[1] == "beauty"
    assert after["c01"][1].split(" · ")[1] == "beauté"
    assert not any("travel" in name or "voyage" in name for names in after.values() for name in names)
    assert not any("other" in name or "autres" in name for names in after.values() for name in names)
    assert all("beauty" not in names[0] for key, names in after.items() if key != "c01")


def test_a_cluster_named_twice_stops_the_build_with_the_names(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            "insert into reference.cluster_name_overrides values ('c01', 'Sample A', null), ('c01', 'Sample B', null)"
        )
    done = run_dbt(tmp_path, "test", "--select", "a_cluster_is_renamed_once", "--store-failures")
    assert done.exit_code == 1
    assert "a_cluster_is_renamed_once" in done.log
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        ((schema,),) = connection.execute(
            "select table_schema from information_schema.tables where table_name = 'a_cluster_is_renamed_once'"
        ).fetchall()
        ((problem,),) = connection.execute(f"select problem from {schema}.a_cluster_is_renamed_once").fetchall()
    assert problem == (
        "c01 is named 2 times in seeds/reference/cluster_name_overrides.csv: Sample A, Sample B; keep one row"
    )
