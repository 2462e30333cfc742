"""The adapter: dbt-spark's, with Python models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.base import PythonJobHelper
from dbt.adapters.base.meta import available
from dbt.adapters.contracts.connection import AdapterResponse
from dbt.adapters.spark.impl import SparkAdapter

from dbt.adapters.sparksession.connections import SparkSessionConnectionManager
from dbt.adapters.sparksession.failures import explained
from dbt.adapters.sparksession.python_models import SessionPythonJob
from dbt.adapters.sparksession.session import current_session, files_at


class SparkSessionAdapter(SparkAdapter):
    """dbt-spark on the session of the profile."""

    ConnectionManager = SparkSessionConnectionManager

    @property
    def default_python_submission_method(self) -> str:
        """Name of the one way to run a Python model."""
        return "session"

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        """Ways to run a Python model, by name."""
        return {"session": SessionPythonJob}

    def generate_python_submission_response(self, submission_result: Any) -> AdapterResponse:
        """Say that a Python model ran, and how many rows it made."""
        return AdapterResponse(_message=f"OK {submission_result} rows", rows_affected=submission_result)

    @available
    def place_of(self, pattern: str) -> str:
        """Give a path that a server finds, too: its working directory is another than that of dbt.

        Parameters
        ----------
        pattern
            A path, relative to the project or not, or the address of an object store (``s3a://…``).
        """
        return pattern if "://" in pattern else str(Path.cwd() / pattern)

    @available.parse(lambda *args, **kwargs: False)
    def has_files(self, pattern: str) -> bool:
        """Whether there is a file at a path, on whatever store Spark reads: a query over none is an error of Spark.

        Parameters
        ----------
        pattern
            A path, perhaps with ``*``; of a folder every file below it counts.
        """
        session = current_session(str(self.config.credentials.host), self.config.credentials.server_side_parameters)
        try:
            return files_at(session, self.place_of(pattern))
        except Exception as error:
            raise explained(error) from error
