"""Python models: run in dbt's process, given tables that they read as they do on DuckDB, written as Parquet."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from dbt.adapters.base import PythonJobHelper
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.connections import SparkSessionCredentials
from dbt.adapters.sparksession.failures import explained, failure
from dbt.adapters.sparksession.session import current_session, write_again


class SparkTable:
    """What ``dbt.ref`` gives a Python model: a table that is read when it is asked for, as a relation of DuckDB is."""

    def __init__(self, frame: Any) -> None:
        #: The data frame of Spark, for models that stay in the cluster.
        self.frame = frame

    def to_arrow_table(self) -> pa.Table:
        """Bring the rows to this process. Models ask for samples only: memory here does not grow with the data.

        Returns
        -------
        pyarrow.Table
            Moments without a zone, in UTC, as DuckDB gives them.
        """
        table = self.frame.toArrow()
        for index, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type) and field.type.tz is not None:
                table = table.set_column(
                    index, field.name, table.column(index).cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
                )
        return table


def in_utc(table: pa.Table) -> pa.Table:
    """Give moments without a zone theirs, so that Spark makes the same type of them as its SQL does."""
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is None:
            table = table.set_column(
                index, field.name, table.column(index).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
            )
    return table


def _frame(session: Any, table: pa.Table) -> Any:
    if table.num_rows:
        return session.createDataFrame(table)
    # a client of Connect looks for types in the rows, and refuses a table without any
    from pyspark.sql.pandas.types import from_arrow_schema

    return session.createDataFrame([], schema=from_arrow_schema(table.schema))


class SessionPythonJob(PythonJobHelper):
    """Runs one compiled Python model."""

    def __init__(self, parsed_model: dict[str, Any], credentials: SparkSessionCredentials) -> None:
        self._model = parsed_model
        self._credentials = credentials

    def submit(self, compiled_code: str) -> int:
        """Run the model and write its table.

        Parameters
        ----------
        compiled_code
            What dbt makes of the file: the function ``model`` and the class ``dbtObj``.

        Returns
        -------
        int
            Rows written.

        Raises
        ------
        DbtRuntimeError
            When the model gives something else than an Arrow table, and with what Spark or the model says.
        """
        session = current_session(str(self._credentials.host), self._credentials.server_side_parameters)
        name = f"{self._model['schema']}.{self._model['alias']}"
        namespace: dict[str, Any] = {"__name__": f"dbt_model_{self._model['alias']}"}
        try:
            # dbt's own compilation of a file of the project: the same trust as the SQL beside it
            exec(compile(compiled_code.lstrip(), self._model["original_file_path"], "exec"), namespace)  # noqa: S102
            result = namespace["model"](namespace["dbtObj"](lambda table: SparkTable(session.table(table))), session)
            if not isinstance(result, pa.Table):
                raise failure(
                    f"a pyarrow.Table from {name}", type(result).__name__, "return one, with an explicit schema"
                )
            writer = _frame(session, in_utc(result)).write.mode("overwrite")
            file_format = self._model["config"].get("file_format")
            # without one Spark's own, spark.sql.sources.default, as for tables of SQL
            writer = writer.format(file_format) if file_format else writer
            write_again(session, lambda: writer.saveAsTable(name))
        except DbtRuntimeError:
            raise
        except Exception as error:
            raise explained(error) from error
        return int(result.num_rows)
