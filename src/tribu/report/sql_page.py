"""The page for analysts: how to open the published marts, worked questions with their SQL, and what the tables hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from tribu.report.data import ReportData
from tribu.report.formatters import NOT_KNOWN, format_integer, format_size
from tribu.report.language import Language, typeset
from tribu.report.prose import structure_doubt
from tribu.report.safety import display_text
from tribu.report.sql_data import MartColumn

PAGE: Final = "sql.html"
"""Address of the page, from the folder of its language."""

QUESTIONS_FILE: Final = "downloads/questions.sql"
"""The worked questions in one file, from the root of the site."""

DOCS_FILE: Final = "downloads/dbt-docs.html"
"""dbt's own documentation of the project, from the root of the site; there once `tribu docs` has made it."""

PUBLISHED: Final = "data/published.duckdb"
"""The published marts in the snippets: where they stand unless ``TRIBU_PUBLISHED`` moves them. Never their place on a
machine; and not the warehouse, for who reads that stands in the way of a build."""

SHELL: Final = f"duckdb -readonly {PUBLISHED}"
FIRST_QUERY: Final = """\
select cluster_name_en, influencers_count, stability_reading
from marts.dim_clusters
order by cluster_order;"""
PANDAS: Final = f"""\
import duckdb

with duckdb.connect("{PUBLISHED}", read_only=True) as published:
    influencers = published.sql("select * from marts.dim_influencers").df()

influencers.groupby("cluster_name")["er_followers"].median()"""
NOTEBOOK: Final = "make notebook"
EXPORT: Final = "tribu export parquet out/parquet"
OF_FILES: Final = """\
select platform, count(*) as influencers
from 'out/parquet/dim_influencers.parquet'
group by platform;"""
JDBC: Final = f"""\
jdbc:duckdb:{PUBLISHED}
duckdb.read_only=true"""

# A worked question is some 2,000 characters; whoever writes a longer one should still see its end.
_SQL_LIMIT: Final = 20_000
_TEXT_LIMIT: Final = 1_000


@dataclass(frozen=True)
class Snippet:
    """A way to open the marts: what it is for, and lines to copy, each block with its label."""

    title: str
    text: str
    blocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """A worked question in the language of the page."""

    anchor: str
    title: str
    question: str
    read: str
    sql: str


@dataclass(frozen=True)
class Mart:
    """A mart: what a row is, how many columns it has, and these."""

    name: str
    grain: str
    columns_count: str
    columns: tuple[MartColumn, ...]


@dataclass(frozen=True)
class SqlPage:
    """The page for analysts; ``docs_size`` is None where there is no documentation by dbt."""

    title: str
    lede: str
    doubt: str | None
    snippets: tuple[Snippet, ...]
    questions: tuple[Question, ...]
    marts: tuple[Mart, ...]
    docs_size: str | None


def build_sql_page(data: ReportData, lang: Language, docs_bytes: int | None = None) -> SqlPage:
    """Put the page together.

    Parameters
    ----------
    data
        The rows of the report.
    lang
        The language of the page.
    docs_bytes
        Bytes of dbt's documentation where it is among the files of the site.
    """
    _ = lang.gettext
    marts = [
        (name, tuple(columns)) for name, columns in groupby(data.sql.columns, key=lambda column: column.table_name)
    ]
    return SqlPage(
        title=_("For analysts"),
        lede=_(
            "Everything on this site comes from one file, a DuckDB database that any SQL tool can read. Here is how to "
            "open it, what it holds, and questions with their SQL to start from."
        ),
        doubt=structure_doubt(data.overview, lang) if data.clusters else None,
        snippets=_snippets(lang),
        questions=tuple(
            Question(
                anchor=f"question-{row.question_order}",
                title=_text(lang.choose(en=row.title_en, fr=row.title_fr), lang),
                question=_text(lang.choose(en=row.question_en, fr=row.question_fr), lang),
                read=_text(lang.choose(en=row.read_en, fr=row.read_fr), lang),
                sql=_sql(row.question_sql),
            )
            for row in data.sql.questions
        ),
        marts=tuple(
            Mart(
                name=f"marts.{_line(name)}",
                grain=_line(columns[0].grain) or NOT_KNOWN,
                columns_count=lang.ngettext("%(n)s column", "%(n)s columns", len(columns))
                % {"n": format_integer(len(columns), lang=lang)},
                columns=tuple(_described(column) for column in columns),
            )
            for name, columns in marts
        ),
        docs_size=None if docs_bytes is None else format_size(docs_bytes, lang=lang),
    )


def sql_files(data: ReportData) -> dict[str, bytes]:
    """Write the worked questions as one file, by its path within the site; none without questions."""
    if not data.sql.questions:
        return {}
    parts = [
        f"-- {row.question_order}. {row.title_en}\n-- {row.question_en}\n-- {row.read_en}\n{_sql(row.question_sql)};\n"
        for row in data.sql.questions
    ]
    return {QUESTIONS_FILE: "\n".join(parts).encode("utf-8", errors="replace")}


def _text(text: str, lang: Language) -> str:
    return typeset(display_text(text, limit=_TEXT_LIMIT) or "", lang.code)


def _sql(text: str) -> str:
    # Line by line: what makes a text harmless also makes it one line.
    return "\n".join(_line(line) for line in text.strip().splitlines())[:_SQL_LIMIT]


def _described(column: MartColumn) -> MartColumn:
    return replace(
        column,
        column_name=_line(column.column_name),
        data_type=_line(column.data_type),
        description=_line(column.description) or NOT_KNOWN,
    )


def _line(line: str) -> str:
    bare = line.lstrip()
    return " " * (len(line) - len(bare)) + (display_text(bare, limit=_TEXT_LIMIT) or "")


def _snippets(lang: Language) -> tuple[Snippet, ...]:
    _ = lang.gettext
    command, query, code, address = _("Command"), _("Query"), _("Code"), _("Address and property")
    return (
        Snippet(
            _("On the command line"),
            _(
                "With the command line of DuckDB 2.0. Many people may read at once, and while a build runs; whoever "
                "has the file open keeps what they opened until they close it."
            ),
            ((command, SHELL), (query, FIRST_QUERY)),
        ),
        Snippet(
            _("In Python, with pandas"),
            _(
                "The environment of the project has both packages. The file is closed again as soon as the table is "
                "read, so the next run reads the newest build."
            ),
            ((code, PANDAS),),
        ),
        Snippet(
            _("In a notebook"),
            _("A notebook comes with the project. It goes from the quality of the data to a shortlist."),
            ((command, NOTEBOOK),),
        ),
        Snippet(
            _("In Power BI, Tableau, Metabase or Superset: as files"),
            _(
                "The surest way: every table as a file that no driver is needed for. Power BI reads "
                "Parquet as it is; for the others, tribu export csv writes what every tool reads."
            ),
            ((command, EXPORT), (query, OF_FILES)),
        ),
        Snippet(
            _("In the same tools: the database itself"),
            _(
                "With a driver for DuckDB: ODBC for Power BI, JDBC for Tableau, community drivers for Metabase and "
                "Superset. It must be of DuckDB 2.0 or later, or it cannot read the file; give the full path, and open "
                "the file for reading only."
            ),
            ((address, JDBC),),
        ),
    )
