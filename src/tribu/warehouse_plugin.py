"""What dbt-duckdb calls around a build: alone in the warehouse before it, handing over what was made after it."""

from __future__ import annotations

import atexit
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventLevel
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from dbt_common.exceptions import DbtRuntimeError

from tribu.errors import TribuError
from tribu.lock import tell, waiting_time
from tribu.project import find_places
from tribu.publication import commit, stage_marts, writing
from tribu.warehouse import begin_build, end_build, wait_for_file

if TYPE_CHECKING:
    import duckdb
    from dbt.adapters.duckdb.credentials import DuckDBCredentials
    from dbt.adapters.duckdb.utils import TargetConfig

# Until the process ends: dbt closes and opens the warehouse as its threads come and go.
_HELD: Final = ExitStack()
atexit.register(_HELD.close)


def _say(message: str) -> None:
    fire_event(Note(msg=message), level=EventLevel.INFO)


class Plugin(BasePlugin):
    """Called by dbt-duckdb before it opens the warehouse, and by macros at the end of a build."""

    connection: duckdb.DuckDBPyConnection | None = None

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Wait until nobody else has the warehouse; says who has it where that takes too long."""
        if creds.path == ":memory:":
            return
        places = find_places()
        begun, wait = time.monotonic(), waiting_time()
        try:
            _HELD.enter_context(writing(places))
            # who reads it holds no lock of ours, but DuckDB's
            wait_for_file(Path(creds.path), wait=max(0.0, wait - (time.monotonic() - begun)), say=tell)
        except TribuError as error:
            raise DbtRuntimeError(str(error)) from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection, for what is handed over at the end."""
        self.connection = conn

    def store(self, target_config: TargetConfig) -> None:
        """Take a step that a macro asks for: ``begin`` or ``end``."""
        assert self.connection is not None
        told = dict(target_config.config)
        step = target_config.location.path if target_config.location else ""
        try:
            if step == "begin":
                begin_build(self.connection, told["build_id"])
            else:
                self._end(self.connection, **told)
        except TribuError as error:
            raise DbtRuntimeError(str(error)) from error

    def _end(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        build_id: str,
        failed: list[str],
        is_complete: bool,
        has_site: bool,
    ) -> None:
        if failed:
            _say(
                f"Tribu: nothing is published, for {len(failed)} of the steps failed or were skipped; "
                "the site and the published marts stay as they were."
            )
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
