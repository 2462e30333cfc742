"""The landing contract: the columns that every source writes, and nothing about any one source.

Landing is a folder with four subfolders of Parquet files. Values stay text as found; staging parses them in SQL.
One import run is a *batch*: one file in each subfolder, named after the batch, empty where there is nothing to say.
The file in ``imports`` is written last and is the commit: rows of a batch without it do not exist for a reader.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

FORMAT: Final = 1
"""Version of the contract; a landing folder of another version is refused."""

COMPRESSION: Final = "zstd"
"""Of every Parquet file in a landing folder."""

MARKER: Final = "tribu-landing.json"
"""File at the top of a landing folder: ``{"format": 1}``."""

_KEYS: Final = ("source", "platform", "account_id", "handle", "observed_at")
_PROVENANCE: Final = (
    pa.field("extra", pa.string()),
    pa.field("number_locale", pa.string()),
    pa.field("_file", pa.string()),
    pa.field("_file_sha256", pa.string()),
    pa.field("_row", pa.int64()),
    pa.field("_batch_id", pa.string()),
    pa.field("_landed_at", pa.timestamp("us")),
)

ACCOUNT_COLUMNS: Final = (
    *_KEYS,
    "display_name",
    "bio",
    "profile_url",
    "country",
    "language",
    "category",
    "is_verified",
    "is_business",
    "account_created_at",
    "followers",
    "following",
    "posts",
    "total_views",
    "total_likes",
    "avg_likes",
    "avg_comments",
    "avg_views",
    "avg_shares",
    "avg_interactions",
    "engagement_rate",
    "audience_country",
)
"""What a source can say of an account, in the order of the table."""

POST_COLUMNS: Final = (
    *_KEYS,
    "post_id",
    "posted_at",
    "media_type",
    "caption",
    "hashtags",
    "url",
    "language",
    "duration",
    "likes",
    "comments",
    "shares",
    "saves",
    "views",
    "is_sponsored",
)
"""What a source can say of a post, in the order of the table."""

TABLE_COLUMNS: Final = {"accounts": ACCOUNT_COLUMNS, "posts": POST_COLUMNS}

REJECT_SCHEMA: Final = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("raw_text", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("byte_position", pa.int64()),
        pa.field("_file", pa.string()),
        pa.field("_file_sha256", pa.string()),
        pa.field("_batch_id", pa.string()),
        pa.field("_landed_at", pa.timestamp("us")),
    ]
)
"""One row per record that could not be split into cells: where it stands and what it says."""

IMPORT_SCHEMA: Final = pa.schema(
    [
        pa.field("table_name", pa.string()),
        pa.field("source", pa.string()),
        pa.field("mapping", pa.string()),
        pa.field("mapping_sha256", pa.string()),
        pa.field("date_order", pa.string()),
        pa.field("null_spellings", pa.list_(pa.string())),
        pa.field("units", pa.map_(pa.string(), pa.string())),
        pa.field("rows_read", pa.int64()),
        pa.field("rows_landed", pa.int64()),
        pa.field("rows_duplicate", pa.int64()),
        pa.field("rows_rejected", pa.int64()),
        pa.field("_file", pa.string()),
        pa.field("_file_sha256", pa.string()),
        pa.field("_batch_id", pa.string()),
        pa.field("_landed_at", pa.timestamp("us")),
    ]
)
"""One row per file and table it fed: the counts, and what the mapping declares for staging to parse with.

``date_order`` is ``ymd``, ``dmy`` or ``mdy``: how a date of three numbers reads (ISO dates and epoch seconds or
milliseconds are told apart by their form). ``null_spellings`` come on top of those that staging knows.
``units`` gives, per landing column, ``percent``, ``ratio``, ``thousand``, ``million``, ``seconds`` or ``minutes``
where a bare number means that.
"""

COLLECTION_SCHEMA: Final = pa.schema(
    [
        pa.field("run_id", pa.string()),
        pa.field("platform", pa.string()),
        pa.field("asked", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("account_id", pa.string()),
        pa.field("handle", pa.string()),
        pa.field("posts_stated", pa.int64()),
        pa.field("posts_expected", pa.int64()),
        pa.field("posts_received", pa.int64()),
        pa.field("_file", pa.string()),
        pa.field("_batch_id", pa.string()),
        pa.field("_landed_at", pa.timestamp("us")),
    ]
)
"""One row per account that a network was asked for and answered about: only batches of `tribu collect` have them.

``posts_stated`` is what the profile says, ``posts_expected`` how many of them were asked for, ``posts_received`` what
came.
"""

RUN_SCHEMA: Final = pa.schema(
    [
        pa.field("run_id", pa.string()),
        pa.field("platform", pa.string()),
        pa.field("status", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("url", pa.string()),
        pa.field("posts_limit", pa.int64()),
        pa.field("accounts_asked", pa.int64()),
        pa.field("accounts_settled", pa.int64()),
        pa.field("accounts_failed", pa.int64()),
        pa.field("requests", pa.int64()),
        pa.field("retries", pa.int64()),
        pa.field("remaining", pa.list_(pa.string())),
        pa.field("started_at", pa.timestamp("us")),
        pa.field("updated_at", pa.timestamp("us")),
    ]
)
"""The one row of the file that each run of `tribu collect` has in the subfolder ``runs``.

``status`` is ``running``, ``complete`` or ``incomplete``; a run that was killed stays ``running``. ``remaining`` names
the accounts that are still to be collected, so that a complete run names nobody.
"""

FORGOTTEN_SCHEMA: Final = pa.schema(
    [
        pa.field("_batch_id", pa.string()),
        pa.field("_file_sha256", pa.string()),
        pa.field("table_name", pa.string()),
        pa.field("rows_forgotten", pa.int64()),
        pa.field("platform", pa.string()),
        pa.field("forgotten_at", pa.timestamp("us")),
    ]
)
"""One row per batch, file and table that records of forgotten people left or were kept out of; it names nobody.

``platform`` is null where an import left somebody out: it knows hashes only.
"""

NUMBER_LOCALES: Final = {"en": ".", "fr": ",", "de": ",", "es": ",", "pt": ",", "it": ",", "ch": "."}
"""Decimal separator of each locale that ``number_locale`` may name; spaces and apostrophes always group."""

DATE_ORDERS: Final = ("ymd", "dmy", "mdy")
UNITS: Final = ("percent", "ratio", "thousand", "million", "seconds", "minutes")


def table_schema(table: str) -> pa.Schema:
    """Arrow schema of the landing table of one name: ``accounts``, ``posts``, ``rejects``, …."""
    if table == "rejects":
        return REJECT_SCHEMA
    if table == "imports":
        return IMPORT_SCHEMA
    if table == "collections":
        return COLLECTION_SCHEMA
    if table == "forgotten":
        return FORGOTTEN_SCHEMA
    return pa.schema([*(pa.field(name, pa.string()) for name in TABLE_COLUMNS[table]), *_PROVENANCE])
