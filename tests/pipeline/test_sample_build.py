"""One `dbt build` of the sample, looked at from all sides."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from benchmarks.quality import measure
from tests.conftest import QUICK, ROOT, Build, run_dbt

from tribu.report.labels import code_label, reason_label
from tribu.report.language import ENGLISH


def test_the_log_says_that_it_is_the_sample(sample_build: Build) -> None:
    assert "SYNTHETIC SAMPLE" in sample_build.log


@pytest.mark.layering
def test_columns_in_yaml_are_the_columns_of_the_tables(sample_build: Build) -> None:
    described = {}
    files = [*ROOT.glob("dbt_project/models/*/_*__models.yml"), *ROOT.glob("python_models/_*.yml")]
    for path in files:
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            described[model["name"]] = [column["name"] for column in model["columns"]]
    built: dict[str, list[str]] = {}
    for table, column in sample_build.rows(
        """
        select table_name, column_name from information_schema.columns
        -- of reference, person_links alone is a model; the others are seeds
        where table_schema not in ('main', 'reference') or table_name = 'person_links' order by table_name, ordinal_position
        """
    ):
        built.setdefault(str(table), []).append(str(column))
    assert built == described


def test_every_row_is_accounted_for(sample_build: Build) -> None:
    landed, used, superseded, quarantined = sample_build.rows(
        """
        select sum(rows_landed), sum(rows_used), sum(rows_superseded), sum(rows_quarantined) from audit.row_accounting
        """
    )[0]
    # counted in the Parquet files themselves, not by any model
    in_files = duckdb.sql(
        f"""
        select (select count(*) from '{ROOT}/seeds/sample/accounts/*.parquet') + (select count(*) from '{ROOT}/seeds/sample/posts/*.parquet')
        """
    ).fetchall()
    assert in_files == [(landed,)]
    assert landed == used + superseded + quarantined
    assert quarantined > 0
    assert superseded > 0


def test_hopeless_rows_are_quarantined_with_their_reasons(sample_build: Build) -> None:
    reasons = dict(
        sample_build.rows(
            """
            select unnest(string_split(quarantine_reasons, ';')) as reason, count(*) from (
                select quarantine_reasons from staging.quarantined_accounts
                union all select quarantine_reasons from staging.quarantined_posts
            ) group by reason
            """
        )
    )
    assert {"key:missing", "count:negative", "count:impossible", "post_id:missing"} <= set(reasons)
    # every code that staging writes has words on the page
    assert [reason for reason in reasons if reason_label(str(reason), ENGLISH) == code_label(str(reason))] == []


def test_everybody_of_the_answer_key_is_described_once(sample_build: Build) -> None:
    with (ROOT / "tests/truth/sample_archetypes.csv").open(encoding="utf-8") as handle:
        truth = {(row["platform"], row["account_id"]) for row in csv.DictReader(handle)}
    known = sample_build.rows("select platform, account_id from marts.dim_influencers where account_id is not null")
    assert len(known) == len(set(known))
    assert set(known) <= truth


def test_handles_and_ids_of_one_account_are_one_influencer(sample_build: Build) -> None:
    twice = sample_build.rows(
        """
        select platform, lower(handle), count(*) from marts.dim_influencers
        where handle is not null group by all having count(*) > 1
        """
    )
    assert twice == []
    joined = sample_build.value(
        "select count(*) from marts.dim_influencers where followers_count is not null and known_posts_count > 0"
    )
    assert joined > 1300


def test_nineteen_digit_ids_are_intact(sample_build: Build) -> None:
    assert (
        sample_build.value("select count(*) from marts.fct_posts where length(post_id) = 19 and post_id ~ '^[0-9]+$'")
        > 0
    )
    assert sample_build.value("select count(*) from marts.fct_posts where post_id like '%e+%'") == 0


def test_features_are_imputed_where_distances_see_them_and_nowhere_else(sample_build: Build) -> None:
    hidden = sample_build.value(
        "select count(*) from features.ftr_influencers where platform = 'youtube' and following_count is null"
    )
    assert hidden > 0
    nulls = sample_build.value(
        """
        select count(*) from features.ftr_scaled as scaled
        inner join features.ftr_influencers as raw on scaled.influencer_key = raw.influencer_key
        where raw.following_count is null and scaled.following_count != 0
        """
    )
    assert nulls == 0


def test_no_platform_is_a_cluster(sample_build: Build) -> None:
    """Scaling within the platform keeps platforms from becoming segments."""
    share = sample_build.value(
        """
        select max(share) from (
            select count(*) / sum(count(*)) over (partition by cluster_key) as share
            from marts.dim_influencers group by cluster_key, platform
        )
        """
    )
    assert share < 0.9


def test_the_published_model_is_enough_to_score(sample_build: Build) -> None:
    wrong = sample_build.value(
        """
        with long as (
            unpivot (select * exclude (platform, imputed_features_count) from features.ftr_scaled)
            on columns(* exclude (influencer_key)) into name feature value value
        ),
        scores as (
            select long.influencer_key, prototypes.cluster_key,
                any_value(prototypes.bias) - sum(prototypes.weight * power(long.value - prototypes.centre, 2)) as score
            from long inner join marts.cluster_prototypes as prototypes on long.feature = prototypes.feature
            group by all
        )
        select count(*) from (select influencer_key, max_by(cluster_key, score) as cluster_key from scores group by all) as best
        inner join marts.dim_influencers as influencers on best.influencer_key = influencers.influencer_key
        where best.cluster_key is distinct from influencers.cluster_key
        """
    )
    assert wrong == 0


def test_cluster_names_are_never_two_alike(sample_build: Build) -> None:
    names = sample_build.rows("select cluster_name_en, cluster_name_fr from marts.dim_clusters")
    assert len({english for english, _ in names}) == len(names) == len({french for _, french in names})


def test_the_answer_key_is_not_in_the_data(sample_build: Build) -> None:
    with (ROOT / "tests/truth/sample_archetypes.csv").open(encoding="utf-8") as handle:
        archetypes = {row["archetype"] for row in csv.DictReader(handle)}
    text = "\n".join(
        str(row) for row in sample_build.rows("select bio, category, display_name, handle from marts.dim_influencers")
    )
    assert not [name for name in archetypes if name in text]


def test_the_site_says_that_it_is_the_sample_and_agrees_with_the_marts(sample_build: Build) -> None:
    report = json.loads((sample_build.site / "report.json").read_text(encoding="utf-8"))
    assert report["overview"]["source_kind"] == "sample"
    assert report["overview"]["influencers"] == sample_build.value("select count(*) from marts.dim_influencers")
    sizes = dict(sample_build.rows("select cluster_key, influencers_count from marts.dim_clusters"))
    assert {cluster["cluster_key"]: cluster["influencers"] for cluster in report["clusters"]} == sizes
    pages = sorted(sample_build.site.rglob("*.html"))
    assert len(pages) == 2 * (5 + len(sizes)), "overview, briefs, data, method, SQL, and a page per cluster"
    for page in pages:
        is_french = page.is_relative_to(sample_build.site / "fr")
        said = "Échantillon synthétique" if is_french else "Synthetic sample"
        assert said in page.read_text(encoding="utf-8")


def test_the_choice_of_the_clusters_is_told_in_both_languages(sample_build: Build) -> None:
    ((code, passing, recorded),) = sample_build.rows(
        "select selection_code, passing_count, selection_reason from reporting.rpt_overview"
    )
    assert code == "most_stable"
    english, french = (
        (sample_build.site / name).read_text(encoding="utf-8") for name in ("index.html", "fr/index.html")
    )
    assert f"those that pass every floor: {passing}." in english
    assert f"candidats qui franchissent tous les seuils\u202f: {passing}." in french
    assert str(recorded) not in french
    assert "Taille moyenne" in french


def test_a_second_fit_gives_the_same_clusters(sample_build: Build, tmp_path: Path) -> None:
    """Fitted anew, not scored with the accepted model, which could not but agree."""
    before = sample_build.rows("select influencer_key, cluster_key, confidence from marts.dim_influencers order by all")
    report = (sample_build.site / "report.json").read_text(encoding="utf-8")
    model = sample_build.value("select model_id from clustering.ml_runs")
    # in a copy: other tests read the first build
    again = run_dbt(shutil.copytree(sample_build.folder, tmp_path / "again"), "build", "--vars", "refit: always")
    assert again.exit_code == 0, again.log
    assert again.rows("select is_refit, model_id from clustering.ml_runs") == [(True, model)]
    assert (
        again.rows("select influencer_key, cluster_key, confidence from marts.dim_influencers order by all") == before
    )
    first, second = json.loads(report), json.loads((again.site / "report.json").read_text(encoding="utf-8"))
    for overview in (first["overview"], second["overview"]):
        del overview["built_at"], overview["build_id"], overview["refit_reason"]
    # the second build has pictures to go on from, and has not moved a dot
    way = [(picture.pop("known_points"), picture.pop("displacement_ratio")) for picture in second["pictures"]]
    assert way == [(None, None), (QUICK["map_points"], 0.0)]
    for picture in first["pictures"]:
        picture.pop("known_points"), picture.pop("displacement_ratio")
    # the same rows under the same model are one run, of the later build
    for run in (run for cluster in (*first["clusters"], *second["clusters"]) for run in cluster["history"]):
        del run["built_at"]
    # it also has a model to compare with: nothing has drifted, and no cluster has another share
    drift = [(feature["population_stability_index"], feature["drift_reading"]) for feature in second["features"]]
    assert drift == [(0.0, "stable")] * 18
    assert {cluster["share_change_ratio"] for cluster in second["cluster_drift"]} == {0.0}
    assert len(second["cluster_drift"]) == second["overview"]["clusters"]
    assert (first["method"].pop("previous_model_id"), second["method"].pop("previous_model_id")) == (None, model)
    for told in (first, second):
        del told["cluster_drift"], told["method"]["refit_reason"], told["runs"][0]["built_at"]
        told["settings"] = [row for row in told["settings"] if row["setting"] != "refit"]
        for feature in told["features"]:
            del feature["population_stability_index"], feature["drift_reading"]
    assert first == second


def test_clusters_recover_the_answer_key_far_better_than_the_obvious_notebook(sample_build: Build) -> None:
    """Floors well under the figures of `make bench-quality`: they catch a fault, not a draw of the dice."""
    results, _ = measure(sample_build.warehouse)
    ari = {result.way: result.ari for result in results}
    assert ari["Tribu"] > 0.45
    assert ari["Tribu"] > ari["notebook"] + 0.10


def test_every_cluster_says_how_far_it_can_be_believed(sample_build: Build) -> None:
    rows = sample_build.rows("select stability, stability_reading from marts.dim_clusters")
    bounds = {"do_not_trust": (0, 0.6), "pattern": (0.6, 0.75), "stable": (0.75, 0.85), "highly_stable": (0.85, 1.01)}
    assert len(rows) > 2
    for stability, reading in rows:
        low, high = bounds[str(reading)]
        assert low <= stability < high
    page = (sample_build.site / "clusters" / "c01.html").read_text(encoding="utf-8")
    assert "Jaccard index" in page


def test_the_winner_passes_every_floor_and_the_others_keep_their_figures(sample_build: Build) -> None:
    assert sample_build.value("select structure_found from clustering.ml_selection") is True
    assert sample_build.value(
        "select passes_all from clustering.ml_floors inner join clustering.ml_selection using (candidate_id)"
    )
    assert sample_build.value("select count(distinct algorithm) from clustering.ml_candidates") == 6
    # figures that cost refits are there for whoever could win, and for nobody else
    assert (
        sample_build.value(
            """
            select count(*) from clustering.ml_candidates inner join clustering.ml_floors using (candidate_id)
            where (passes_shares and passes_noise and passes_fidelity and ml_candidates.silhouette is not null)
                and ml_candidates.stability is null
            """
        )
        == 0
    )


def test_bins_hold_whom_a_recount_in_human_units_finds(sample_build: Build) -> None:
    """Between the outer bins, which hold who is beyond them too; an edge may fall on a value, rounded."""
    for feature in ("followers_count", "er_followers", "posts_per_week", "growth_30d_ratio"):
        rows = sample_build.rows(
            f"""
            select bins.bin, bins.influencers, (
                select count(*) from marts.dim_influencers as members
                where members.cluster_key = bins.cluster_key
                    and members.{feature} >= bins.bin_from - 1e-9 and members.{feature} < bins.bin_to - 1e-9
            )
            from reporting.rpt_feature_distributions as bins
            where bins.cluster_key = 'c01' and bins.feature = '{feature}'
            order by bins.bin
            """
        )
        assert len(rows) == (12 if feature == "growth_30d_ratio" else 24)
        assert [counted for _, counted, _ in rows[1:-1]] == [recounted for *_, recounted in rows[1:-1]]
        known = sample_build.value(f"select count({feature}) from marts.dim_influencers where cluster_key = 'c01'")
        assert sum(int(str(counted)) for _, counted, _ in rows) == known


def test_the_files_of_the_clusters_hold_everybody_of_a_list_of_this_size(sample_build: Build) -> None:
    keys = {str(key) for (key,) in sample_build.rows("select influencer_key from marts.dim_influencers")}
    for folder, delimiter in (("clusters", ","), ("fr/clusters", ";")):
        read = []
        for path in sorted((sample_build.site / folder).glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as handle:
                rows = list(csv.DictReader(handle, delimiter=delimiter))
            assert {row["cluster_key"] for row in rows} == {path.stem}
            read += [row["influencer_key"] for row in rows]
        assert len(read) == len(keys)
        assert set(read) == keys


def test_rules_of_opportunities_are_judged_by_the_figures_of_the_marts(sample_build: Build) -> None:
    rows = sample_build.rows(
        "select rule_name, cluster_key, verdict, measure_1, measured_1, known_share_ratio from marts.opportunities"
    )
    clusters = sample_build.value("select count(*) from marts.dim_clusters where influencers_count > 0")
    rules = {str(rule) for rule, *_ in rows}
    assert len(rows) == len(rules) * int(str(clusters))
    assert len(rules) == 5
    assert {verdict for _, _, verdict, *_ in rows} == {"met", "not_met", "not_known"}
    # by hand, from the influencers themselves
    for rule, key, verdict, feature, measured, known_share in rows:
        if rule == "paid_posts_that_work":
            ((median, known),) = sample_build.rows(
                f"select median({feature}), count({feature}) / count(*) from marts.dim_influencers where cluster_key = '{key}'"
            )
            assert measured == median
            assert known_share == pytest.approx(known)
            expected = "not_known" if known < 0.3 else "met" if median >= 0.9 else "not_met"
            assert verdict == expected
    # an account's size explains much of its engagement, so small ones are compared with their like
    ((key, ratio),) = sample_build.rows(
        "select cluster_key, measured_1 from marts.opportunities where rule_name = 'engaged_small_accounts' and verdict = 'met'"
        " order by measured_1 desc limit 1"
    )
    expected = sample_build.value(
        f"""
        with small as (select * from marts.dim_influencers where tier in ('nano', 'micro')),
        cohorts as (select platform, tier, median(er_followers) as cohort from small group by all having count(er_followers) >= 20)
        select median(er_followers / cohort) from small inner join cohorts using (platform, tier) where cluster_key = '{key}'
        """
    )
    assert ratio == pytest.approx(expected)


def test_every_column_of_every_file_is_in_the_data_dictionary(sample_build: Build) -> None:
    def read(path: str) -> list[list[str]]:
        with (sample_build.site / path).open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.reader(handle))

    described = [(row[0], row[2]) for row in read("downloads/data_dictionary.csv")[1:]]
    assert len(set(described)) == len(described)
    for name in ("influencers.csv", "clusters.csv", "prototypes.csv"):
        header, *rows = read(f"downloads/{name}")
        assert [column for file, column in described if file == name] == header
        assert rows
    influencers = sample_build.value("select count(*) from marts.dim_influencers")
    assert len(read("downloads/influencers.csv")) - 1 == influencers


def test_the_list_of_influencers_is_bounded_and_the_page_says_so(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    done = run_dbt(
        tmp_path, "run", "--select", "rpt_influencers", "report_site", "--vars", "influencer_download_rows: 100"
    )
    assert done.exit_code == 0, done.log
    kept = done.rows("select followers_count from reporting.rpt_influencers order by rank")
    everybody = done.rows(
        "select followers_count from marts.dim_influencers order by followers_count desc nulls last limit 100"
    )
    assert kept == everybody
    page = (done.site / "index.html").read_text(encoding="utf-8")
    influencers = int(str(done.value("select count(*) from marts.dim_influencers")))
    assert f"The 100 influencers with most followers of {influencers:,}" in page
    assert f"Left out: {influencers - 100:,}." in page
