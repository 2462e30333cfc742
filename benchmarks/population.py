"""A landing folder of as many influencers as wanted, drawn by SQL straight into Parquet.

`tribu.sample` draws people one by one, with histories and dirt; here only the number matters, and that there are
groups, platforms, tiers, niches and posts with captions, tails as heavy as those of real lists, and counts as people
write them, so that every part of a build has its work.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tribu.landing.contract import IMPORT_SCHEMA, REJECT_SCHEMA, table_schema
from tribu.landing.store import COMPRESSION, open_batch

POSTS_PER_AUTHOR = 8
_LANDED_AT = datetime(2026, 7, 1, 6, 0)

# Uniform and normal draws from a hash: the same in any order and on any number of threads, which random() is not.
_MACROS = """
create macro uniform(number, salt) as (hash(number * 131 + salt) % 1000003 + 0.5) / 1000003;
create macro normal(number, salt) as sqrt(-2 * ln(uniform(number, salt))) * cos(2 * pi() * uniform(number, salt + 57));
-- A quarter of the counts is written as people write them: 48.2K, 1.3M, 12,345.
create macro written(count, number) as case
    when hash(number) % 8 = 0 and count >= 1000000 then printf('%.1fM', count / 1000000.0)
    when hash(number) % 8 = 0 and count >= 10000 then printf('%.1fK', count / 1000.0)
    when hash(number) % 8 = 1 then format('{:,}', count::bigint)
    else count::bigint::varchar
end;
"""

# Six kinds: median followers, spread, engagement, share of comments, views per follower.
_KINDS = """
create table kinds as from (values
    (0, 8.0, 0.7, 0.060, 0.05, 0.30), (1, 9.8, 0.8, 0.035, 0.02, 0.60), (2, 11.2, 0.7, 0.015, 0.01, 0.15),
    (3, 12.6, 0.9, 0.008, 0.005, 0.90), (4, 14.0, 0.8, 0.020, 0.01, 0.40), (5, 9.0, 0.6, 0.004, 0.10, 0.05)
) as kinds (kind, size, spread, engagement, talk, reach);
"""

_PEOPLE = """
create table people as
select
    number,
    ['instagram', 'tiktok', 'youtube', 'x'][1 + (hash(number * 7 + 1) % 4)::int] as platform,
    exp(size + spread * normal(number, 11)) as followers,
    engagement * exp(0.4 * normal(number, 12)) as engagement,
    talk * exp(0.4 * normal(number, 13)) as talk,
    reach * exp(0.4 * normal(number, 14)) as reach,
    exp(6 + normal(number, 15)) as following,
    exp(5 + normal(number, 16)) as posts,
    ['Beauty', 'Food', 'Gaming', 'Travel', 'Fitness', 'Music', 'Fashion', 'Family'][1 + (hash(number * 7 + 2) % 8)::int]
        as category,
    ['FR', 'US', 'BR', 'DE', 'IN', 'GB', 'ES', 'MX', 'CA', 'BE'][1 + (hash(number * 7 + 3) % 10)::int] as country
from range({influencers}) as people (number)
join kinds on kind = hash(number * 7) % 6
"""

_ACCOUNTS = """
select
    number + 1 as _row,
    platform,
    (10000000 + number)::varchar as account_id,
    'sample_' || number as handle,
    '2026-06-30' as observed_at,
    'Sample creator ' || number as display_name,
    'https://example.org/' || number as profile_url,
    country, category,
    written(followers, number) as followers,
    following::bigint::varchar as following,
    posts::bigint::varchar as posts,
    written(followers * engagement, number + 1) as avg_likes,
    (followers * engagement * talk)::bigint::varchar as avg_comments,
    written(followers * reach, number + 2) as avg_views
from people
"""

# One post in nine is flagged as paid for, one in forty only says so. A few posts do many times as well as the others
# (Pareto).
_POSTS = """
select
    number // {every} * {per_author} + post + 1 as _row,
    platform,
    (10000000 + number)::varchar as account_id,
    'sample_' || number as handle,
    '2026-06-30' as observed_at,
    number || '-' || post as post_id,
    strftime(timestamp '2026-06-28' - to_hours((post * (20 + hash(number) % 200))::int), '%Y-%m-%d %H:%M:%S')
        as posted_at,
    [
        'A quiet morning in ', 'What I learned this week in ', 'Three things nobody tells you about ',
        'New in the studio: '
    ][1 + (drawn // 9 % 4)::int] || country || [
        ', with questions from all of you', '. Link in bio!', ' and a small surprise at the end', ''
    ][1 + (drawn // 36 % 4)::int] || case drawn // 144 % 80
        when 0 then ' #ad'
        when 1 then ' (paid partnership with @brand_' || drawn % 50 || ')'
        else ''
    end
        as caption,
    '#' || lower(category) || ' #' || lower(country) || ' #sample' || drawn % 300 as hashtags,
    written(best * engagement, drawn) as likes,
    (best * engagement * talk)::bigint::varchar as comments,
    written(best * reach, drawn // 8) as views,
    case when drawn % 9 = 0 then 'true' else 'false' end as is_sponsored
from (
    select
        *,
        hash(number * 64 + post) as drawn,
        followers * exp(0.4 * normal(number * 64 + post, 21)) * power(uniform(number * 64 + post, 22), -0.35) as best
    from people cross join range({per_author}) as posts (post)
    where number % {every} = 0
) as drawn_posts
"""


def land_population(
    folder: Path, influencers: int, authors: int, posts_per_author: int = POSTS_PER_AUTHOR
) -> dict[str, int]:
    """Write a landing folder: everybody has a profile, ``authors`` of them ``posts_per_author`` posts (1 to 64).

    Returns
    -------
    dict[str, int]
        Rows by table.
    """
    every = max(1, influencers // authors)
    queries = {
        "accounts": _ACCOUNTS,
        "posts": _POSTS.format(per_author=posts_per_author, every=every),
    }
    with duckdb.connect() as connection, open_batch(folder, "population") as writer:
        connection.execute(_MACROS + _KINDS + _PEOPLE.format(influencers=influencers))
        rows = {}
        for name, sql in queries.items():
            path = str(writer.path(name))
            _landed(connection.sql(sql), name).write_parquet(path, compression=COMPRESSION)
            rows[name] = pq.read_metadata(path).num_rows
        imports = [_import_row(name, count) for name, count in rows.items()]
        pq.write_table(REJECT_SCHEMA.empty_table(), writer.path("rejects"))
        pq.write_table(pa.Table.from_pylist(imports, schema=IMPORT_SCHEMA), writer.path("imports"))
        writer.commit()
    return rows


def _origin(name: str) -> dict[str, object]:
    return {
        "source": "population",
        "number_locale": "en",
        "_file": f"{name}.csv",
        "_file_sha256": hashlib.sha256(name.encode()).hexdigest(),
        "_batch_id": "population",
        "_landed_at": _LANDED_AT,
    }


def _landed(drawn: duckdb.DuckDBPyRelation, name: str) -> duckdb.DuckDBPyRelation:
    """All columns of a landing table, in its order: those drawn, where the rows come from, and nulls."""
    origin = _origin(name)
    columns: list[duckdb.Expression] = []
    for field in table_schema(name):
        column = (
            duckdb.ColumnExpression(field.name)
            if field.name in drawn.columns
            else duckdb.ConstantExpression(origin.get(field.name))
        )
        kind = {"int64": "bigint", "timestamp[us]": "timestamp"}.get(str(field.type), "varchar")
        columns.append(column.cast(duckdb.type(kind)).alias(field.name))
    return drawn.select(*columns)


def _import_row(name: str, rows: int) -> dict[str, object]:
    return {
        **{key: value for key, value in _origin(name).items() if key != "number_locale"},
        "table_name": name,
        "mapping": "population",
        "mapping_sha256": hashlib.sha256(b"population").hexdigest(),
        "date_order": "ymd",
        "null_spellings": [],
        "units": [],
        "rows_read": rows,
        "rows_landed": rows,
        "rows_duplicate": 0,
        "rows_rejected": 0,
    }
