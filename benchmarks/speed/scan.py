"""The limit: what DuckDB takes to read the same landing files once and to add them up by account, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

_SQL = """
create table posts as
select
    platform, account_id, count(*) as posts, min(posted_at) as first, max(posted_at) as last,
    sum(try_cast(likes as double)) as likes, sum(try_cast(comments as double)) as comments,
    sum(try_cast(views as double)) as views, sum(length(caption)) as letters, max(hashtags) as hashtags
from read_parquet(?) group by all;
"""


def main(landing: Path, threads: int) -> dict[str, object]:
    """Scan accounts and posts, group posts by account.

    Returns
    -------
    dict[str, object]
        Accounts, and accounts with posts.
    """
    with duckdb.connect(config={"threads": threads}) as connection:
        accounts = [str(path) for path in sorted((landing / "accounts").glob("*.parquet"))]
        posts = [str(path) for path in sorted((landing / "posts").glob("*.parquet"))]
        connection.execute("create table accounts as select * from read_parquet(?)", [accounts])
        connection.execute(_SQL, [posts])
        ((known, grouped),) = connection.execute(
            "select (select count(*) from accounts), (select count(*) from posts)"
        ).fetchall()
    return {"accounts": known, "accounts_with_posts": grouped}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
