"""Rejected records read again from the text that was kept of them, after a mapping or the parser has become better.

A record that can be split now leaves the rejects and lands with one and the same commit, so that it is counted once:
its old batch has one record and one reject less, the new batch has it (or the two of which a stray quotation mark had
made one). What cannot be split yet stays where it is.

A record is a duplicate of another one that is mended with it. Whether it repeats one that landed before cannot be told,
for ignored cells of that one are gone; the build then uses one of the two.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as ReadOnlyDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow.parquet as pq

from tribu.errors import MappingError
from tribu.landing.bookkeeping import write_ledger, write_rejects
from tribu.landing.catalog import load_mapping, shipped_mappings
from tribu.landing.encodings import UTF8
from tribu.landing.files import DELIMITERS, InputFile
from tribu.landing.fitting import path_values
from tribu.landing.importing import ImportResult, Outcome, refuse_misfits
from tribu.landing.limits import MAX_RECORD
from tribu.landing.mapping import LANDING_COLUMNS, Mapping, Variant
from tribu.landing.reading import Job, Progress, Reading
from tribu.landing.records import NewlineCounter
from tribu.landing.splitting import NOT_UTF8, split_records
from tribu.landing.store import BatchWriter, LedgerEntry, check_landing, new_batch_id, open_batch, read_ledger

_AT_A_TIME: Final = 1000
"""Rejected records read at a time; each may have megabytes."""
_BYTE: Final = re.compile(r"\\x([89a-f][0-9a-f])")
"""A byte that is no UTF-8, as a reject spells it."""


@dataclass
class _Retry:
    """The rejected records of one file of one batch, and those of them that can be split now."""

    entries: Sequence[LedgerEntry]
    variant: Variant
    path: Path
    row_offset: int
    positions: list[int] = field(default_factory=list)
    """Places, among the rejects of the batch, of those that can be split."""
    records: int = 0
    """Records in them: a stray quotation mark may have made one of two."""
    left: int = 0
    """Rejects that still cannot be split."""

    @property
    def file(self) -> LedgerEntry:
        return self.entries[0]


def retry_rejects(
    landing: Path,
    names: Sequence[str] = (),
    *,
    mapping: str | None = None,
    platform: str | None = None,
    observed_at: str | None = None,
    accept: bool = False,
    with_sensitive: bool = False,
    say: Callable[[str], None] = lambda message: None,
    progress: Progress = lambda step, done, total: None,
) -> ImportResult:
    """Read the rejected records of landing again, from their kept text, and land those that can be split now.

    Parameters
    ----------
    landing
        The landing folder.
    names
        Names of files, as the ledger or the disk has them; empty for every file with rejects that was imported with
        ``mapping``, or without it for every file with rejects.
    mapping
        Name of a shipped mapping or path of a mapping file; None for the shipped one that each file was imported with.
    platform, observed_at, accept, with_sensitive, say, progress
        As for :func:`tribu.landing.importing.import_files`.

    Returns
    -------
    ImportResult
        For each file and table, the records in what was rejected: those that landed, that repeat another one of them,
        and that stay rejected. ``batch_id`` is None when none can be split.

    Raises
    ------
    MappingError
        When no mapping is known for a file's rejects, or their values speak against it.
    LandingError
        When the folder is not a landing folder, is damaged, or is in use.
    """
    if not check_landing(landing):
        return ImportResult(None, ())
    chosen = load_mapping(mapping) if mapping is not None else None
    with open_batch(landing, batch_id := new_batch_id()) as writer:
        with tempfile.TemporaryDirectory(dir=writer.scratch()) as folder:
            retries = [
                _Retry(
                    entries,
                    _variant(entries[0], chosen, platform, observed_at, with_sensitive),
                    Path(folder, f"{number}.csv"),
                    row_offset,
                )
                for number, (entries, row_offset) in enumerate(_wanted(read_ledger(landing), names, chosen))
            ]
            for number, retry in enumerate(retries):
                progress("reading rejects", number, len(retries))
                _collect(landing, retry)
            mended = [retry for retry in retries if retry.positions]
            if not mended:
                return ImportResult(None, tuple(outcome for retry in retries for outcome in _outcomes(retry, 0)))
            kept = _write(writer, mended, Path(folder), accept, say, progress)
        retried: dict[str, list[int]] = {}
        for retry in mended:
            retried.setdefault(retry.file.batch_id, []).extend(retry.positions)
        gone = writer.commit(retried=retried)
    outcomes = [outcome for retry in retries for outcome in _outcomes(retry, kept.get(id(retry), 0), gone)]
    return ImportResult(batch_id, tuple(outcomes))


def _wanted(
    ledger: Sequence[LedgerEntry], names: Sequence[str], chosen: Mapping | None
) -> Iterator[tuple[list[LedgerEntry], int]]:
    """Entries of each file with rejects that is meant, and how many records of it have a number already."""
    by_file = sorted(ledger, key=lambda entry: (entry.batch_id, entry.file, entry.sha256, entry.table))
    for (_, _, sha), group in groupby(by_file, key=lambda entry: (entry.batch_id, entry.file, entry.sha256)):
        entries = list(group)
        first = entries[0]
        if not first.rows_rejected:
            continue
        if names:
            wanted = any(first.file == name or Path(first.file).name == Path(name).name for name in names)
        else:
            wanted = chosen is None or first.mapping.split("/")[0] == chosen.name
        if wanted:
            same = [entry for entry in ledger if entry.sha256 == sha and entry.table == first.table]
            yield entries, sum(entry.rows_landed + entry.rows_duplicate for entry in same)


def _variant(
    entry: LedgerEntry, chosen: Mapping | None, platform: str | None, observed_at: str | None, with_sensitive: bool
) -> Variant:
    """The variant by which the rejects of a file are read; its headers are gone, so that its name has to do."""
    candidates = [chosen] if chosen is not None else shipped_mappings()
    variants = [variant for candidate in candidates for variant in candidate.variants]
    fitting = [variant for variant in variants if variant.label == entry.mapping]
    if not fitting and chosen is not None and len(variants) == 1:
        fitting = variants
    if not fitting:
        known = ", ".join(variant.label for variant in variants)
        own = (
            " (a mapping cannot be made of its headers, which are not kept)" if entry.mapping == LANDING_COLUMNS else ""
        )
        raise MappingError(
            expected=f"the mapping {entry.mapping} for the rejects of {entry.file}",
            got=f"none of that name{own} among {known}",
            remedy="name your mapping with --mapping; of several variants, the one that is meant has the same name",
        )
    variant = fitting[0].with_options(platform=platform, observed_at=observed_at)
    if variant.unsettled:
        raise MappingError(
            expected=f"a mapping that is settled, for {entry.file}",
            got=f"{len(variant.unsettled)} open in {variant.label}: {', '.join(variant.unsettled)}",
            remedy="correct what is asked, then delete its line under `unsettled`",
        )
    if not all(table.gives("platform") for table in variant.tables):
        raise MappingError(
            expected=f"a platform for the rejects of {entry.file}",
            got=f"neither a column nor a constant for it in {variant.label}",
            remedy="say it with --platform, or add it to the mapping's constants",
        )
    return variant.with_sensitive() if with_sensitive else variant


def _collect(landing: Path, retry: _Retry) -> None:
    """Write the records that can be split now as a file of its own, and note their places among the rejects."""
    place = 0
    with (
        pq.ParquetFile(landing / "rejects" / f"{retry.file.batch_id}.parquet") as rejects,
        retry.path.open("wb") as target,
    ):
        for batch in rejects.iter_batches(_AT_A_TIME, columns=["_file_sha256", "reason", "raw_text"]):
            for row in batch.to_pylist():
                if row["_file_sha256"] == retry.file.sha256:
                    records = _records(row["reason"] or "", row["raw_text"] or "", retry.variant)
                    for cells in records:
                        target.write(b'"' + b'","'.join(cell.replace(b'"', b'""') for cell in cells) + b'"\n')
                    retry.records += len(records)
                    retry.left += not records
                    if records:
                        retry.positions.append(place)
                place += 1


def _records(reason: str, text: str, variant: Variant) -> list[list[bytes]]:
    """The cells of the records in a reject; none unless all of it is records as wide as the mapping's headers."""
    if reason.startswith(NOT_UTF8):
        if variant.encoding is None or variant.encoding in UTF8:
            return []
        text = _decoded(text, variant.encoding)
        if _BYTE.search(text):
            return []
    data = text.encode("utf-8", errors="backslashreplace")
    if len(data) > MAX_RECORD or b"\0" in data:
        return []
    found = []
    for delimiter in [variant.delimiter] if variant.delimiter else DELIMITERS:
        records = [*split_records(data, delimiter=delimiter, quote=variant.quote, start=0)]
        # A blank line is no record; in a file of one column, neither is an empty cell.
        cells = [record.cells for record in records if record.fault or len(record.cells) > 1 or any(record.cells)]
        if cells and all(len(row) == len(variant.headers) for row in cells):
            found.append(cells)
    # Where two delimiters would do, neither is told.
    return found[0] if len(found) == 1 else []


def _decoded(text: str, encoding: str) -> str:
    """Text with the bytes that were no UTF-8 read in ``encoding``; the others were, and stay."""

    def character(byte: re.Match[str]) -> str:
        try:
            return bytes.fromhex(byte[1]).decode(encoding)
        except UnicodeDecodeError:
            return byte[0]

    return _BYTE.sub(character, text)


def _write(
    writer: BatchWriter,
    mended: Sequence[_Retry],
    folder: Path,
    accept: bool,
    say: Callable[[str], None],
    progress: Progress,
) -> dict[int, int]:
    """Write the batch of the records that can be split; return how many landed of each file, by its identity."""
    landed_at = datetime.now(UTC).replace(tzinfo=None)
    jobs = [_job(number, retry) for number, retry in enumerate(mended)]
    reading = Reading(Path(tempfile.mkdtemp(dir=folder)))
    try:
        reading.read(jobs, progress)
        for job, retry in zip(jobs, mended, strict=True):
            count = reading.counts[job.number]
            if count.rejected or count.delivered != retry.records:
                raise RuntimeError(f"{count.delivered} of {retry.records} records in rejects of {job.file.name} read")
        refuse_misfits(reading, jobs, accept, say)
        for table in ("accounts", "posts"):
            reading.write(table, writer.path(table), batch_id=writer.batch_id, landed_at=landed_at, progress=progress)
        write_rejects(reading, jobs, writer, landed_at)
    finally:
        reading.close()
    own = [replace(job, variant=retry.variant) for job, retry in zip(jobs, mended, strict=True)]
    write_ledger(own, reading.counts, writer, landed_at)
    return {id(retry): reading.counts[job.number].kept for job, retry in zip(jobs, mended, strict=True)}


def _job(number: int, retry: _Retry) -> Job:
    newlines = NewlineCounter()
    with retry.path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            newlines.update(chunk)
    file = InputFile(
        path=retry.path,
        name=retry.file.file,
        size=retry.path.stat().st_size,
        sha256=retry.file.sha256,
        head=b"",
        has_nul=False,
        newlines=newlines,
        label=retry.file.file,
    )
    # As they were written above, whatever they were found in.
    variant = replace(retry.variant, delimiter=",", quote='"', encoding="utf-8", skip_lines_after_header=0)
    return Job(number, file, variant, 0, path_values(file, variant), retry.row_offset)


def _outcomes(
    retry: _Retry, kept: int, gone: ReadOnlyDict[tuple[str, str], int] = MappingProxyType({})
) -> Iterator[Outcome]:
    for table in retry.variant.tables:
        forgotten = gone.get((table.table, retry.file.sha256), 0)
        yield Outcome(
            retry.file.file,
            table.table,
            retry.variant.label,
            read=retry.records + retry.left,
            landed=kept - forgotten,
            duplicate=retry.records - kept,
            rejected=retry.left,
            forgotten=forgotten,
        )
