"""dbt-spark on a live session, Python models included.

dbt-spark sends Python models to Databricks only. This adapter inherits everything from it (every macro, by
``dependencies``) and adds three things: one session for the whole build, on this machine, on a cluster or behind Spark
Connect; a helper that runs the compiled Python of a model in dbt's own process; and bindings of seeds that survive an
apostrophe.
"""

from pathlib import Path
from typing import Any

from dbt.adapters.base import AdapterPlugin
from dbt_common.exceptions import DbtRuntimeError

import dbt.include.sparksession

try:
    from dbt.adapters.sparksession.connections import SparkSessionConnectionManager, SparkSessionCredentials
    from dbt.adapters.sparksession.impl import SparkSessionAdapter
except ModuleNotFoundError as error:
    raise DbtRuntimeError(
        f"expected dbt-spark and pyspark beside Tribu; got no module {error.name}; remedy: make setup-spark"
    ) from error

__all__ = ["Plugin", "SparkSessionAdapter", "SparkSessionConnectionManager", "SparkSessionCredentials"]

# Any: dbt-spark's adapter is no AdapterProtocol to a type checker, which dbt asks for
_adapter: Any = SparkSessionAdapter

Plugin = AdapterPlugin(
    adapter=_adapter,
    credentials=SparkSessionCredentials,
    include_path=str(Path(dbt.include.sparksession.__file__).parent),
    dependencies=["spark"],
)
