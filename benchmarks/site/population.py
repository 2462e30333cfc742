"""A landing folder of as many influencers as wanted, drawn by SQL in seconds.

`tribu.sample` draws people one by one, with histories and dirt; here only the number matters, and that there are
groups, platforms, tiers, niches and some posts, so that every part of the site has something to show.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from tribu.landing import write_batch
from tribu.landing.contract import IMPORT_SCHEMA, REJECT_SCHEMA, table_schema

POSTS_PER_AUTHOR = 8
_LANDED_AT = datetime(2026, 7, 1, 6, 0)

# Uniform and normal draws from a hash: the same in any order and on any number of threads, which random() is not.
_MACROS = """
create macro uniform(number, salt) as (hash(number * 131 + salt) % 1000003 + 0.5) / 1000003;
create macro normal(number, salt) as sqrt(-2 * ln(uniform(number, salt))) * cos(2 * pi() * uniform(number, salt + 57));
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
    platform,
    (10000000 + number)::varchar as account_id,
    'sample_' || number as handle,
    '2026-06-30' as observed_at,
    'Sample creator ' || number as display_name,
    'https://example.org/' || number as profile_url,
    country, category,
    followers::bigint::varchar as followers,
    following::bigint::varchar as following,
    posts::bigint::varchar as posts,
    (followers * engagement)::bigint::varchar as avg_likes,
    (followers * engagement * talk)::bigint::varchar as avg_comments,
    (followers * reach)::bigint::varchar as avg_views
from people order by number
"""

_POSTS = """
select
    platform,
    (10000000 + number)::varchar as account_id,
    'sample_' || number as handle,
    '2026-06-30' as observed_at,
    number || '-' || post as post_id,
    strftime(timestamp '2026-06-28' - to_hours((post * (20 + hash(number) % 200))::int), '%Y-%m-%d %H:%M:%S')
        as posted_at,
    '#' || lower(category) || ' #' || lower(country) || ' #sample' || hash(number + post) % 300 as hashtags,
    (followers * engagement * exp(0.5 * normal(number * 16 + post, 21)))::bigint::varchar as likes,
    (followers * engagement * talk * exp(0.5 * normal(number * 16 + post, 22)))::bigint::varchar as comments,
    (followers * reach * exp(0.5 * normal(number * 16 + post, 23)))::bigint::varchar as views,
    case when hash(number * 16 + post) % 9 = 0 then 'true' else 'false' end as is_sponsored
from people cross join range({per_author}) as posts (post)
where number % {every} = 0
order by number, post
"""


def land_population(folder: Path, influencers: int, authors: int) -> dict[str, int]:
    """Write a landing folder; every influencer has a profile, and ``authors`` of them posts.

    Returns
    -------
    dict[str, int]
        Rows by table.
    """
    with duckdb.connect() as connection:
        connection.execute(_MACROS + _KINDS + _PEOPLE.format(influencers=influencers))
        every = max(1, influencers // authors)
        queries = {
            "accounts": _ACCOUNTS,
            "posts": _POSTS.format(per_author=POSTS_PER_AUTHOR, every=every),
        }
        tables = {name: _landed(connection.sql(sql).to_arrow_table(), name) for name, sql in queries.items()}
    imports = [_import_row(name, table.num_rows) for name, table in tables.items()]
    write_batch(
        folder,
        accounts=tables["accounts"],
        posts=tables["posts"],
        rejects=REJECT_SCHEMA.empty_table(),
        imports=pa.Table.from_pylist(imports, schema=IMPORT_SCHEMA),
        batch_id="population",
    )
    return {name: table.num_rows for name, table in tables.items()}


def _origin(name: str) -> dict[str, object]:
    return {
        "source": "population",
        "number_locale": "en",
        "_file": f"{name}.csv",
        "_file_sha256": hashlib.sha256(name.encode()).hexdigest(),
        "_batch_id": "population",
        "_landed_at": _LANDED_AT,
    }


def _landed(drawn: pa.Table, name: str) -> pa.Table:
    schema = table_schema(name)
    origin = _origin(name)
    arrays = []
    for field in schema:
        if field.name == "_row":
            arrays.append(pa.array(range(1, drawn.num_rows + 1), field.type))
        elif field.name in drawn.column_names:
            arrays.append(drawn.column(field.name).cast(field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(origin.get(field.name), field.type), drawn.num_rows))
    return pa.Table.from_arrays(arrays, schema=schema)


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
