"""Reads an exported Evidence project as Evidence would: its sources, the queries of its pages, what its components name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

QUERY = re.compile(r"^```sql (\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMPONENT = re.compile(
    r"<([A-Z]\w*)\b([^<>]*?(?:\{[^{}]*\}[^<>]*?)*)/?>(?:((?:\s*<Column [^<>]*/>)+)\s*</\1>)?", re.DOTALL
)
ATTRIBUTE = re.compile(r"(\w+)=(?:\"([^\"]*)\"|\{([^{}]*)\}|([\w-]+))")
# Attributes whose value is a column of the component's data.
COLUMN_ATTRIBUTES = {
    "Value": {"column"},
    "BigValue": {"value"},
    "BarChart": {"x", "y", "series"},
    "ScatterPlot": {"x", "y", "series", "tooltipTitle"},
    "Heatmap": {"x", "y", "value", "xSort", "ySort"},
    "DataTable": {"link", "groupBy"},
    "Column": {"id", "fmtColumn"},
}


@dataclass(frozen=True)
class EvidenceProject:
    """A folder that `tribu export evidence` wrote."""

    folder: Path

    def open(self) -> duckdb.DuckDBPyConnection:
        """A database whose schema of the source holds the result of each source query."""
        connection = duckdb.connect()
        connection.execute(f"set file_search_path = '{self.folder}'")
        for source in sorted(path for path in (self.folder / "sources").iterdir() if path.is_dir()):
            connection.execute(f"create schema {source.name}")
            for file in sorted(source.glob("*.sql")):
                query = file.read_text(encoding="utf-8")
                connection.execute(f'create table {source.name}."{file.stem}" as {query}')
        return connection

    def pages(self) -> dict[str, str]:
        """The text of each page by its path."""
        pages = self.folder / "pages"
        return {path.relative_to(pages).as_posix(): path.read_text(encoding="utf-8") for path in pages.rglob("*.md")}

    def cluster_keys(self) -> list[str]:
        if not (self.folder / "data" / "clusters.parquet").exists():
            return []
        with self.open() as connection:
            return [key for (key,) in connection.execute("select cluster_key from wh.clusters").fetchall()]

    def run(self, page: str, **params: str) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
        """Run every query of a page; columns and rows by the query's name."""
        queries = dict(QUERY.findall(self.pages()[page]))
        results = {}
        with self.open() as connection:
            for name, query in queries.items():
                sql = resolve(query, queries, params)
                cursor = connection.execute(sql)
                columns = [column[0] for column in cursor.description or []]
                results[name] = (columns, cursor.fetchall())
        return results


def resolve(sql: str, queries: dict[str, str], params: dict[str, str]) -> str:
    """Put parameters and the text of other queries where they are referred to."""

    def one(found: re.Match[str]) -> str:
        reference = found[1]
        if reference.startswith("params."):
            return params[reference.removeprefix("params.")]
        return f"({resolve(queries[reference], queries, params)})"

    return re.sub(r"\$\{([\w.]+)\}", one, sql)


def named_columns(page: str) -> list[tuple[str, str]]:
    """Query and column of everything that a component of the page names."""
    text = QUERY.sub("", page)
    named = []
    for component, attributes, columns in COMPONENT.findall(text):
        values = {name: text or braced or bare for name, text, braced, bare in ATTRIBUTE.findall(attributes)}
        if "data" not in values:
            continue
        query = values["data"]
        named += [(query, values[name]) for name in COLUMN_ATTRIBUTES[component] if name in values]
        for _, inner, _ in COMPONENT.findall(columns):
            inside = {name: text or braced or bare for name, text, braced, bare in ATTRIBUTE.findall(inner)}
            named += [(query, inside[name]) for name in COLUMN_ATTRIBUTES["Column"] if name in inside]
    named += re.findall(r"\{(\w+)\[0\]\.(\w+)\}", text)
    return named
