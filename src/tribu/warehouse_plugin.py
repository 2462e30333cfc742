"""What dbt-duckdb calls around a build: alone in the warehouse before it, handing over what was made after it."""

from __future__ import annotations

import atexit
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from dbt_common.exceptions import DbtRuntimeError

from tribu.errors import LandingError, TribuError, disk_error
from tribu.landing.contract import MARKER
from tribu.landing.store import check_every_row, check_landing
from tribu.lock import tell, waiting_time
from tribu.project import find_places
from tribu.publication import commit, stage_marts, writing
from tribu.warehouse import begin_build, end_build, wait_for_file

if TYPE_CHECKING:
    from dbt.adapters.duckdb.credentials import DuckDBCredentials
    from dbt.adapters.duckdb.utils import TargetConfig

# Until the process ends: dbt closes and opens the warehouse as its threads come and go.
_HELD: Final = ExitStack()
_OWN_ERROR: Final = re.compile(r"^\s*tribu\.errors\.\w+: (expected .+)$", re.MULTILINE)
atexit.register(_HELD.close)


@contextmanager
def _told() -> Iterator[None]:
    """Hand dbt an error in one line where it is not of its own making."""
    try:
        yield
    except TribuError as error:
        raise DbtRuntimeError(str(error)) from error
    except (OSError, duckdb.Error) as error:
        if (told := disk_error(error)) is None:
            raise
        raise DbtRuntimeError(str(told)) from error


def _say(message: str) -> None:
    fire_event(Note(msg=message), level=EventLevel.INFO)


def _refuse_damaged(landing: Path) -> None:
    """Stop before a model does; a folder from elsewhere is the project's to refuse, on every engine."""
    if (landing / MARKER).is_file():
        check_landing(landing)


def _explain(failed: Mapping[str, str]) -> None:
    """Say in one line what to do: dbt shows our own errors below a trace, and of a disk or a landed file no remedy."""
    for message in failed.values():
        own = _OWN_ERROR.search(message)
        told = own[1] if own else disk_error(message)
        if told is not None:
            _say(f"Tribu: {told}")
            return
    if any(name.startswith("stg_") for name in failed):
        try:
            check_every_row(find_places().landing)
        except LandingError as error:
            _say(f"Tribu: {error}")


class Plugin(BasePlugin):
    """Called by dbt-duckdb before it opens the warehouse, and by macros at the end of a build."""

    connection: duckdb.DuckDBPyConnection | None = None

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Wait until nobody else has the warehouse; says who has it where that takes too long."""
        if creds.path == ":memory:":
            return
        places = find_places()
        begun, wait = time.monotonic(), waiting_time()
        with _told():
            _HELD.enter_context(writing(places))
            # who reads it holds no lock of ours, but DuckDB's
            wait_for_file(Path(creds.path), wait=max(0.0, wait - (time.monotonic() - begun)), say=tell)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection, for what is handed over at the end."""
        self.connection = conn

    def store(self, target_config: TargetConfig) -> None:
        """Take a step that a macro asks for: ``begin`` or ``end``."""
        assert self.connection is not None
        told = dict(target_config.config)
        step = target_config.location.path if target_config.location else ""
        with _told():
            if step == "begin":
                if told["reads_landing"]:
                    _refuse_damaged(find_places().landing)
                begin_build(self.connection, told["build_id"])
            else:
                self._end(self.connection, **told)

    def _end(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        build_id: str,
        failed: dict[str, str],
        is_complete: bool,
        has_site: bool,
    ) -> None:
        if failed:
            _say(
                f"Tribu: nothing is published, for {len(failed)} of the steps failed or were skipped; "
                "the site and the published marts stay as they were."
            )
            _explain(failed)
            return
        is_whole = end_build(connection, build_id, is_complete=is_complete)
        if not has_site:
            return
        if not is_whole:
            _say(
                "Tribu: nothing is published, for the warehouse holds tables of more than one build; "
                "run dbt build to its end."
            )
            return
        places = find_places()
        published = stage_marts(connection, places)
        commit(places, marts=True, site=True)
        _say(f"Tribu: the site is at {places.site}/index.html, {published.tables} marts at {places.published}.")
