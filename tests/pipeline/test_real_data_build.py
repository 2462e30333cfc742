"""The real exports, imported together and built: every row accounted for, every figure as the files state it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_dbt, run_tribu

pytestmark = pytest.mark.real_data

# Headers of top1000_2022 that stand twice, once as text and once as the number, by their text with white space folded; where the
# number has a header of its own, that header.
NUMBER_HEADERS = {
    "followers": "followers numbers",
    "authentic engagement": "authentic engagement values",
    "engagement avg": "engagement avg values",
    "engagement average": "engagement average values",
}


@pytest.fixture(scope="session")
def real_build(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("real_build")
    files = [
        *sorted((real_data / "top1000_2022").glob("*.csv")),
        real_data / "kim_instagram" / "influencers.txt",
        real_data / "kim_instagram" / "post_data_flat.csv",
        real_data / "youtube_trending",
    ]
    imported = run_tribu(folder, "import", "--json", *map(str, files))
    assert imported.returncode == 0, imported.stderr
    (folder / "import.json").write_text(imported.stdout, encoding="utf-8")
    build = run_dbt(folder, "build")
    assert build.exit_code == 0, build.log
    return build


def records(path: Path, delimiter: str = ",") -> list[list[str]]:
    """Records of a file as Python's own reader sees them, empty lines aside."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [record for record in csv.reader(handle, delimiter=delimiter) if record]


def folded(header: list[str]) -> list[str]:
    return [" ".join(cell.split()).lower() for cell in header]


def answer_pairs(path: Path) -> list[tuple[str, str]]:
    """Pairs of a number as text and as a number, from the columns of one file that say the same twice."""
    header, *rows = records(path)
    names = folded(header)
    pairs = []
    for position, name in enumerate(names):
        following = names[position + 1] if position + 1 < len(names) else None
        if following is not None and following in {name, NUMBER_HEADERS.get(name)}:
            pairs += [(row[position], row[position + 1]) for row in rows]
    return pairs


def test_every_record_of_every_file_is_counted(real_build: Build, real_data: Path) -> None:
    """The independent count: Python's reader, not the importer's."""
    read = Counter()
    for name, table, rows in real_build.rows("select file_name, table_name, rows_read from audit.row_accounting"):
        read[(Path(str(name)).name, table)] += int(str(rows))
    for path in sorted((real_data / "top1000_2022").glob("*.csv")):
        assert read[(path.name, "accounts")] == len(records(path)) - 1, path.name
    assert read[("influencers.txt", "accounts")] == 33_935
    assert read[("post_data_flat.csv", "posts")] == 39_907
    trending = sum(len(records(path)) - 1 for path in (real_data / "youtube_trending").rglob("*.csv"))
    assert (
        sum(rows for (name, table), rows in read.items() if name.startswith("trending_") and table == "posts")
        == trending
    )


def test_every_row_is_accounted_for(real_build: Build) -> None:
    uneven = real_build.rows(
        """
        select * from audit.row_accounting
        where rows_read is distinct from rows_landed + rows_duplicate + rows_rejected
            or rows_landed is distinct from rows_used + rows_superseded + rows_quarantined
        """
    )
    assert uneven == []
    landed = duckdb.sql(
        f"select (select count(*) from '{real_build.landing}/accounts/*.parquet') + (select count(*) from '{real_build.landing}/posts/*.parquet')"
    ).fetchall()
    assert landed == [(real_build.value("select sum(rows_landed) from audit.row_accounting"),)]


def test_exact_duplicates_of_the_lists_are_counted(real_build: Build) -> None:
    duplicates = {
        Path(str(name)).name: rows
        for name, rows in real_build.rows(
            "select file_name, rows_duplicate from audit.row_accounting where rows_duplicate > 0 and table_name = 'accounts'"
        )
    }
    assert duplicates["social media influencers - instagram sep-2022.csv"] == 50
    assert duplicates["social media influencers - Youtube sep-2022.csv"] == 47
    assert duplicates["social media influencers-instagram june 2022 - june 2022.csv"] == 27


def test_text_and_number_agree_for_every_pair_of_the_lists(real_build: Build, real_data: Path) -> None:
    """The macro of staging on both sides of about 36,000 pairs; where the number is an error, the text is nothing."""
    compiled = run_dbt(
        real_build.folder, "--quiet", "compile", "--inline", "{{ parse_number(null_if_blank('cell', '[]'), 'false') }}"
    )
    assert compiled.exit_code == 0, compiled.log
    macro = compiled.log[compiled.log.index("case") :]
    pairs = [pair for path in sorted((real_data / "top1000_2022").glob("*.csv")) for pair in answer_pairs(path)]
    assert len(pairs) > 35_000
    connection = duckdb.connect()
    connection.execute("create table pairs (text_cell varchar, number_cell varchar)")
    connection.executemany("insert into pairs values (?, ?)", pairs)
    parsed = connection.execute(
        f"""
        select text_cell, number_cell,
            (select {macro} from (select text_cell as cell)) as from_text,
            (select {macro} from (select number_cell as cell)) as from_number
        from pairs
        """
    ).fetchall()
    different = [row for row in parsed if row[2] is not None and row[3] is not None and row[2] != row[3]]
    assert different == []
    # where one side says nothing, it is an empty text that the list's formula counted as 0
    one_sided = {row[:2] for row in parsed if (row[2] is None) != (row[3] is None)}
    assert one_sided <= {("", "0")}
    assert sum(row[2] is not None for row in parsed) > 34_000


def test_staged_figures_are_the_numbers_that_the_lists_state(real_build: Build) -> None:
    """What reached staging from the text column, against the number column that stayed in `extra`."""
    rows = real_build.rows(
        """
        select platform, cast(observed_at as date)::varchar as listed, extra, followers_count, avg_views, avg_likes, avg_comments,
            avg_shares, avg_interactions
        from staging.stg_accounts where file_name like '%social media influencers%'
        """
    )
    compared = 0
    for platform, listed, extra, *figures in rows:
        numbers = json.loads(str(extra)) if extra else {}
        stated = []
        for cell in numbers.values():
            try:
                stated.append(float(cell))
            except (TypeError, ValueError):
                continue
        for figure in figures:
            if figure is None or not stated:
                continue
            assert float(str(figure)) in stated, (platform, listed, figure, numbers)
            compared += 1
    assert compared > 25_000


def test_influencers_have_their_posts_joined(real_build: Build) -> None:
    listed = real_build.value(
        """
        select count(distinct influencer_key) from marts.fct_account_observations
        where source like 'kim%' and platform = 'instagram'
        """
    )
    assert listed == 33_935
    with_posts = real_build.value(
        """
        select count(distinct observations.influencer_key) from marts.fct_account_observations as observations
        inner join marts.fct_posts as posts on observations.influencer_key = posts.influencer_key
        where observations.source like 'kim%'
        """
    )
    # 23,050 owners of posts, 381 of them not in the list
    assert with_posts == 23_050 - 381


def test_accounts_seen_at_several_dates_grow(real_build: Build) -> None:
    seen_four_times = dict(
        real_build.rows(
            """
            select platform, count(*) from (
                select platform, influencer_key from marts.fct_account_observations
                where source like 'top1000%' group by all having count(distinct observed_at) = 4
            ) group by platform
            """
        )
    )
    assert seen_four_times["instagram"] >= 545
    assert seen_four_times["youtube"] >= 649
    assert seen_four_times["tiktok"] >= 128
    assert real_build.value("select count(growth_90d_ratio) from marts.dim_influencers") > 1500


def test_the_site_describes_the_real_lists(real_build: Build) -> None:
    assert "SYNTHETIC SAMPLE" not in real_build.log
    report = json.loads((real_build.site / "report.json").read_text(encoding="utf-8"))
    assert report["overview"]["source_kind"] == "landing"
    assert report["overview"]["influencers"] == real_build.value("select count(*) from marts.dim_influencers")
    for page in real_build.site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "Synthetic sample" not in text
        assert "Échantillon synthétique" not in text


def test_the_same_build_twice_gives_the_same_clusters_to_the_last_row(real_build: Build) -> None:
    query = (
        "select influencer_key, cluster_key, runner_up_cluster_key, confidence from marts.dim_influencers order by all"
    )
    before = real_build.rows(query)
    prototypes = real_build.rows("from marts.cluster_prototypes order by all")
    model = real_build.value("select model_id from clustering.ml_runs")
    # fitted anew, not scored with the accepted model, which could not but agree
    again = run_dbt(real_build.folder, "build", "--vars", "refit: always")
    assert again.exit_code == 0, again.log
    assert again.rows("select is_refit, model_id from clustering.ml_runs") == [(True, model)]
    assert again.rows(query) == before
    assert again.rows("from marts.cluster_prototypes order by all") == prototypes


def test_importing_the_same_files_again_lands_nothing(real_build: Build, real_data: Path) -> None:
    before = sorted(path.name for path in real_build.landing.rglob("*.parquet"))
    again = run_tribu(real_build.folder, "import", *map(str, sorted((real_data / "top1000_2022").glob("*.csv"))))
    assert again.returncode == 0, again.stderr
    assert sorted(path.name for path in real_build.landing.rglob("*.parquet")) == before
