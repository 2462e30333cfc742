"""One slice of accounts through dlt: extracted, normalised and loaded as Parquet into a folder of the run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import dlt
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.destinations import filesystem

from tribu.collect.network import (
    COLLECTED,
    DUPLICATE,
    PRIVATE,
    RENAMED,
    UNKNOWN,
    Found,
    Network,
    chunks,
    count_at,
)
from tribu.collect.transport import Interface, NetworkError, RunStoppedError
from tribu.landing.contract import TABLE_COLUMNS
from tribu.wording import counted

OUTCOME_COLUMNS: Final = (
    "slice",
    "asked",
    "outcome",
    "detail",
    "account_id",
    "handle",
    "posts_stated",
    "posts_expected",
    "posts_received",
)
TABLES: Final = {
    "accounts": (*TABLE_COLUMNS["accounts"], "extra"),
    "posts": (*TABLE_COLUMNS["posts"], "extra"),
    "outcomes": OUTCOME_COLUMNS,
}
"""Tables of a slice and their columns, all text; the first two are those of landing without their provenance."""

_DATASET: Final = "slice"
_FAULTS_IN_A_ROW: Final = 3
"""Accounts that fail one after the other before the run stops: then it is not they."""

Row = dict[str, str | None]


@dataclass
class Known:
    """What earlier slices and runs know of accounts.

    Attributes
    ----------
    ids
        Handle, as the network writes it → the id that it was last seen with.
    seen
        Ids that this run has collected.
    """

    ids: Mapping[str, str]
    seen: set[str]


@dataclass
class Slice:
    """The accounts of one slice, and what went wrong with them; filled while it is extracted."""

    number: int
    asked: Sequence[str]
    posts: int
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    failures: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None


def extract(
    slice_: Slice, network: Network, interface: Interface, known: Known, done: Callable[[], None]
) -> Iterator[tuple[str, list[Row]]]:
    """Table and rows, an account at a time: all of it or, when it fails, nothing.

    Parameters
    ----------
    done
        Called after each account.
    """
    in_a_row = 0
    try:
        for together in chunks(slice_.asked, network.together):
            for found in _find(network, interface, together, known, slice_):
                try:
                    rows = _account(slice_, network, interface, known, found)
                except NetworkError as fault:
                    slice_.failures[found.asked] = str(fault)
                    in_a_row += 1
                else:
                    in_a_row = 0
                    yield from rows.items()
                done()
            in_a_row += sum(one in slice_.failures for one in together) if not in_a_row else 0
            if in_a_row >= _FAULTS_IN_A_ROW:
                reason = next(reversed(slice_.failures.values()))
                raise RunStoppedError(
                    f"{counted(in_a_row, 'account')} failed one after the other, the last one because {reason}"
                )
    except RunStoppedError as stop:
        # What came is kept: dlt would throw away the whole slice.
        slice_.stopped = str(stop)


def _find(network: Network, interface: Interface, asked: Sequence[str], known: Known, slice_: Slice) -> Iterator[Found]:
    try:
        found = list(network.find(interface, asked))
    except NetworkError as fault:
        if len(asked) == 1:
            slice_.failures[asked[0]] = str(fault)
            return
        # One of them may spoil the answer for all.
        for one in asked:
            yield from _find(network, interface, [one], known, slice_)
            if sum(name in slice_.failures for name in asked) >= _FAULTS_IN_A_ROW:
                return
        return
    for profile in found:
        identity = known.ids.get(profile.asked.casefold())
        if profile.outcome != UNKNOWN or identity is None or network.is_id(profile.asked):
            yield profile
            continue
        try:
            again = next(iter(network.find(interface, [identity])))
        except NetworkError:
            yield profile
            continue
        yield Found(profile.asked, again.outcome, again.payload, again.detail) if again.payload is not None else profile


def _account(slice_: Slice, network: Network, interface: Interface, known: Known, found: Found) -> dict[str, list[Row]]:
    observed_at = slice_.clock().isoformat(timespec="seconds")
    outcome: Row = dict.fromkeys(OUTCOME_COLUMNS)
    outcome |= {"slice": str(slice_.number), "asked": found.asked, "outcome": found.outcome, "detail": found.detail}
    if found.payload is None:
        return {"outcomes": [outcome]}
    own: Row = {"source": f"{network.name}_api", "platform": network.name, "observed_at": observed_at}
    account = network.account_row(found.payload) | own
    identity, handle = account.get("account_id"), account.get("handle")
    if not identity or not handle:
        raise NetworkError("the profile has no id or no handle")
    outcome |= {"account_id": identity, "handle": handle}
    if identity in known.seen:
        return {
            "outcomes": [outcome | {"outcome": DUPLICATE, "detail": f"the same account as {handle}, asked for too"}]
        }
    if found.outcome == COLLECTED and not network.is_id(found.asked) and found.asked.casefold() != handle.casefold():
        outcome |= {"outcome": RENAMED, "detail": f"is called {handle} now"}
    posts: list[Row] = []
    received = 0
    stated = count_at(found.payload, network.account["posts"])
    most = min(bound for bound in (slice_.posts, network.reach, 10_000_000) if bound)
    if found.outcome != PRIVATE and stated != 0:
        for payload in islice(network.posts(interface, found, min(most, stated or most)), most):
            received += 1
            if network.is_own(payload):
                posts.append(network.post_row(payload) | own)
    if found.outcome != PRIVATE and stated is not None:
        outcome |= {"posts_stated": str(stated), "posts_expected": str(min(stated, most))}
    known.seen.add(identity)
    # The asked name leads from the row to the outcome.
    return {"accounts": [account], "posts": posts, "outcomes": [outcome | {"posts_received": str(received)}]}


class SliceLoader:
    """dlt's pipeline in a folder of its own, which is removed after every slice: profiles must not linger there.

    Parameters
    ----------
    folder
        Of the run; a killed process may have left a slice in it.
    """

    def __init__(self, folder: Path, network: str) -> None:
        self._folder = folder
        self._name = f"tribu_{network}"

    def run(self, rows: Iterator[tuple[str, list[Row]]]) -> dict[str, pa.Table]:
        """Take rows through dlt; the tables that came out of it."""
        self.clear()
        self._pipeline().run(_source(rows))
        return self._loaded()

    def left(self) -> dict[str, pa.Table] | None:
        """The slice that a killed process had fetched whole, None when it had not: then nothing of it is used."""
        if not self._folder.exists():
            return None
        try:
            pipeline = self._pipeline()
            # Not `run()`: without data it loads nothing that is pending.
            pipeline.normalize()
            pipeline.load()
        except Exception:  # whatever state the kill left it in: it is fetched again
            return None
        return self._loaded() if any((self._folder / "loaded" / _DATASET / "_dlt_loads").glob("*.jsonl")) else None

    def clear(self) -> None:
        """Remove everything that dlt wrote."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _pipeline(self) -> dlt.Pipeline:
        self._folder.mkdir(parents=True, exist_ok=True)
        return dlt.pipeline(
            pipeline_name=self._name,
            pipelines_dir=str(self._folder / "dlt"),
            destination=filesystem(bucket_url=(self._folder / "loaded").as_uri()),
            dataset_name=_DATASET,
        )

    def _loaded(self) -> dict[str, pa.Table]:
        tables = {}
        for table, columns in TABLES.items():
            schema = pa.schema([pa.field(name, pa.string()) for name in columns])
            files = sorted((self._folder / "loaded" / _DATASET / table).glob("*.parquet"))
            parts = [pq.ParquetFile(file).read(columns=list(columns)).cast(schema) for file in files]
            tables[table] = pa.concat_tables(parts) if parts else schema.empty_table()
        return tables


def _source(rows: Iterator[tuple[str, list[Row]]]) -> Any:
    hints = {
        table: dlt.mark.make_hints(
            table_name=table,
            columns={name: {"name": name, "data_type": "text"} for name in columns},
            write_disposition="append",
            # In the schema, not in the call: a slice that is finished after a kill has no call.
            file_format="parquet",
        )
        for table, columns in TABLES.items()
    }

    @dlt.resource(name="network")
    def network() -> Iterator[Any]:
        for table, items in rows:
            if items:
                filled = [dict.fromkeys(TABLES[table]) | item for item in items]
                yield dlt.mark.with_hints(filled, hints[table], create_table_variant=True)

    @dlt.source(name=_DATASET, max_table_nesting=0)
    def source() -> Any:
        return network()

    return source()
