"""What the page for analysts is made of, as typed rows: the worked questions and the columns of the marts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from tribu.report.arrow import read_rows


@dataclass(frozen=True, slots=True)
class WorkedQuestion:
    """A row of ``rpt_worked_questions``: a question, what to read from the answer, and its SQL."""

    question_name: str
    question_order: int
    title_en: str
    title_fr: str
    question_en: str
    question_fr: str
    read_en: str
    read_fr: str
    question_sql: str


@dataclass(frozen=True, slots=True)
class MartColumn:
    """A row of ``rpt_mart_columns``: one column of a mart."""

    table_name: str
    grain: str
    column_position: int
    column_name: str
    data_type: str
    description: str


SQL_TABLES: Final[Mapping[str, type]] = {"rpt_worked_questions": WorkedQuestion, "rpt_mart_columns": MartColumn}
"""The tables that the page for analysts is made of, with the class of their rows."""


@dataclass(frozen=True)
class SqlData:
    """The worked questions in their order, and the columns of the marts by table and position."""

    questions: tuple[WorkedQuestion, ...] = ()
    columns: tuple[MartColumn, ...] = ()


def read_sql_data(tables: Mapping[str, pa.Table]) -> SqlData:
    """Read the worked questions and the columns of the marts.

    Raises
    ------
    ModelInputError
        When a table or a column is missing or of another type.
    """
    return SqlData(
        tuple(sorted(read_rows(tables, "rpt_worked_questions", WorkedQuestion), key=lambda row: row.question_order)),
        tuple(
            sorted(
                read_rows(tables, "rpt_mart_columns", MartColumn),
                key=lambda row: (row.table_name, row.column_position),
            )
        ),
    )
