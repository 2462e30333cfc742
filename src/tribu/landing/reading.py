"""From files to landing tables, in DuckDB: cells are split, told from duplicates and written without passing Python.

The exception are files that the fast parser cannot be trusted with: those are rewritten first (see ``splitting``).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as ReadOnlyDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Final

import duckdb

from tribu.landing.converting import Converted, Reject, convert, read_rejects
from tribu.landing.encodings import UTF8, OriginalOffsets, copy_as_utf8
from tribu.landing.files import InputFile, Kind
from tribu.landing.limits import MAX_RAW_TEXT
from tribu.landing.mapping import Variant
from tribu.landing.records import count_records, line_numbers
from tribu.landing.splitting import (
    NOT_UTF8,
    Bytes,
    Rewritten,
    data_start,
    opened,
    rewrite_records,
    split_records,
    wrong_width,
)
from tribu.landing.sql import cell_names, landing_select, literal, read_statement, union_of

Progress = Callable[[str, int, int], None]
"""Takes a step's name, how much of it is done, and of how much."""

_COLUMN_COUNT: Final = re.compile(r"Columns: (\d+) Found: (\d+)")
_PORTION: Final = 1000
"""Rejected records looked up at a time."""
_FILES_AT_A_TIME: Final = 50
"""Files whose sampled records are held in memory at a time."""
_MEMORY: Final = 2_000_000_000
"""Bytes that DuckDB may take before it uses the disk, on a small machine half of what there is; the default is most of
the machine."""
_LOOK_AGAIN: Final = 0.25
"""Seconds between two looks at how far a statement is."""


@dataclass(frozen=True)
class Job:
    """One file to land: what it is, how it is read, and how many records stand up to its header, that included."""

    number: int
    file: InputFile
    variant: Variant
    header_records: int
    path_values: ReadOnlyDict[str, str]
    row_offset: int = 0
    """Records of the file that have a number already."""

    @property
    def skip(self) -> int:
        """Records before the data, in the text that is split."""
        if self.file.kind is not Kind.TEXT:
            return 0
        return self.header_records + self.variant.skip_lines_after_header

    @property
    def delimiter(self) -> str:
        """The delimiter, which is settled once a file has a job."""
        assert self.variant.delimiter is not None
        return self.variant.delimiter


@dataclass
class Counts:
    """Records of one file: delivered by the parser, kept after duplicates, rejected, for their bytes too."""

    delivered: int = 0
    kept: int = 0
    rejected: int = 0
    not_utf8: int = 0

    @property
    def read(self) -> int:
        """Records that the file holds."""
        return self.delivered + self.rejected

    @property
    def duplicate(self) -> int:
        """Records equal to an earlier one of the file."""
        return self.delivered - self.kept


@dataclass(frozen=True)
class _Text:
    """A file as UTF-8: itself or a copy. ``newline`` is its one kind of line end, None when there are several."""

    path: Path
    newline: str | None


@dataclass
class Reading:
    """The records of several files, held in DuckDB until they are written.

    Parameters
    ----------
    folder
        An empty folder for copies and for what does not fit into memory.
    """

    folder: Path
    counts: dict[int, Counts] = field(default_factory=dict)
    _jobs: dict[int, Job] = field(default_factory=dict)
    _texts: dict[int, _Text] = field(default_factory=dict)
    _rewritten: dict[int, Rewritten] = field(default_factory=dict)
    _converted: dict[int, Converted] = field(default_factory=dict)
    _tables: dict[str, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A file and not memory: records wait compressed on disk, so an export may be larger than the machine.
        self._connection = duckdb.connect(str(self.folder / "records.duckdb"))
        # The parser takes memory per thread; four read faster than a disk, and fit the limit.
        threads = min(4, os.cpu_count() or 1)
        memory = min(_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
        for setting in (
            "preserve_insertion_order = true",
            f"memory_limit = '{memory} bytes'",
            f"threads = {threads}",
            # It tells how far it is, and leaves it to others to say so.
            "enable_progress_bar = true",
            "enable_progress_bar_print = false",
        ):
            self._connection.execute(f"set {setting}")

    def close(self) -> None:
        """Release the database; the folder may be removed afterwards."""
        self._connection.close()

    def read(self, jobs: Sequence[Job], progress: Progress = lambda step, done, total: None) -> None:
        """Split every file into cells, fast where the count of its records says that this is safe.

        Raises
        ------
        InputFileError
            When a file turns out to be damaged.
        """
        (self.folder / "fast").mkdir()
        for done, job in enumerate(jobs):
            progress("making text of files", done, len(jobs))
            self._jobs[job.number] = job
            self._texts[job.number] = self._as_text(job, progress)
            self.counts[job.number] = Counts()
        fast = [job for job in jobs if self._texts[job.number].newline is not None]
        for job in fast:
            # A link with a plain name: DuckDB would take `[`, `*` and `country=BR/` in a path for patterns of its own.
            if self._texts[job.number].path == job.file.path:
                self._path("fast", job).symlink_to(job.file.path.resolve())
        with self._watched("reading records", progress):
            failed = self._parse("fast", fast)
        self._collect_rejects()
        stray = self._files_with_stray_quotes()
        suspects = failed | stray | {job.number for job in jobs} - {job.number for job in fast}
        careful = [job for job in jobs if job.number in suspects or self._is_miscounted(job)]
        for table in [*self._tables, "rejects"]:
            self._connection.execute(
                f"delete from {table} where file_number in (select unnest(?::integer[]))",
                [[job.number for job in careful]],
            )
        with self._watched("reading records with care", progress):
            self._parse_carefully(careful)
        self._count_converted()
        with self._watched("looking for duplicates", progress):
            self._mark_duplicates()

    @contextmanager
    def _watched(self, step: str, progress: Progress) -> Iterator[None]:
        """Tell how far the statements are that run meanwhile: the largest take minutes and say nothing of it."""
        progress(step, 0, 0)
        done = Event()

        def look() -> None:
            while not done.wait(_LOOK_AGAIN):
                share = self._connection.query_progress()
                if share > 0:
                    progress(step, int(share), 100)

        watcher = Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _as_text(self, job: Job, progress: Progress) -> _Text:
        """The file itself, or what it says in UTF-8 and, where it is no text, in CSV."""
        copy = self._path("fast", job)
        if job.file.kind is Kind.TEXT:
            encoding = job.variant.encoding or "utf-8"
            if encoding in UTF8:
                return _Text(job.file.path, job.file.newlines.only())
            return _Text(copy, copy_as_utf8(job.file, encoding, copy))
        self._converted[job.number] = convert(
            job.file,
            job.variant,
            header_records=job.header_records,
            target=copy,
            rejects=self._aside(job.number),
            seen=lambda records: progress(f"{job.file.name}: {records:,} records", 0, 0),
        )
        return _Text(copy, "\n")

    def _aside(self, number: int) -> Path:
        return self.folder / f"{number:06d}.rejects"

    def _count_converted(self) -> None:
        """Check that what was written for the parser is what it delivered, and count what was not written."""
        for number, result in self._converted.items():
            count = self.counts[number]
            if count.rejected or count.delivered != result.written:
                raise RuntimeError(
                    f"{count.delivered} of {result.written} records of {self._jobs[number].file.label} read"
                )
            count.rejected, count.not_utf8 = result.rejected, result.not_utf8

    def rounded(self, number: int) -> Counter[int]:
        """Index of a column → whole numbers of one file that its workbook had already rounded."""
        result = self._converted.get(number)
        return result.rounded if result else Counter()

    def _path(self, way: str, job: Job) -> Path:
        return self.folder / way / f"{job.number:06d}.csv"

    def _parse(self, way: str, jobs: Sequence[Job]) -> set[int]:
        """Let DuckDB split files; return the numbers of those that it refuses.

        Files that are read alike are read by one statement: hundreds of small files cost no more than a large one.
        """
        alike: dict[tuple[str, str, int], list[Job]] = {}
        for job in jobs:
            newline = "\n" if way == "careful" else self._texts[job.number].newline or "\n"
            skip = 0 if way == "careful" else job.skip
            alike.setdefault((job.variant.digest(), newline, skip), []).append(job)
        failed: set[int] = set()
        for (_, newline, skip), members in alike.items():
            table, variant = f"records_{way}_{len(self._tables)}", members[0].variant
            paths = [self._path(way, job) for job in members]
            try:
                self._connection.execute(read_statement(table, paths, variant, newline=newline, skip=skip))
            except duckdb.InvalidInputException:
                failed |= {job.number for job in members}
                continue
            self._tables[table] = variant
            for number, delivered in self._connection.execute(
                f"select file_number, count(*) from {table} group by file_number"
            ).fetchall():
                self.counts[number].delivered = delivered
        return failed

    def _collect_rejects(self) -> None:
        self._connection.execute(
            "create table rejects (file_number integer, position bigint, kind varchar, message varchar)"
        )
        if not self._tables:
            return
        self._connection.execute(
            """
            insert into rejects
            -- One record may have several faults; bytes that are no text come first, as they may cause the others.
            select
                parse_filename(file_path, true)::integer as file_number,
                line_byte_position as position,
                max_by(error_type, rank) as kind,
                max_by(error_message, rank) as message
            from (
                select *, (error_type = 'INVALID ENCODING')::integer * 1000000 + coalesce(column_idx, 0) as rank
                from reject_errors inner join reject_scans using (scan_id, file_id)
            )
            group by file_path, line_byte_position
            """
        )
        for number, rejected, not_utf8 in self._connection.execute(
            "select file_number, count(*), count(*) filter (where kind = 'INVALID ENCODING') "
            "from rejects group by file_number"
        ).fetchall():
            self.counts[number].rejected, self.counts[number].not_utf8 = rejected, not_utf8

    def _files_with_stray_quotes(self) -> set[int]:
        """Files whose quotation marks are out of order, so that what DuckDB delivers may not be all there is."""
        found = self._connection.execute(
            "select distinct file_number from rejects "
            "where kind not in ('INVALID ENCODING', 'TOO MANY COLUMNS', 'MISSING COLUMNS')"
        ).fetchall()
        return {number for (number,) in found}

    def _is_miscounted(self, job: Job) -> bool:
        """Tell whether the bytes of a file say another number of records than DuckDB."""
        text, quote = self._texts[job.number].path, job.variant.quote
        start = data_start(text, delimiter=job.delimiter, quote=quote, skip=job.skip) if job.skip else 0
        return count_records(text, quote=quote, start=start) != self.counts[job.number].read

    def _parse_carefully(self, jobs: Sequence[Job]) -> None:
        (self.folder / "careful").mkdir()
        for job in jobs:
            result = self._rewritten[job.number] = rewrite_records(
                self._texts[job.number].path,
                self._path("careful", job),
                delimiter=job.delimiter,
                quote=job.variant.quote,
                skip=job.skip,
                columns=len(job.variant.headers),
            )
            not_utf8 = sum(fault == NOT_UTF8 for _, fault in result.faults)
            self.counts[job.number] = Counts(rejected=len(result.faults), not_utf8=not_utf8)
        failed = self._parse("careful", jobs)
        for job in jobs:
            delivered, written = self.counts[job.number].delivered, self._rewritten[job.number].written
            if job.number in failed or delivered != written:
                raise RuntimeError(f"{delivered} of {written} records of {job.file.label} read")

    def _mark_duplicates(self) -> None:
        """Keep the first of the records of a file whose cells are all equal, those of ignored columns too."""
        for table, variant in self._tables.items():
            cells = ", ".join(cell_names(variant))
            self._connection.execute(
                f"create table {table}_kept as select file_number, min(rowid) as record "
                f"from {table} group by file_number, {cells}"
            )
            for number, kept in self._connection.execute(
                f"select file_number, count(*) from {table}_kept group by file_number"
            ).fetchall():
                self.counts[number].kept = kept

    def rejects(self, number: int) -> Iterator[Reject]:
        """The rejected records of one file, by their place in it."""
        if number in self._converted:
            yield from read_rejects(self._aside(number))
            return
        job, text = self._jobs[number], self._texts[number].path
        if text != job.file.path:
            yield from self._rejects_of_copy(job, text)
            return
        for found in self._faults(number):
            lines = line_numbers(text, [start for start, _ in found])
            with opened(text) as data:
                for (start, fault), line in zip(found, lines, strict=True):
                    raw = data[start : min(self._record_end(job, data, start), start + MAX_RAW_TEXT)]
                    yield Reject(fault, raw.decode("utf-8", errors="backslashreplace"), line, start)

    def _rejects_of_copy(self, job: Job, text: Path) -> Iterator[Reject]:
        """Rejects of a file in another encoding: found in the copy, told as they stand in the file."""
        encoding = job.variant.encoding or "utf-8"
        for found in self._faults(job.number):
            lines = line_numbers(text, [start for start, _ in found])
            offsets = OriginalOffsets(job.file, encoding)
            with opened(text) as data, opened(job.file.path) as original:
                for (start, fault), line in zip(found, lines, strict=True):
                    end = min(self._record_end(job, data, start), start + MAX_RAW_TEXT)
                    raw = data[start:end].decode("utf-8", errors="backslashreplace")
                    place = offsets.at(data, start)
                    if place is not None:
                        raw = original[place : offsets.at(data, end)].decode(encoding, errors="backslashreplace")
                    yield Reject(fault.replace("UTF-8", encoding), raw, line, place)

    def _record_end(self, job: Job, data: Bytes, start: int) -> int:
        return next(split_records(data, delimiter=job.delimiter, quote=job.variant.quote, start=start)).end

    def _faults(self, number: int) -> Iterator[list[tuple[int, str]]]:
        """Offset and fault of the rejected records of one file, in portions."""
        if number in self._rewritten:
            faults = self._rewritten[number].faults
            for first in range(0, len(faults), _PORTION):
                yield faults[first : first + _PORTION]
            return
        # A cursor: the writer of these rows may have other questions while they are streamed.
        rows = self._connection.cursor().execute(
            "select position, kind, message from rejects where file_number = ? order by position", [number]
        )
        while portion := rows.fetchmany(_PORTION):
            starts = _starts(self._texts[number].path, [position - 1 for position, _, _ in portion])
            yield [(start, _fault(kind, message)) for start, (_, kind, message) in zip(starts, portion, strict=True)]

    def samples(self, rows: int) -> Iterator[tuple[int, list[tuple[str | None, ...]]]]:
        """Number of each file, and up to ``rows`` of its records, spread over it evenly, cells as text."""
        for table, variant in self._tables.items():
            spans = self._connection.execute(
                f"select file_number, min(record), max(record) from {table}_kept group by file_number order by 2"
            ).fetchall()
            for first in range(0, len(spans), _FILES_AT_A_TIME):
                # Records of a file follow each other, so that places in it need no sort.
                ids = [
                    record
                    for _, low, high in spans[first : first + _FILES_AT_A_TIME]
                    for record in range(low, high + 1, max(1, -(-(high + 1 - low) // rows)))
                ]
                found: dict[int, list[tuple[str | None, ...]]] = {}
                for number, *cells in self._connection.execute(
                    f"select file_number, {', '.join(cell_names(variant))} from {table} "
                    "where rowid in (select unnest(?::bigint[]))",
                    [ids],
                ).fetchall():
                    found.setdefault(number, []).append(tuple(cells))
                yield from found.items()

    def write(
        self,
        table: str,
        target: Path,
        *,
        batch_id: str,
        landed_at: datetime,
        progress: Progress = lambda step, done, total: None,
    ) -> int:
        """Write the kept records of every file as the landing table ``table``; return the number of rows."""
        files = list(self._jobs.values())
        self._connection.execute(
            "create or replace temp table files as "
            "select unnest(?::integer[]) as file_number, unnest(?::varchar[]) as name, unnest(?::varchar[]) as sha256, "
            "unnest(?::varchar[]) as path_values, unnest(?::bigint[]) as row_offset",
            [
                [job.number for job in files],
                [job.file.name for job in files],
                [job.file.sha256 for job in files],
                [json.dumps(dict(job.path_values)) for job in files],
                [job.row_offset for job in files],
            ],
        )
        provenance = f"{literal(batch_id)} as _batch_id, timestamp {literal(landed_at.isoformat(' '))} as _landed_at"
        selects = [
            landing_select(records, variant, mapping, provenance)
            for records, variant in self._tables.items()
            for mapping in variant.tables
            if mapping.table == table
        ]
        statement = f"copy ({union_of(selects, table)}) to {literal(str(target))} (format parquet, compression zstd)"
        with self._watched(f"writing {table}", progress):
            row = self._connection.execute(statement).fetchone()
        return int(row[0]) if row else 0


def _starts(path: Path, positions: Sequence[int]) -> list[int]:
    """Where rejected records begin: after a two-character line end DuckDB points at its second character."""
    starts = []
    with path.open("rb") as stream:
        for position in positions:
            stream.seek(position)
            ahead = stream.read(64)
            starts.append(position + len(ahead) - len(ahead.lstrip(b"\r\n")))
    return starts


def _fault(kind: str, message: str) -> str:
    counts = _COLUMN_COUNT.search(message)
    return wrong_width(int(counts[2]), int(counts[1])) if counts and kind != "INVALID ENCODING" else NOT_UTF8
