"""Models are written in the SQL that both engines read alike; what they do not share comes from dbt_project/macros/engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import ROOT

pytestmark = pytest.mark.layering

#: What only DuckDB reads, or Spark reads otherwise, by what to write instead.
OF_ONE_ENGINE = {
    "all_but": r"\b(exclude|except)\s*\(",
    "a subquery": r"\bqualify\b",
    "all columns by name, in one order": r"\bunion\s+all\s+by\s+name\b",
    "text_matches": r"\bregexp_(matches|like|full_match)\b",
    "text_replaced": r"\bregexp_replace\b",
    "text_found": r"\bregexp_extract_all\b",
    "text_split": r"\b(string_split\w*|regexp_split_to_array|split)\(",
    "without_accents": r"\bstrip_accents\b",
    "text_as_timestamp": r"\btry_cast\([^()]*as\s+timestamp\)",
    "is_finite": r"\bisfinite\b",
    "timestamp_of_micros": r"\bmake_timestamp\b|\bepoch\w*\(",
    "minutes_before": r"\bto_(minutes|hours|days|seconds)\(",
    "days_between": r"\bdate_?diff\b",
    "list_of, list_item, list_length": r"\b(len|array_size|cardinality)\(|\b\w+\[\d+\]|\]\[\d+\]|(?<=[(\s,])\[\s*\](?=\s*[,)])",
    "a macro of lists": r"\blist_(transform|filter|sort|distinct|contains|has_any|has_all|extract|aggregate)\(|\blambda\b",
    "array_distinct, array_sort, array_contains": r"\blist_(distinct|contains)\(",
    "list_in_order": r"\b(list|array_agg|collect_list)\(",
    "text_in_order": r"\b(string_agg|listagg|group_concat)\(",
    "quantiles, or percentile_cont": r"\bquantile(_cont|_disc)?\(|\bpercentile\(",
    "each_item": r"\b(unnest|explode)\(",
    "json_field, json_names": r"\b(json_\w+|get_json_object|from_json)\(",
    "parquet_rows, holds_files": r"\b(read_parquet|read_text|read_csv|glob)\(",
    "looked_up": r"\bmap\s*[{(]",
    "a case inside the aggregate": r"\bfilter\s*\(where[^)]*\)\s*over\b",
    "string": r"\b(as|::)\s*varchar\b|'varchar'",
    "cast(… as …)": r"[\w)\]']::\w",
    "trim(leading … from …)": r"\b[lr]trim\([^()]*(\([^()]*\))?[^()]*,",
    "percentages and dates in words of both": r"\bstr[fp]time\(",
    "[0-9], [^0-9]": r"'[^'\n]*\\d[^'\n]*'",
    "a double (30e0) over a decimal (30.0)": r"\b\d+\.\d+\s*/|/\s*\d+\.\d+(?![\de])",
    "min_by, max_by": r"\barg_m(in|ax)\b",
    "stop_with": r"(?<![\w.])error\(",
}

#: Where engines are told apart, on purpose.
HOME = ROOT / "dbt_project" / "macros" / "engine"


def sql_of(text: str) -> str:
    """The SQL of a file, without comments: of Jinja what stands in double quotation marks, which is SQL handed to macros, and types."""
    text = re.sub(r"{#.*?#}", " ", text, flags=re.DOTALL)
    handed = re.compile(r""""[^"]*"|'varchar'""")
    text = re.sub(
        r"{[{%].*?[%}]}", lambda block: " ".join(handed.findall(block[0])).replace('"', ""), text, flags=re.DOTALL
    )
    return re.sub(r"--[^\n]*", " ", text)


def sources() -> list[Path]:
    folders = [ROOT / "dbt_project", ROOT / "tests" / "dbt" / "singular", ROOT / "tests" / "dbt" / "generic"]
    return sorted(path for folder in folders for path in folder.rglob("*.sql") if path.parent != HOME)


@pytest.mark.parametrize("instead", OF_ONE_ENGINE)
def test_models_hold_to_what_engines_share(instead: str) -> None:
    pattern = re.compile(OF_ONE_ENGINE[instead], re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]!r}; write {instead}"
        for path in sources()
        for hit in pattern.finditer(sql_of(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("instead", "written"),
    [
        ("all_but", "select * exclude (name)"),
        ("a subquery", "from t qualify row_number() over () = 1"),
        ("text_matches", "regexp_matches(a, 'b')"),
        ("text_replaced", "regexp_replace(a, 'b', 'c', 'g')"),
        ("list_of, list_item, list_length", "select parts[1]"),
        ("list_of, list_item, list_length", "coalesce(a, [])"),
        ("a case inside the aggregate", "sum(x) filter (where y) over (partition by z)"),
        ("a double (30e0) over a decimal (30.0)", "30.0 / days"),
        ("a double (30e0) over a decimal (30.0)", "days / 7.0"),
        ("trim(leading … from …)", "ltrim(trim(handle), '@')"),
        ("[0-9], [^0-9]", r"regexp_extract(a, '\d+', 0)"),
        ("string", "cast(a as varchar)"),
        ("string", "{%- set columns = {'run_id': 'varchar'} %}"),
        ("text_replaced", """{{ fold("regexp_replace(" ~ text ~ ", '^a', '')") }}"""),
    ],
)
def test_the_check_sees_what_it_is_for(instead: str, written: str) -> None:
    assert re.search(OF_ONE_ENGINE[instead], sql_of(written), re.IGNORECASE)
