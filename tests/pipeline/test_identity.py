"""Who is who: renames and people that a user states in a seed, on a copy of the sample; and entries that cannot be."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_dbt

RENAMED = ("int_handle_renames", "int_influencer_keys", "int_account_rows", "int_account_observations")
LINKED = ("person_links", "person_accounts", "dim_people")


def copied(build: Build, folder: Path, *statements: str) -> None:
    """Copy the warehouse, with other entries in its seeds."""
    shutil.copy(build.warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def nameless_ids(build: Build) -> tuple[str, str, str]:
    """A platform of the sample with two accounts that have handles and no id, and the two handles."""
    rows = build.rows(
        "select platform, min(handle), max(handle) from intermediate.int_accounts where account_id is null "
        "group by platform having count(*) > 1 order by platform"
    )
    platform, old, new = rows[0]
    return str(platform), str(old), str(new)


def identified(build: Build) -> list[tuple[str, str]]:
    """Two accounts of one platform, each with an id."""
    return [
        (str(platform), str(handle))
        for platform, handle in build.rows(
            "select platform, handle from marts.dim_influencers where account_id is not null and handle is not null "
            "and platform = 'instagram' order by influencer_key limit 2"
        )
    ]


def test_a_rename_of_the_seed_joins_the_two_histories_under_the_old_key(sample_build: Build, tmp_path: Path) -> None:
    platform, old, new = nameless_ids(sample_build)
    copied(
        sample_build,
        tmp_path,
        f"insert into reference.handle_renames values ('{platform}', '@{old.upper()}', '{new}', 'same')",
    )
    before = dict(
        sample_build.rows(
            f"select handle, influencer_key from intermediate.int_accounts where platform = '{platform}' "
            f"and handle in ('{old}', '{new}')"
        )
    )
    assert len(set(before.values())) == 2
    done = run_dbt(tmp_path, "run", "--select", *RENAMED)
    assert done.exit_code == 0, done.log
    joined = done.rows(
        f"select distinct influencer_key, lower(handle) from intermediate.int_account_rows where platform = '{platform}' "
        f"and lower(handle) in (lower('{old}'), lower('{new}'))"
    )
    assert sorted(joined) == sorted((before[old], name.lower()) for name in (old, new))
    # and nobody else
    assert done.value("select count(distinct influencer_key) from intermediate.int_influencer_keys") == (
        int(str(sample_build.value("select count(distinct influencer_key) from intermediate.int_influencer_keys"))) - 1
    )


def test_renames_that_cannot_be_stop_the_build_and_are_named(sample_build: Build, tmp_path: Path) -> None:
    platform, old, new = nameless_ids(sample_build)
    (_, first), (_, second) = identified(sample_build)
    copied(
        sample_build,
        tmp_path,
        f"""
        insert into reference.handle_renames values
            ('{platform}', '{old}', 'nobody.at.all', 'same'),
            ('{platform}', '{new}', '{old}', 'sme'),
            ('instagram', '{first}', '{second}', 'same')
        """,
    )
    done = run_dbt(tmp_path, "run", "--select", "int_handle_renames")
    assert done.exit_code != 0
    assert f"a handle that no source has: {platform} nobody.at.all" in done.log
    assert "a verdict other than same or different" in done.log
    assert f"handles whose ids say that they are two accounts: instagram {first.lower()}" in done.log


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([("a", "b"), ("b", "a")], "a circle, or more than 8 renames in a row"),
        ([("a", "b"), ("a", "c")], "a handle that became two others"),
        ([("a", "c"), ("b", "c")], "a handle that comes from two others"),
    ],
)
def test_renames_that_contradict_each_other_stop_the_build(
    sample_build: Build, tmp_path: Path, entries: list[tuple[str, str]], told: str
) -> None:
    platform, *_ = nameless_ids(sample_build)
    names = dict(
        zip(
            "abc",
            (
                str(handle)
                for (handle,) in sample_build.rows(
                    f"select handle from marts.dim_influencers where platform = '{platform}' and handle is not null "
                    "order by influencer_key limit 3"
                )
            ),
            strict=True,
        )
    )
    values = ", ".join(f"('{platform}', '{names[old]}', '{names[new]}', 'same')" for old, new in entries)
    copied(sample_build, tmp_path, f"insert into reference.handle_renames values {values}")
    done = run_dbt(tmp_path, "run", "--select", "int_handle_renames")
    assert done.exit_code != 0
    assert told in done.log


def test_people_are_joined_by_their_bios_and_by_the_seed(sample_build: Build, tmp_path: Path) -> None:
    accounts = [
        (str(key), str(platform), str(handle), followers)
        for key, platform, handle, followers in sample_build.rows(
            "select influencer_key, platform, handle, followers_count from marts.dim_influencers "
            "where platform in ('instagram', 'tiktok', 'x') and handle is not null and followers_count is not null "
            "and lower(handle) in (select handle_folded from intermediate.int_influencer_keys group by handle_folded, platform having count(distinct influencer_key) = 1) "
            "qualify row_number() over (partition by platform order by influencer_key) = 1 order by platform"
        )
    ]
    (ig, _, ig_handle, _), (tt, _, tt_handle, _), (x, _, x_handle, _) = accounts
    copied(
        sample_build,
        tmp_path,
        f"update intermediate.int_accounts set bio = 'more on tiktok.com/@{tt_handle}.' where influencer_key = '{ig}'",
        f"update intermediate.int_accounts set bio = 'IG: @{ig_handle}' where influencer_key = '{tt}'",
        f"insert into reference.known_person_links values ('X', '@{x_handle}', 'instagram', '{ig_handle}', 'same')",
    )
    done = run_dbt(tmp_path, "run", "--select", *LINKED)
    assert done.exit_code == 0, done.log
    assert done.rows(
        "select evidence, is_mutual, is_applied, count(*) from reference.person_links group by all order by all"
    ) == [("bio", True, True, 2), ("seed", False, True, 1)]
    ((person, platforms, count, followers),) = done.rows(
        "select person_key, platforms, accounts_count, followers_count from marts.dim_people where accounts_count > 1"
    )
    assert person == min(ig, tt, x)
    assert (platforms, count) == ("instagram, tiktok, x", 3)
    assert followers == sum(int(str(row[3])) for row in accounts)
    people = done.value("select count(*) from marts.dim_people")
    assert people == int(str(sample_build.value("select count(*) from marts.dim_influencers"))) - 2


def test_people_that_nobody_knows_stop_the_build_and_are_named(sample_build: Build, tmp_path: Path) -> None:
    copied(
        sample_build,
        tmp_path,
        "insert into reference.known_person_links values ('tiktok', '@nobody.at.all', 'x', 'no.such.id', 'same')",
    )
    done = run_dbt(tmp_path, "run", "--select", "person_links")
    assert done.exit_code != 0
    assert "an account that no source has: tiktok nobody.at.all" in done.log
    assert "an account that no source has: x no.such.id" in done.log


def test_the_report_states_what_the_tables_hold(sample_build: Build) -> None:
    ((again, grown, people),) = sample_build.rows(
        "select influencers_observed_again, influencers_with_growth, people from reporting.rpt_identity"
    )
    assert people == sample_build.value("select count(*) from marts.dim_influencers")
    assert grown == sample_build.value(
        "select count(*) from marts.dim_influencers where coalesce(growth_30d_ratio, growth_90d_ratio) is not null"
    )
    assert int(str(again)) >= int(str(grown)) > 1000
