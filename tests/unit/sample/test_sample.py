"""The committed sample: it is what the generator writes, it keeps its promises, and it gives nothing away."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tribu.landing.contract import DATE_ORDERS, MARKER, NUMBER_LOCALES, UNITS, table_schema
from tribu.sample import Sample, generate, write_sample, write_truth
from tribu.sample.archetypes import ARCHETYPES, PLATFORMS
from tribu.sample.dirt import NULL_SPELLINGS
from tribu.sample.people import draw_people
from tribu.sample.posts import draw_posts, post_ids, reference_seconds

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "seeds" / "sample"
TRUTH = ROOT / "tests" / "truth" / "sample_archetypes.csv"
TABLES = ("accounts", "posts", "rejects", "imports")


@pytest.fixture(scope="module")
def drawn() -> Sample:
    return generate()


@pytest.fixture(scope="module")
def committed() -> dict[str, pa.Table]:
    return {name: pq.read_table(FOLDER / name / "sample.parquet") for name in TABLES}


@pytest.fixture(scope="module")
def accounts(committed: dict[str, pa.Table]) -> list[dict[str, str | None]]:
    return committed["accounts"].to_pylist()


@pytest.fixture(scope="module")
def posts(committed: dict[str, pa.Table]) -> list[dict[str, str | None]]:
    return committed["posts"].to_pylist()


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    with TRUTH.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def texts(table: pa.Table) -> Iterator[str]:
    """Every distinct text of every text column."""
    for field in table.schema:
        if pa.types.is_string(field.type):
            yield from (text for text in table.column(field.name).unique().to_pylist() if text is not None)


def handle_of(row: dict[str, str | None]) -> str | None:
    handle = row["handle"]
    return None if handle is None else handle.strip().removeprefix("@").lower()


# --- the files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_generator_writes_the_committed_rows(drawn: Sample, committed: dict[str, pa.Table], table: str) -> None:
    made = getattr(drawn, table)
    assert made.num_rows == committed[table].num_rows
    for name in made.column_names:
        assert made.column(name).to_pylist() == committed[table].column(name).to_pylist(), name


def test_generator_writes_the_committed_truth(drawn: Sample, tmp_path: Path) -> None:
    write_truth(drawn, tmp_path / "truth.csv")
    assert (tmp_path / "truth.csv").read_bytes() == TRUTH.read_bytes()


def test_folder_is_one_small_landing_batch() -> None:
    files = {path.relative_to(FOLDER).as_posix(): path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()}
    assert set(files) == {MARKER, *(f"{table}/sample.parquet" for table in TABLES)}
    assert sum(files.values()) <= 3 * 1024 * 1024


def test_written_folder_can_be_written_again(tmp_path: Path) -> None:
    few = generate(influencers=5)
    write_sample(few, tmp_path / "landing")
    write_sample(few, tmp_path / "landing")
    assert pq.read_table(tmp_path / "landing" / "posts" / "sample.parquet").equals(few.posts)


@pytest.mark.parametrize("table", TABLES)
def test_schema_is_the_contract(committed: dict[str, pa.Table], table: str) -> None:
    assert committed[table].schema.equals(table_schema(table))


def test_counts_add_up(committed: dict[str, pa.Table]) -> None:
    landed = {
        (table, file): rows
        for table in ("accounts", "posts")
        for file, rows in Counter(committed[table].column("_file").to_pylist()).items()
    }
    rejected = Counter(committed["rejects"].column("_file").to_pylist())
    imports = committed["imports"].to_pylist()
    assert {(row["table_name"], row["_file"]): row["rows_landed"] for row in imports} == landed
    assert {row["_file"]: row["rows_rejected"] for row in imports if row["rows_rejected"]} == dict(rejected)
    for row in imports:
        assert row["rows_read"] == row["rows_landed"] + row["rows_duplicate"] + row["rows_rejected"]
    assert sum(row["rows_duplicate"] for row in imports) > 0


@pytest.mark.parametrize("table", ["accounts", "posts"])
def test_rows_of_a_file_are_numbered(committed: dict[str, pa.Table], table: str) -> None:
    numbers: dict[str, list[int]] = {}
    for row in committed[table].select(["_file", "_row"]).to_pylist():
        numbers.setdefault(row["_file"], []).append(row["_row"])
    assert all(rows == list(range(1, len(rows) + 1)) for rows in numbers.values())


def test_imports_declare_what_the_contract_knows(committed: dict[str, pa.Table]) -> None:
    for row in committed["imports"].to_pylist():
        assert row["date_order"] in DATE_ORDERS
        assert {unit for _, unit in row["units"]} <= set(UNITS)
    for table in ("accounts", "posts"):
        assert set(committed[table].column("number_locale").unique().to_pylist()) <= {None, *NUMBER_LOCALES}


# --- what is in them ------------------------------------------------------------------------------


def test_size_is_as_promised(truth: list[dict[str, str]], posts: list[dict[str, str | None]]) -> None:
    assert 1_450 <= len(truth) <= 1_500
    assert 20 <= len(posts) / len(truth) <= 30
    assert {row["platform"] for row in truth} == {platform.name for platform in PLATFORMS}
    assert {row["archetype"] for row in truth} == {kind.name for kind in ARCHETYPES}


def test_truth_covers_every_usable_key(
    truth: list[dict[str, str]], accounts: list[dict[str, str | None]], posts: list[dict[str, str | None]]
) -> None:
    ids = {(row["platform"], row["account_id"]): row["handle"] for row in truth}
    handles = {(row["platform"], row["handle"]) for row in truth}
    assert len(ids) == len(handles) == len(truth)
    seen: set[tuple[str | None, str]] = set()
    for row in (*accounts, *posts):
        handle = handle_of(row)
        if row["account_id"] is not None:
            known = ids[str(row["platform"]), row["account_id"]]
            assert handle in (None, known)
            seen.add((row["platform"], known))
        elif handle is not None:
            assert (row["platform"], handle) in handles
            seen.add((row["platform"], handle))
    assert seen == handles


def test_data_never_names_an_archetype(committed: dict[str, pa.Table]) -> None:
    names = [kind.name for kind in ARCHETYPES]
    pattern = re.compile("|".join([*names, *(name.replace("_", ".?") for name in names)]), re.IGNORECASE)
    assert pattern.search("Everyday Nano") is not None
    for table in committed.values():
        assert not [text for text in texts(table) if pattern.search(text)]


def test_nobody_is_named(committed: dict[str, pa.Table]) -> None:
    for table in committed.values():
        for text in texts(table):
            assert not re.search(r"[\w.]@\w+\.\w", text), text
    for table in ("accounts", "posts"):
        for handle in committed[table].column("handle").drop_null().unique().to_pylist():
            assert re.fullmatch(r"@?sample_[0-9]{4}_[a-z]+", handle.strip().lower()), handle
        for address in committed[table].column("profile_url" if table == "accounts" else "url").unique().to_pylist():
            assert (
                address is None
                or re.match(r"https://[a-z]+\.example/", address)
                or address in {*NULL_SPELLINGS, "n.c."}
            )
    names = committed["accounts"].column("display_name").drop_null().unique().to_pylist()
    odd = {name for name in names if not re.fullmatch(r"Sample Creator [0-9]{4}", name)}
    assert odd <= {*NULL_SPELLINGS, "n.c.", "k.A."}


def test_ids_need_all_their_digits(truth: list[dict[str, str]]) -> None:
    tiktok = [row["account_id"] for row in truth if row["platform"] == "tiktok"]
    assert all(len(one) == 19 for one in tiktok)
    assert sum(int(float(one)) != int(one) for one in tiktok) > 0.9 * len(tiktok)
    assert all(re.fullmatch(r"UC[\w-]{22}", row["account_id"]) for row in truth if row["platform"] == "youtube")


# --- the dirt -------------------------------------------------------------------------------------

ACCOUNT_SPELLINGS = {
    "short": ("followers", r"[0-9]+\.[0-9]K"),
    "lower": ("followers", r"[0-9]+\.[0-9]k"),
    "million": ("followers", r"[0-9]+\.[0-9]{2}M"),
    "grouped": ("followers", r"[0-9]{1,3}(,[0-9]{3})+"),
    "spaced": ("followers", r"[0-9]{1,3}( [0-9]{3})+"),
    "hard space": ("followers", "[0-9]{1,3}(\u00a0[0-9]{3})+"),
    "narrow space": ("followers", "[0-9]{1,3}(\u202f[0-9]{3})+"),
    "French short": ("followers", "[0-9]+,[0-9][ \u00a0]k"),
    "German": ("avg_likes", r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]"),
    "scientific": ("total_views", r"[0-9]\.[0-9]{3}E\+[0-9]+"),
    "percent": ("engagement_rate", r"[0-9]+\.[0-9]+%"),
    "French percent": ("engagement_rate", "[0-9]+,[0-9] %"),
    "bare percent": ("engagement_rate", r"[0-9]+,[0-9]{2}"),
    "ratio": ("engagement_rate", r"0\.[0-9]{5}"),
    "ISO date": ("observed_at", r"2026-[0-9]{2}-[0-9]{2}"),
    "epoch": ("observed_at", r"17[0-9]{8}"),
    "day first": ("observed_at", r"30/06/2026"),
    "dots": ("observed_at", r"30\.06\.2026"),
    "impossible date": ("observed_at", r"2026-13-45"),
    "negative": ("followers", r"-12"),
    "too many": ("followers", r"9\.9e17"),
    "words": ("followers", r"a lot"),
    "handle with @": ("handle", r"@sample_.*"),
    "handle with spaces": ("handle", r" sample_.* "),
    "handle in capitals": ("handle", r"SAMPLE_.*"),
    "markup": ("bio", r"<script>.*"),
    "formula": ("bio", r"=1\+1.*"),
}
POST_SPELLINGS = {
    "words": ("likes", r"lots"),
    "negative": ("views", r"-5"),
    "impossible date": ("posted_at", r"2026-13-45"),
    "ISO moment": ("posted_at", r"2026-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"),
    "epoch": ("posted_at", r"17[0-9]{8}"),
    "day first": ("posted_at", r"[0-9]{2}/[0-9]{2}/2026 [0-9]{2}:[0-9]{2}"),
    "short": ("likes", r"[0-9.]+[Kk]"),
    "printed list": ("hashtags", r"\['.*'\]"),
    "comma list": ("hashtags", r"[^#\[]+, .*"),
    "advertisement": ("caption", r"(?s).*#ad\b.*"),
    "publicité": ("caption", r"(?s).*#pub\b.*"),
    "minutes": ("duration", r"[0-9.]+,[0-9]{2}"),
}


@pytest.mark.parametrize(("column", "pattern"), ACCOUNT_SPELLINGS.values(), ids=ACCOUNT_SPELLINGS.keys())
def test_account_dirt_is_there(accounts: list[dict[str, str | None]], column: str, pattern: str) -> None:
    assert any(re.fullmatch(pattern, row[column] or "") for row in accounts)


@pytest.mark.parametrize(("column", "pattern"), POST_SPELLINGS.values(), ids=POST_SPELLINGS.keys())
def test_post_dirt_is_there(posts: list[dict[str, str | None]], column: str, pattern: str) -> None:
    assert any(re.fullmatch(pattern, row[column] or "") for row in posts)


def test_every_null_spelling_is_there(
    accounts: list[dict[str, str | None]], posts: list[dict[str, str | None]]
) -> None:
    countries = {row["country"] for row in accounts}
    assert {*NULL_SPELLINGS, "n.c.", "k.A.", None} <= countries
    assert {*NULL_SPELLINGS, None} <= {row["is_sponsored"] for row in posts} | {row["language"] for row in posts}


def test_booleans_have_several_spellings(posts: list[dict[str, str | None]]) -> None:
    assert {"true", "TRUE", "False", "oui", "Non", "ja", "no"} <= {row["is_sponsored"] for row in posts}


def test_hopeless_rows_are_there(accounts: list[dict[str, str | None]], posts: list[dict[str, str | None]]) -> None:
    for rows in (accounts, posts):
        assert any(row["account_id"] is None and row["handle"] is None for row in rows)
    assert any(row["post_id"] is None and row["url"] is None for row in posts)


def test_broken_lines_are_kept(committed: dict[str, pa.Table]) -> None:
    assert committed["rejects"].num_rows >= 3
    assert len(committed["rejects"].column("reason").unique()) >= 2


def test_rows_repeat(accounts: list[dict[str, str | None]], posts: list[dict[str, str | None]]) -> None:
    for rows in (accounts, posts):
        contents = Counter(tuple(value for name, value in row.items() if name != "_row") for row in rows)
        assert max(contents.values()) == 2
    sources: dict[tuple[str | None, str | None, str], set[str | None]] = {}
    for row in accounts:
        month = str(row["_file"])[-11:]
        sources.setdefault((row["platform"], handle_of(row), month), set()).add(row["source"])
    assert sum(len(who) > 1 for (_, handle, _), who in sources.items() if handle) > 50
    observed: dict[tuple[str | None, str | None], set[str | None]] = {}
    for row in posts:
        observed.setdefault((row["platform"], row["post_id"]), set()).add(row["observed_at"])
    assert sum(len(dates) > 1 for (_, post), dates in observed.items() if post) > 500


def test_likes_are_hidden_on_whole_accounts(posts: list[dict[str, str | None]]) -> None:
    likes: dict[str | None, list[str | None]] = {}
    for row in posts:
        if row["platform"] == "instagram" and row["account_id"]:
            likes.setdefault(row["account_id"], []).append(row["likes"])
    hidden = [one for one in likes.values() if len(one) >= 5 and not any(re.match("[0-9]", text or "") for text in one)]
    assert len(hidden) >= 10


def test_blocks_of_columns_are_missing(accounts: list[dict[str, str | None]]) -> None:
    following = {platform.name: 0 for platform in PLATFORMS}
    for row in accounts:
        following[str(row["platform"])] += bool(re.match("[0-9]", row["following"] or ""))
    assert following["youtube"] == 0 < following["tiktok"] < following["instagram"]


def test_some_accounts_are_known_in_part(
    accounts: list[dict[str, str | None]], posts: list[dict[str, str | None]], truth: list[dict[str, str]]
) -> None:
    listed = {(row["platform"], row["account_id"]) for row in accounts} | {
        (row["platform"], handle_of(row)) for row in accounts
    }
    posting = {(row["platform"], row["account_id"]) for row in posts} | {
        (row["platform"], handle_of(row)) for row in posts
    }
    for where in (listed, posting):
        absent = [
            row
            for row in truth
            if (row["platform"], row["account_id"]) not in where and (row["platform"], row["handle"]) not in where
        ]
        assert 10 <= len(absent) <= 100
    both = (accounts, posts)
    assert all(any(row["account_id"] is None and row["handle"] for row in rows) for rows in both)
    assert all(any(row["account_id"] and row["handle"] is None for row in rows) for rows in both)


# --- the people behind it -------------------------------------------------------------------------


def test_posts_are_consistent() -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    people = draw_people(800, rng)
    posts = draw_posts(people, rng)
    assert (posts.likes <= posts.views).all()
    assert (posts.comments <= posts.likes).all()
    assert posts.comments.sum() < 0.2 * posts.likes.sum()
    assert (posts.posted_at < reference_seconds()).all()
    opened = reference_seconds() - people.age_days[posts.person] * 86_400
    assert (posts.posted_at > opened).all()
    assert len(set(post_ids(people, posts).tolist())) == len(posts)
    recent = posts.posted_at > reference_seconds() - 90 * 86_400
    assert recent.mean() > 0.6


def test_landed_posts_are_older_than_their_observation(posts: list[dict[str, str | None]]) -> None:
    iso = [row for row in posts if row["source"] == "sample_panel" and (row["posted_at"] or "").endswith("Z")]
    assert iso
    for row in iso:
        posted = datetime.fromisoformat(str(row["posted_at"]))
        assert posted < datetime.fromisoformat(str(row["observed_at"])).replace(tzinfo=UTC)


def test_totals_never_shrink(accounts: list[dict[str, str | None]]) -> None:
    totals: dict[str | None, list[int]] = {}
    for row in accounts:
        if row["source"] == "sample_panel" and re.fullmatch("[0-9]+", row["posts"] or ""):
            totals.setdefault(row["account_id"], []).append(int(str(row["posts"])))
    assert sum(len(counts) >= 4 for counts in totals.values()) > 100
    assert all(counts == sorted(counts) for account, counts in totals.items() if account)


@pytest.mark.parametrize(
    "measure",
    [
        "followers",
        "following",
        "posts_per_week",
        "views_per_follower",
        "likes_per_view",
        "comments_per_like",
        "reach_spread",
        "sponsored_share",
        "monthly_growth",
        "pause_days",
    ],
)
def test_no_single_measure_gives_the_archetype_away(measure: str) -> None:
    people = draw_people(6_000, np.random.Generator(np.random.PCG64(11)))
    values = getattr(people, measure)
    order = np.argsort(values, kind="stable")
    kinds = people.archetype[order]
    # The best guess from one measure: the majority among the accounts next to it.
    guesses = [np.bincount(part).max() for part in np.array_split(kinds, 100)]
    assert sum(guesses) / len(kinds) < 0.7


def test_neighbours_overlap_in_followers() -> None:
    people = draw_people(6_000, np.random.Generator(np.random.PCG64(13)))
    ranges = sorted(
        (float(np.median(own)), *np.quantile(own, [0.05, 0.95]))
        for own in (people.followers[people.archetype == kind] for kind in range(len(ARCHETYPES)))
    )
    for (_, _, below), (_, above, _) in pairwise(ranges):
        assert above < below


def test_followers_have_a_heavy_tail() -> None:
    followers = draw_people(6_000, np.random.Generator(np.random.PCG64(17))).followers
    top = np.sort(followers)[-60:]
    assert top.sum() > 0.25 * followers.sum()


# --- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("influencers", [0, 1, 2])
def test_tiny_samples(influencers: int) -> None:
    sample = generate(influencers=influencers)
    assert sample.truth.num_rows <= influencers
    assert sample.accounts.schema.equals(table_schema("accounts"))
    assert sample.posts.schema.equals(table_schema("posts"))


def test_parts_do_not_collide() -> None:
    parts = [generate(influencers=400, seed=3, first_number=first).truth for first in (0, 400, 50_000)]
    ids = [one for part in parts for one in part.column("account_id").to_pylist()]
    assert len(ids) == len(set(ids))


def test_seed_changes_the_rows() -> None:
    assert not generate(influencers=30, seed=1).accounts.equals(generate(influencers=30, seed=2).accounts)
    assert generate(influencers=30, seed=1).accounts.equals(generate(influencers=30, seed=1).accounts)
