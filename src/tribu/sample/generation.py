"""From a seed and a size to the four landing tables and the truth."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tribu.landing import write_batch
from tribu.landing.contract import IMPORT_SCHEMA, REJECT_SCHEMA, table_schema
from tribu.sample.archetypes import ARCHETYPES, PLATFORMS
from tribu.sample.dirt import DROPPED_DUPLICATE, Columns, break_lines, damage_rows, draw_coverage
from tribu.sample.exports import OBSERVED, Export, draw_archive, write_exports
from tribu.sample.people import People, draw_people
from tribu.sample.posts import draw_posts

INFLUENCERS: Final = 1_500
SEED: Final = 20_260_630
BATCH_ID: Final = "sample"
LANDED_AT: Final = datetime(2026, 7, 1, 6, 0)
"""Fixed, because the wall clock would make every sample another one."""

TRUTH_COLUMNS: Final = ("platform", "account_id", "handle", "archetype")


@dataclass(frozen=True)
class Sample:
    """Four landing tables of one batch, and the answer key that belongs to them."""

    accounts: pa.Table
    posts: pa.Table
    rejects: pa.Table
    imports: pa.Table
    truth: pa.Table
    """One row per influencer with at least one row in ``accounts`` or ``posts``: ``TRUTH_COLUMNS``, all text.
    Id and handle are both given, also where the landing rows know only one."""


def generate(*, influencers: int = INFLUENCERS, seed: int = SEED, first_number: int = 0) -> Sample:
    """Draw a sample.

    Parameters
    ----------
    influencers
        How many accounts; posts are about 25 times as many.
    seed
        The same seed, size and first number give the same rows.
    first_number
        Number of the first influencer. Ids and handles follow from the number, so a large sample can be made
        in parts that do not collide (below 2**20 influencers in all).
    """
    streams = [
        np.random.Generator(np.random.PCG64(one)) for one in np.random.SeedSequence([seed, first_number]).spawn(6)
    ]
    people = draw_people(influencers, streams[0], first_number=first_number)
    posts = draw_posts(people, streams[1])
    coverage = draw_coverage(people, len(OBSERVED), streams[2])
    archive = draw_archive(people, streams[3])
    landed: dict[str, list[pa.Table]] = {"accounts": [], "posts": []}
    rejects: list[dict[str, Any]] = []
    imports: list[dict[str, Any]] = []
    for export in write_exports(people, posts, coverage, archive, streams[4]):
        columns = damage_rows(export.table, export.columns, export.source.null_spellings, streams[5])
        broken = break_lines(columns, "," if export.source.decimal == "." else ";", streams[5])
        origin = _origin(export, seed, first_number)
        table = _landing_table(export, columns, origin)
        landed[export.table].append(table)
        rejects += _reject_rows(export, broken, table.num_rows, origin)
        dropped = int(streams[5].binomial(table.num_rows, DROPPED_DUPLICATE))
        imports.append(_import_row(export, table.num_rows, dropped, len(broken), origin))
    tables = {
        name: pa.concat_tables([table_schema(name).empty_table(), *parts]).combine_chunks()
        for name, parts in landed.items()
    }
    covered = coverage.listed | (np.bincount(posts.person, minlength=len(people)) > 0)
    return Sample(
        accounts=tables["accounts"],
        posts=tables["posts"],
        rejects=pa.Table.from_pylist(rejects, schema=REJECT_SCHEMA),
        imports=pa.Table.from_pylist(imports, schema=IMPORT_SCHEMA),
        truth=_truth(people, np.flatnonzero(covered).tolist()),
    )


def write_sample(sample: Sample, folder: Path) -> None:
    """Write the landing tables to ``folder``, a landing folder of one batch.

    Raises
    ------
    LandingError
        When ``folder`` holds something else than a landing folder, or cannot be written.
    """
    write_batch(
        folder,
        accounts=sample.accounts,
        posts=sample.posts,
        rejects=sample.rejects,
        imports=sample.imports,
        batch_id=BATCH_ID,
    )


def write_truth(sample: Sample, file: Path) -> None:
    """Write the answer key as CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(TRUTH_COLUMNS)
        writer.writerows(tuple(row.values()) for row in sample.truth.to_pylist())


def _origin(export: Export, seed: int, first_number: int) -> Mapping[str, Any]:
    # There is no file to hash: its name and what it was drawn from are as good an identity.
    identity = f"{export.file} {seed} {first_number}"
    return {
        "_file": export.file,
        "_file_sha256": hashlib.sha256(identity.encode()).hexdigest(),
        "_batch_id": BATCH_ID,
        "_landed_at": LANDED_AT,
    }


def _landing_table(export: Export, columns: Columns, origin: Mapping[str, Any]) -> pa.Table:
    schema = table_schema(export.table)
    rows = len(columns["platform"])
    constants = {**origin, "number_locale": export.source.number_locale}
    arrays = []
    for field in schema:
        if field.name == "_row":
            arrays.append(pa.array(np.arange(1, rows + 1), type=field.type))
        elif field.name in constants:
            arrays.append(pa.array([constants[field.name]] * rows, type=field.type))
        else:
            arrays.append(pa.array(columns[field.name], type=field.type, from_pandas=False))
    return pa.Table.from_arrays(arrays, schema=schema)


def _reject_rows(
    export: Export, broken: Sequence[tuple[str, str]], landed: int, origin: Mapping[str, Any]
) -> list[dict[str, Any]]:
    # The broken lines end the file: line 1 is the header.
    return [
        {
            "source": export.source.name,
            "reason": reason,
            "raw_text": text,
            "line": landed + 2 + position,
            "byte_position": None,
            **origin,
        }
        for position, (reason, text) in enumerate(broken)
    ]


def _import_row(export: Export, landed: int, dropped: int, rejected: int, origin: Mapping[str, Any]) -> dict[str, Any]:
    source = export.source
    return {
        "table_name": export.table,
        "source": source.name,
        "mapping": source.name,
        "mapping_sha256": hashlib.sha256(source.name.encode()).hexdigest(),
        "date_order": source.date_order,
        "null_spellings": list(source.null_spellings),
        "units": list(source.units.items()),
        "rows_read": landed + dropped + rejected,
        "rows_landed": landed,
        "rows_duplicate": dropped,
        "rows_rejected": rejected,
        **origin,
    }


def _truth(people: People, covered: Sequence[int]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "platform": PLATFORMS[people.platform[one]].name,
                "account_id": str(people.account_id[one]),
                "handle": str(people.handle[one]),
                "archetype": ARCHETYPES[people.archetype[one]].name,
            }
            for one in covered
        ],
        schema=pa.schema([pa.field(name, pa.string()) for name in TRUTH_COLUMNS]),
    )
