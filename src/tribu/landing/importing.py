"""Importing files: each is recognised, read and landed, all of one call or none, and every record is accounted for."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as ReadOnlyDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tribu.errors import InputFileError, MappingError
from tribu.landing.archives import Budget
from tribu.landing.bookkeeping import write_ledger, write_rejects
from tribu.landing.catalog import load_mapping, shipped_mappings
from tribu.landing.files import InputFile, find_files, open_files
from tribu.landing.fitting import FileFit, fit_file, no_sheet, refuse_missing_sheets
from tribu.landing.headers import fold_header
from tribu.landing.mapping import Mapping, Variant
from tribu.landing.misfits import SAMPLED, misfits
from tribu.landing.reading import Counts, Job, Progress, Reading
from tribu.landing.store import (
    BatchWriter,
    LedgerEntry,
    check_landing,
    new_batch_id,
    open_batch,
    read_ledger,
)


@dataclass(frozen=True)
class Outcome:
    """What became of the records of one file in one table: ``read = landed + duplicate + rejected + forgotten``."""

    file: str
    table: str
    mapping: str
    read: int
    landed: int
    duplicate: int
    rejected: int
    forgotten: int = 0

    def __post_init__(self) -> None:
        if self.read != self.landed + self.duplicate + self.rejected + self.forgotten:
            raise RuntimeError(f"records of {self.file} are unaccounted for: {self}")


@dataclass(frozen=True)
class ImportResult:
    """What one import did; ``batch_id`` is None when every file had been imported before."""

    batch_id: str | None
    outcomes: tuple[Outcome, ...]


def import_files(
    landing: Path,
    paths: Sequence[Path],
    *,
    mapping: str | None = None,
    platform: str | None = None,
    observed_at: str | None = None,
    again: bool = False,
    accept: bool = False,
    with_sensitive: bool = False,
    say: Callable[[str], None] = lambda message: None,
    progress: Progress = lambda step, done, total: None,
) -> ImportResult:
    """Land the records of files, as one batch: all of it or nothing.

    Parameters
    ----------
    landing
        The landing folder; created when it does not exist.
    paths
        Files, and folders that stand for the data files in them.
    mapping
        Name of a shipped mapping or path of a mapping file; None leaves the choice to the headers of each file.
    platform, observed_at
        Constants that fill or override those of the mapping.
    again
        Land files anew that were imported before, in place of their earlier rows.
    accept
        Land files although the values speak against their mapping.
    with_sensitive
        Land columns whose headers are sensitive (gender, e-mail, …) in ``extra`` like any other.
    say
        Called with remarks for the person at the keyboard, a line each.
    progress
        Called often with a step, how much of it is done, and of how much (0 when that is not known).

    Raises
    ------
    InputFileError
        When a file is missing, empty, unreadable or no text.
    MappingError
        When a mapping is unknown, invalid or not settled, or a file fits none, in its headers or in its values.
    LandingError
        When the folder is not a landing folder, is damaged, or is in use.
    """
    check_landing(landing)
    chosen = load_mapping(mapping) if mapping is not None else None
    found = find_files(paths)
    # From the first look on, so that nobody else imports a file meanwhile.
    with open_batch(landing, batch_id := new_batch_id()) as writer:
        plan = _Plan(again=again, known=_by_file(read_ledger(landing)))
        options = _Options(
            chosen,
            shipped_mappings() if chosen is None else [],
            platform,
            observed_at,
            accept=accept,
            with_sensitive=with_sensitive,
        )
        # Inside landing: the system's folder for temporary files may be small, or in memory.
        with tempfile.TemporaryDirectory(dir=writer.scratch()) as folder:
            _inspect(plan, found, options, Path(folder), say, progress)
            _say_what_fits(plan, say)
            for remark in plan.remarks():
                say(remark)
            if not plan.jobs:
                return ImportResult(None, tuple(plan.outcomes({})))
            outcomes = _write(writer, plan, options, Path(folder), say, progress)
        # Once what was unpacked is gone: a commit puts every file of the batch on the disk.
        gone = writer.commit(replaced=plan.replaced())
        return ImportResult(batch_id, tuple(plan.without(outcomes, gone)))


@dataclass(frozen=True)
class _Options:
    """What one call says about how its files are read."""

    chosen: Mapping | None
    shipped: Sequence[Mapping]
    platform: str | None
    observed_at: str | None
    accept: bool
    with_sensitive: bool


def _inspect(
    plan: _Plan,
    found: Sequence[tuple[Path, str]],
    options: _Options,
    folder: Path,
    say: Callable[[str], None],
    progress: Progress,
) -> None:
    """Take every file in, those within archives and workbooks too."""
    budget = Budget()
    total = sum(path.stat().st_size for path, _ in found)
    done = 0

    def seen(size: int) -> None:
        nonlocal done
        done += size
        progress("looking at files", done, total)

    for path, name in found:
        others: list[str] = []
        taken = False
        for file in open_files(path, name, folder, budget=budget, seen=seen):
            if no_sheet(file, options.chosen):
                others.append(file.sheet or "")
                continue
            taken = True
            try:
                fit = fit_file(
                    file,
                    chosen=options.chosen,
                    shipped=options.shipped,
                    platform=options.platform,
                    observed_at=options.observed_at,
                )
            except MappingError:
                # Imported before, with a mapping that this call does not name: it stays a duplicate.
                if file.sha256 not in plan.known or plan.again:
                    raise
                fit = None
            if fit and options.with_sensitive:
                fit = replace(fit, variant=fit.variant.with_sensitive())
            plan.add(file, fit)
        if others and options.chosen is not None:
            if not taken:
                refuse_missing_sheets(options.chosen, str(path), others)
            say(f"{name}: not read, for {options.chosen.name} is about another sheet: {', '.join(others)}")


class _Plan:
    """The files of one call: which are to be read, and which are duplicates as a whole."""

    def __init__(self, *, again: bool, known: dict[str, list[LedgerEntry]]) -> None:
        self.again = again
        self.known = known
        self.jobs: list[Job] = []
        self.by_headers: list[Variant] = []
        self._files: list[tuple[InputFile, Job | None]] = []
        self._first: dict[str, Job] = {}
        self._changed: set[str] = set()
        self._remarks: list[str] = []

    def add(self, file: InputFile, fit: FileFit | None) -> None:
        """Take a file in; ``fit`` may be None when it is known."""
        known = self.known.get(file.sha256)
        if known and fit and fit.variant.digest() not in {entry.mapping_sha256 for entry in known}:
            self._changed.add(file.sha256)
        if (known and not self.again) or file.sha256 in self._first:
            self._files.append((file, self._first.get(file.sha256)))
            return
        assert fit is not None  # only a known file may lack one
        job = Job(len(self.jobs), file, fit.variant, fit.header_records, fit.path_values)
        self.jobs.append(job)
        self._first[file.sha256] = job
        self._files.append((file, job))
        self._remarks += fit.remarks
        if fit.by_headers:
            self.by_headers.append(fit.variant)

    def replaced(self) -> set[str]:
        """SHA-256 of every file whose earlier rows are to leave landing."""
        return self._first.keys() & self.known.keys()

    def remarks(self) -> Iterator[str]:
        """A line on every choice that a person should know, and on every file that was imported before."""
        yield from self._remarks
        for file, job in self._files:
            known = self.known.get(file.sha256, [])
            if job is None:
                when = f"{known[0].landed_at:%Y-%m-%d %H:%M} UTC"
                changed = "; mapping or options differ now" if file.sha256 in self._changed else ""
                yield (
                    f"{file.name}: already imported on {when} as {known[0].mapping}, nothing landed"
                    f"{changed} (--replace lands it anew)"
                )
            elif job.file is not file:
                yield f"{file.name}: the same content as {job.file.name}, landed once"
            elif known:
                yield f"{file.name}: replaces its import of {known[0].landed_at:%Y-%m-%d %H:%M} UTC"

    def without(self, outcomes: Sequence[Outcome], gone: ReadOnlyDict[tuple[str, str], int]) -> Iterator[Outcome]:
        """Outcomes of `outcomes`, in its order, after records of forgotten people stayed out of the batch."""
        counted = iter(outcomes)
        for file, job in self._files:
            tables = job.variant.tables if job else dict.fromkeys(entry.table for entry in self.known[file.sha256])
            for _, one in zip(tables, counted, strict=False):
                mine = job is not None and job.file is file
                landed = gone.get((one.table, file.sha256), 0) if mine else 0
                rejected = gone.get(("rejects", file.sha256), 0) if mine else 0
                yield replace(
                    one,
                    landed=one.landed - landed,
                    rejected=one.rejected - rejected,
                    forgotten=landed + rejected,
                )

    def outcomes(self, counts: ReadOnlyDict[int, Counts]) -> Iterator[Outcome]:
        """Outcomes in the order of the files, given the counts of every job."""
        for file, job in self._files:
            if job is None:
                # Several batches have a part of it when rejects of it were retried.
                for name in dict.fromkeys(entry.table for entry in self.known[file.sha256]):
                    entries = [entry for entry in self.known[file.sha256] if entry.table == name]
                    rows = sum(entry.rows_read for entry in entries)
                    yield Outcome(file.name, name, entries[0].mapping, rows, 0, rows, 0)
                continue
            count = counts[job.number]
            for table in job.variant.tables:
                # A copy of a file of this call is a duplicate from end to end.
                kept, rejected = (count.kept, count.rejected) if job.file is file else (0, 0)
                duplicate = count.duplicate if job.file is file else count.read
                yield Outcome(file.name, table.table, job.variant.label, count.read, kept, duplicate, rejected)


def _write(
    writer: BatchWriter,
    plan: _Plan,
    options: _Options,
    folder: Path,
    say: Callable[[str], None],
    progress: Progress,
) -> list[Outcome]:
    landed_at = datetime.now(UTC).replace(tzinfo=None)
    reading = Reading(Path(tempfile.mkdtemp(dir=folder)))
    try:
        reading.read(plan.jobs, progress)
        _refuse_other_encodings(reading, plan.jobs, say)
        _say_what_is_rounded(reading, plan.jobs, say)
        progress("looking at values", 0, 0)
        refuse_misfits(reading, plan.jobs, options.accept, say)
        written = {
            table: reading.write(
                table, writer.path(table), batch_id=writer.batch_id, landed_at=landed_at, progress=progress
            )
            for table in ("accounts", "posts")
        }
        rejected = write_rejects(reading, plan.jobs, writer, landed_at)
    finally:
        reading.close()
    outcomes = list(plan.outcomes(reading.counts))
    _check_totals(outcomes, reading.counts, written, rejected)
    write_ledger(plan.jobs, reading.counts, writer, landed_at)
    return outcomes


def _refuse_other_encodings(reading: Reading, jobs: Sequence[Job], say: Callable[[str], None]) -> None:
    for job in jobs:
        count = reading.counts[job.number]
        if not count.rejected:
            continue
        bad = count.not_utf8
        if bad * 2 > count.read:
            raise InputFileError(
                expected=f"text in {_encoding(job)}, as {job.variant.label} is read, in {job.file.label}",
                got=f"{bad} of {count.read} records that are not",
                remedy="declare the file's encoding in a mapping, such as `encoding: cp1252`",
            )
        hint = f", {bad} of them not {_encoding(job)} (another encoding? declare it in a mapping)" if bad else ""
        noun = "record" if count.rejected == 1 else "records"
        say(f"{job.file.name}: {count.rejected} {noun} rejected{hint}; kept in landing's rejects")


def _say_what_is_rounded(reading: Reading, jobs: Sequence[Job], say: Callable[[str], None]) -> None:
    """Warn of ids that a spreadsheet has rounded: two of them may have become one, and no link leads to either."""
    for job in jobs:
        rounded = reading.rounded(job.number)
        columns = [table.columns for table in job.variant.tables]
        ids = {found[name] for found in columns for name in ("account_id", "post_id") if name in found}
        for index in sorted(ids & rounded.keys()):
            header = fold_header(job.variant.headers[index])
            say(
                f"{job.file.name}: {rounded[index]:,} ids under {header!r} have lost their last digits, for a "
                "spreadsheet keeps 15 of a number; export them as text, or as CSV from where they come"
            )


def _encoding(job: Job) -> str:
    name = job.variant.encoding or "utf-8"
    return "UTF-8" if name == "utf-8" else name


def refuse_misfits(reading: Reading, jobs: Sequence[Job], accept: bool, say: Callable[[str], None]) -> None:
    """Stop before anything lands when the values of a file are not what its mapping takes them for."""
    told: dict[int, str] = {}
    by_number = {job.number: job for job in jobs}
    for number, records in reading.samples(SAMPLED):
        job = by_number[number]
        if found := misfits(job.variant, records):
            told[number] = f"{job.file.name} as {job.variant.label}: {'; '.join(found)}"
    problems = [told[number] for number in sorted(told)]
    if not problems:
        return
    if not accept:
        more = f" (and {len(problems) - 3} more files)" if len(problems) > 3 else ""
        raise MappingError(
            expected="values that are what the mapping takes them for",
            got=" | ".join(problems[:3]) + more,
            remedy="correct the mapping, or go on with --accept; nothing has landed",
        )
    for problem in problems:
        say(f"accepted: {problem}")


def _check_totals(
    outcomes: Sequence[Outcome], counts: ReadOnlyDict[int, Counts], written: dict[str, int], rejected: int
) -> None:
    """Compare the counts with the rows that were in fact written; a difference is a fault of Tribu."""
    for table, rows in written.items():
        expected = sum(outcome.landed for outcome in outcomes if outcome.table == table)
        if rows != expected:
            raise RuntimeError(f"{rows} rows of {table} written where {expected} were counted")
    expected = sum(count.rejected for count in counts.values())
    if rejected != expected:
        raise RuntimeError(f"{rejected} rejects written where {expected} were counted")


def _say_what_fits(plan: _Plan, say: Callable[[str], None]) -> None:
    for label, files in Counter(variant.label for variant in plan.by_headers).items():
        say(f"{files} {'file fits' if files == 1 else 'files fit'} {label}")
    withheld = {
        (fold_header(job.variant.headers[index]), subject)
        for job in plan.jobs
        for index, subject in job.variant.withheld.items()
    }
    if withheld:
        named = ", ".join(f"{header} ({subject})" for header, subject in sorted(withheld))
        say(f"sensitive columns that do not land: {named} (--with-sensitive, or keep_sensitive in the mapping)")
    undated = sum(
        table.table == "accounts" and not table.gives("observed_at")
        for job in plan.jobs
        for table in job.variant.tables
    )
    if undated:
        say(
            f"{undated} {'file does' if undated == 1 else 'files do'} not say when the accounts were observed: "
            "the time of this import is taken (--observed-at DATE says it)"
        )


def _by_file(entries: Sequence[LedgerEntry]) -> dict[str, list[LedgerEntry]]:
    files: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        files.setdefault(entry.sha256, []).append(entry)
    return files
