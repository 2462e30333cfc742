"""A run: slice after slice, each landed before the next is fetched, so that whatever ends it, what came is kept."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from tribu.collect.extraction import Known, Slice, SliceLoader, extract
from tribu.collect.landing_slice import Landed, land_slice
from tribu.collect.network import Network, chunks
from tribu.collect.networks import NETWORKS
from tribu.collect.runs import (
    COMPLETE,
    INCOMPLETE,
    RUNNING,
    Run,
    new_run,
    read_collections,
    run_to_resume,
    write_run,
)
from tribu.collect.transport import Interface, Patience, duration
from tribu.errors import CollectError
from tribu.landing.forgotten import read_forgotten
from tribu.landing.store import check_landing, start_landing
from tribu.lock import exclusive
from tribu.wording import counted

WORK: Final = ".collecting"
"""Hidden subfolder of landing where dlt works; empty but while a run is at work, or after one was killed."""

SLICE: Final = 100
"""Accounts that are fetched before they land. A kill costs one slice, and each costs a third of a second of dlt's."""

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass
class CollectResult:
    """What one call did.

    Attributes
    ----------
    outcomes
        Accounts by what the network said of them; ``failed`` are still missing.
    shortfalls
        A line per account of which fewer posts came than its profile states.
    failures
        Account → why it is missing.
    """

    run: Run
    accounts: int = 0
    posts: int = 0
    slices: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    shortfalls: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, landed: Landed) -> None:
        """Take in what a slice brought."""
        self.accounts += landed.accounts
        self.posts += landed.posts
        self.slices += 1
        self.outcomes.update(landed.outcomes)
        self.shortfalls += landed.shortfalls


def open_network(platform: str, url: str | None) -> Network:
    """The network of a platform, at another address if one is given.

    Raises
    ------
    CollectError
        When an address is needed, or is none that a token may be sent to.
    """
    network = NETWORKS[platform](url)
    if not _may_be_asked(network.base):
        raise CollectError(
            expected=f"the address of {platform} with https://",
            got=network.base or "none",
            remedy=f"give it with --url, such as {network.url or 'https://mastodon.social'}",
        )
    return network


def _may_be_asked(url: str) -> bool:
    """Tell whether an address is whole, is encrypted or stays on this machine, and is no more than an address."""
    try:
        parts = urlsplit(url)
        # A property that reads the number.
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or port == 0 or parts.username is not None or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def read_handles(network: Network, given: Sequence[str]) -> list[str]:
    """Handles and ids as the network writes them, each once, in the order given; addresses of profiles are read.

    Raises
    ------
    CollectError
        When an address is none of an account of the network.
    """
    return list(dict.fromkeys(network.clean(_name(network, handle)) for handle in given if handle.strip()))


def _name(network: Network, given: str) -> str:
    """Return what names the account: people paste the address of a profile where a handle is meant."""
    text = given.strip()
    if "/" not in text:
        return text
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        host, path = (address.hostname or "").removeprefix("www."), unquote(address.path)
    except ValueError:
        host, path = "", ""
    name = network.name_at(host, path)
    if name is None:
        raise CollectError(
            expected=f"a handle, an id or the address of an account of {network.name}",
            got=text,
            remedy="correct it, or leave it out; those of another network are collected with its name",
        )
    return name


def read_tokens(network: Network, asked: Sequence[str]) -> dict[str, str]:
    """Tokens from the environment, by variable.

    Raises
    ------
    CollectError
        When one is not set, or cannot be sent as a header.
    """
    tokens = {name: os.environ.get(name, "").strip() for name in network.tokens_needed(asked)}
    for name, token in tokens.items():
        if not token or not token.isascii() or not token.isprintable():
            raise CollectError(
                expected=f"a token for {network.name} in the environment variable {name}",
                got="none" if not token else "characters that no token has",
                remedy=f"export {name}=… (docs/collecting.md says where it comes from)",
            )
    return tokens


def collect(
    landing: Path,
    network: Network,
    asked: Sequence[str],
    *,
    posts: int,
    slice_size: int = SLICE,
    resume: bool = False,
    patience: Patience | None = None,
    say: Callable[[str], None] = lambda message: None,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> CollectResult:
    """Collect accounts with their latest posts into landing, as one run.

    Parameters
    ----------
    asked
        Handles and ids, as :func:`read_handles` gives them; not looked at when a run is resumed.
    posts
        Most posts of each account; 0 is all.
    resume
        Go on with the last incomplete run of the network, in place of a new one.
    say
        Called with remarks, a line each.
    progress
        Called with a step, how many accounts are done, and of how many.
    clock
        Tells when an account is observed.

    Raises
    ------
    CollectError
        When a token is missing, or there is nothing to resume.
    LandingError
        When landing is damaged or in use.
    """
    check_landing(landing)
    asked = _without_forgotten(landing, network.name, asked, say)
    run = run_to_resume(landing, network.name, network.base) if resume else None
    tokens = read_tokens(network, run.remaining if run else asked)
    start_landing(landing)
    if run is None:
        run = write_run(landing, new_run(network.name, network.base, asked, posts))
    work = landing / WORK / run.run_id
    work.mkdir(parents=True, exist_ok=True)
    try:
        with exclusive(work):
            return _Session(
                landing, network, run, work, slice_size, tokens, patience or Patience(), say, progress, clock
            ).run_all()
    finally:
        for folder in (work, work.parent):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _without_forgotten(landing: Path, platform: str, asked: Sequence[str], say: Callable[[str], None]) -> Sequence[str]:
    """Leave out whom landing has forgotten, so that neither the network nor a file is told of them."""
    forgotten = read_forgotten(landing)
    if forgotten is None:
        return asked
    left = [one for one in asked if not forgotten.has(platform, one)]
    if len(left) < len(asked):
        say(f"{counted(len(asked) - len(left), 'account')} forgotten before: not asked for")
    return left


class _Session:
    """One call at work on one run."""

    def __init__(
        self,
        landing: Path,
        network: Network,
        run: Run,
        work: Path,
        slice_size: int,
        tokens: dict[str, str],
        patience: Patience,
        say: Callable[[str], None],
        progress: Callable[[str, int, int], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._landing = landing
        self._network = network
        self._slice_size = slice_size
        self._say = say
        self._progress = progress
        self._clock = clock
        self._result = CollectResult(run)
        self._loader = SliceLoader(work / "slice", network.name)
        self._interface = Interface(network.base, network.headers(tokens), patience, network.explain)
        self._before = run.requests, run.retries
        self._began = time.monotonic()
        self._done = 0
        self._todo = len(run.remaining)
        rows = read_collections(landing, network.name)
        self._known = Known(
            ids={row["handle"].casefold(): row["account_id"] for row in rows if row["handle"] and row["account_id"]},
            seen={row["account_id"] for row in rows if row["run_id"] == run.run_id and row["account_id"]},
        )
        slices = [int(row["_file"].rsplit("-", 1)[-1]) for row in rows if row["run_id"] == run.run_id]
        self._next = max(slices, default=0) + 1

    def run_all(self) -> CollectResult:
        """Slice after slice until all are done or the network stops it."""
        self._finish_left()
        todo = self._result.run.remaining
        self._todo = len(todo)
        stopped: str | None = None
        try:
            for asked in chunks(todo, self._slice_size):
                slice_ = Slice(self._next, asked, self._result.run.posts_limit, self._clock)
                rows = extract(slice_, self._network, self._interface, self._known, self._one_done)
                self._land(self._loader.run(rows))
                self._next += 1
                self._result.failures |= slice_.failures
                self._save(RUNNING)
                self._say(f"{self._network.name}: {self._done:,} of {counted(self._todo, 'account')}, {self._pace()}")
                if stopped := slice_.stopped:
                    break
        except BaseException as error:
            self._save(INCOMPLETE, "interrupted" if isinstance(error, KeyboardInterrupt) else type(error).__name__)
            raise
        finally:
            self._loader.clear()
        if failed := len(self._result.failures):
            stopped = stopped or f"{counted(failed, 'account')} failed"
            self._result.outcomes["failed"] = failed
        self._save(INCOMPLETE if self._result.run.remaining else COMPLETE, stopped)
        return self._result

    def _finish_left(self) -> None:
        left = self._loader.left()
        if left is not None and left["outcomes"].num_rows:
            run_slice = left["outcomes"].column("slice")[0].as_py()
            self._land(left)
            self._known.seen.update(one for one in left["outcomes"].column("account_id").to_pylist() if one)
            self._next = max(self._next, int(run_slice) + 1)
            self._save(RUNNING)
            self._say("a slice that had been fetched before the run was cut off is landed")
        self._loader.clear()

    def _land(self, tables: dict[str, pa.Table]) -> None:
        landed = land_slice(
            self._landing,
            tables,
            run_id=self._result.run.run_id,
            network=self._network.name,
            declaration=repr((sorted(self._network.account), sorted(self._network.post))),
        )
        if landed is None:
            return
        self._result.add(landed)
        remaining = tuple(one for one in self._result.run.remaining if one not in landed.settled)
        asked = self._result.run.accounts_asked
        self._result.run = replace(self._result.run, remaining=remaining, accounts_settled=asked - len(remaining))

    def _save(self, status: str, reason: str | None = None) -> None:
        traffic = self._interface.traffic
        self._result.run = write_run(
            self._landing,
            replace(
                self._result.run,
                status=status,
                reason=reason if status == INCOMPLETE else None,
                accounts_failed=len(self._result.failures),
                requests=self._before[0] + traffic.requests,
                retries=self._before[1] + traffic.retries,
            ),
        )

    def _one_done(self) -> None:
        self._done += 1
        self._progress(f"{self._network.name}: {self._pace()},", self._done, self._todo)

    def _pace(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-3)
        left = max(0, self._todo - self._done) * seconds / max(self._done, 1)
        return f"{self._done / seconds:,.1f} accounts a second, {duration(left)} left"
