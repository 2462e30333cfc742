"""The engines that tests ask: DuckDB always, Spark where its extra and Java are there."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

SPARK_MISSING = (
    "the extra `spark` is not installed (make setup-spark)"
    if importlib.util.find_spec("dbt.adapters.spark") is None or importlib.util.find_spec("pyspark") is None
    else "no Java on the path"
    if shutil.which("java") is None
    else ""
)

needs_spark = pytest.mark.skipif(bool(SPARK_MISSING), reason=SPARK_MISSING)
ENGINES = ["dev", pytest.param("spark", marks=needs_spark)]
