"""Macros of dbt_project/macros/engine give the same answer on every engine: the one written here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import run_dbt
from tests.dates import NO_DATES, WRITTEN_DATES
from tests.engines import ENGINES

ROWS = "(select * from (values (1, 'b', 2.0), (2, 'a', 4.0), (3, 'c', 1.0)) as cases (id, word, number))"

# What is asked of a macro, and the answer as text. Signs stand for themselves: Spark takes the number of `chr` modulo 256. `of` is what the expression reads; without it, nothing.
CASES: list[tuple[str, str, str | None, str | None]] = [
    ("text_matches", """{{ text_matches("'a1'", '^[a-z][0-9]$') }}""", None, "true"),
    ("text_matches, line feed", """{{ text_matches("'12' || chr(10)", '^[0-9]+$') }}""", None, "false"),
    ("text_matches, backslash", """{{ text_matches("'a b'", '^a\\\\sb$') }}""", None, "true"),
    ("text_replaced", """{{ text_replaced("'a1b2'", '([a-z])([0-9])', "'\\\\2\\\\1'") }}""", None, "1a2b"),
    ("text_replaced, group left out", """{{ text_replaced("'ac'", 'a(b)?(c)', "'\\\\1' || '|' || '\\\\2'") }}""", None, "|c"),
    ("text_found", """{{ list_joined(text_found("'a #b #c'", '#[^\\\\s]+'), '|') }}""", None, "#b|#c"),
    ("text_found, group", """{{ list_joined(text_found("'a #b #c'", '#([a-z])', 1), '|') }}""", None, "b|c"),
    ("sql_text", """'{{ sql_text("it's a \\\\ sign") }}'""", None, "it's a \\ sign"),
    ("text_split", """{{ list_joined(text_split("'a, b,,c'", ' *, *'), '|') }}""", None, "a|b||c"),
    ("without_accents", """{{ without_accents("'Côte d''Ivoire, Ærø, Zürich, Łódź, Việt Nam'") }}""", None,
     "Cote d'Ivoire, Ærø, Zurich, Łodz, Viet Nam"),
    ("without_accents, marks apart", """{{ without_accents("'e\u0301'") }}""", None, "e"),
    *[(f"text_as_double of {text}", f"""{{{{ text_as_double("'{text}'") }}}} = {number}""", None, "true")
      for text, number in [("1.5", "1.5"), ("-2e3", "-2000"), (" 12 ", "12"), (".5", "0.5"), ("+7", "7"), ("3.", "3")]],
    *[(f"text_as_double of {text}", f"""{{{{ text_as_double("'{text}'") }}}}""", None, None)
      for text in ["", "12d", "1f", "0x10", "1,5", "e5", "--5"]],
    *[(f"text_as_timestamp of {text}", f"""{{{{ text_as_timestamp("'{text}'") }}}} = timestamp '{moment}'""", None, "true")
      for text, moment in [
          ("2026-05-01", "2026-05-01 00:00:00"), ("2026-5-1", "2026-05-01 00:00:00"), ("2026-05-01T10:30:15Z", "2026-05-01 10:30:15"),
          ("2026-05-01 10:30", "2026-05-01 10:30:00"), ("2026-05-01 10:30:15.25", "2026-05-01 10:30:15.25")]],
    *[(f"text_as_timestamp of {text}", f"""{{{{ text_as_timestamp("'{text}'") }}}} is null""", None, "true")
      for text in ["2026", "2026-05", "10:30", "2026-13-45", "soon", ""]],
    *[(f"parse_number of {text}", f"""{{{{ parse_number("'{text}'", '{comma}') }}}} = {number}""", None, "true")
      for text, comma, number in [("1,5 mil", "true", 1500), ("12 mil", "true", 12000), ("1.5k", "false", 1500), ("1.234,5", "true", 1234.5)]],
    ("parse_number of 12 mil in English", """{{ parse_number("'12 mil'", 'false') }} is null""", None, "true"),
    *[(f"parse_timestamp of {text}", f"""{{{{ parse_timestamp("'{text}'", "'{order}'") }}}} = timestamp '{moment}'""", None, "true")
      for text, order, moment in WRITTEN_DATES],
    *[(f"parse_timestamp of {text}", f"""{{{{ parse_timestamp("'{text}'", "'ymd'") }}}} is null""", None, "true")
      for text in NO_DATES],
    ("is_finite", """{{ is_finite("cast('infinity' as double)") }}""", None, "false"),
    ("is_finite, number", """{{ is_finite("1e0") }}""", None, "true"),
    ("timestamp_of_micros", """{{ timestamp_of_micros('1480146151000000') }} = timestamp '2016-11-26 07:42:31'""", None, "true"),
    ("minutes_before", """{{ minutes_before("timestamp '2026-01-01 00:30:00'", '90') }} = timestamp '2025-12-31 23:00:00'""", None, "true"),
    ("minutes_before, ahead", """{{ minutes_before("timestamp '2026-01-01 00:30:00'", '-60') }} = timestamp '2026-01-01 01:30:00'""", None, "true"),
    ("days_between", """{{ days_between("timestamp '2026-01-01 23:59:00'", "timestamp '2026-01-02 00:01:00'") }}""", None, "1"),
    ("list_item", """{{ list_item(list_of(["'a'", "'b'"]), 2) }}""", None, "b"),
    ("list_item, beyond", """{{ list_item(list_of(["'a'", "'b'"]), 3) }}""", None, None),
    ("list_length", """{{ list_length(list_of(["'a'", "'b'"])) }}""", None, "2"),
    ("lists_meet", """{{ lists_meet(list_of(["'a'", "'b'"]), list_of(["'b'"])) }}""", None, "true"),
    ("lists_meet, not", """{{ lists_meet(list_of(["'a'"]), list_of(["'b'"])) }}""", None, "false"),
    ("list_mapped", """{{ list_joined(list_mapped(list_of(["'a'", "'b'"]), 'item', "item || '!'"), ' ') }}""", None, "a! b!"),
    ("list_where", """{{ list_joined(list_where(list_of(["'a'", "'b'"]), 'item', "item != 'a'"), ' ') }}""", None, "b"),
    ("list_from", """{{ list_joined(list_from(list_of(["'a'", "'b'", "'c'"]), 2), ' ') }}""", None, "b c"),
    ("list_from, beyond", """{{ list_length(list_from(list_of(["'a'"]), 4)) }}""", None, "0"),
    ("list_upwards", """{{ list_joined(list_upwards(list_of(["'b'", "'c'", "'a'"])), ' ') }}""", None, "a b c"),
    ("list_until", """{{ list_joined(list_until(list_of(["'a'", "'b'", "'c'"]), 2), ' ') }}""", None, "a b"),
    ("list_until, beyond", """{{ list_length(list_until(list_of(["'a'"]), 4)) }}""", None, "1"),
    ("list_downwards", """{{ list_joined(list_downwards(list_of(["'a'", "'c'", "'b'"])), ' ') }}""", None, "c b a"),
    ("record_of", """{{ list_item(list_downwards(list_of([record_of({'n': '1', 'w': "'b'"}), record_of({'n': '2', 'w': "'a'"})])), 1) }}['w']""", None, "a"),
    ("with_value", """{{ with_value("upper('a')", 'letter', 'letter || letter') }}""", None, "AA"),
    ("looked_up", """{{ looked_up({'k': 3, 'm': 6}, "'m'") }}""", None, "6"),
    ("looked_up, none", """{{ looked_up({'k': 3, 'm': 6}, "'x'") }}""", None, None),
    ("empty_map", """{{ empty_map() }}['x']""", None, None),
    ("each_item", "count(*)", """(select {{ each_item(list_of(["'a'", "'b'"])) }} as item) as items""", "2"),
    ("list_in_order", """{{ list_joined(list_in_order('word', ['-number']), ' ') }}""", ROWS, "a b c"),
    ("list_in_order, some", """{{ list_joined(list_in_order('word', ['word'], 'id > 1'), ' ') }}""", ROWS, "a c"),
    ("list_in_order, none", """{{ list_length(list_in_order('word', ['word'], 'id > 9')) }}""", ROWS, "0"),
    ("text_in_order", """{{ text_in_order('word', '|', ['word']) }}""", ROWS, "a|b|c"),
    ("text_in_order, none", """{{ text_in_order('word', '|', ['word'], 'id > 9') }}""", ROWS, None),
    ("smallest", """{{ list_joined(list_mapped(smallest('id', 2), 'item', 'cast(item as string)'), ' ') }}""", ROWS, "1 2"),
    ("quantiles", """{{ list_item(quantiles('number', ['0.25', '0.5']), 1) }} = 1.5""", ROWS, "true"),
    ("json_field", """{{ json_field("'{\\"a.b[0]/c ~\\": \\"yes\\"}'", 'a.b[0]/c ~') }}""", None, "yes"),
    ("json_field, none", """{{ json_field("'{\\"a\\": \\"yes\\"}'", 'b') }}""", None, None),
    ("json_names", """{{ list_joined(json_names("'{\\"a\\": \\"1\\", \\"b c\\": 2}'"), '|') }}""", None, "a|b c"),
    ("parquet_rows", "count(*) > 0", """{{ parquet_rows('seeds/sample/imports/*.parquet') }}""", "true"),
    ("holds_files", "{{ holds_files('seeds/sample') }}", None, "true"),
    ("holds_files, none", "{{ holds_files('seeds/no such folder/*.parquet') }}", None, "false"),
    ("formats_stated", "'{{ formats_stated('seeds/sample/tribu-landing.json*') | join }}'", None, "1"),
    ("all_but", "*", """(select {{ all_but(['word', 'number']) }} from """ + ROWS + """ as cases where id = 3) as kept""", "3"),
    # what parsing makes of them
    ("parse_number", """{{ parse_number("'12\u202f345,5 k'", 'true') }} = 12345500""", None, "true"),
    ("parse_hashtags", """{{ list_joined(parse_hashtags("'#Ootd, #ad #Ootd!'"), ' ') }}""", None, "ad ootd"),
    ("language_key", """{{ language_key("'pt-BR'") }} || ' ' || {{ language_key("'Français'") }}""", None, "pt francais"),
    ("fold", """{{ fold("'  Música   y  BAILE '") }}""", None, "musica y baile"),
]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_every_macro_gives_the_answer(engine: str, tmp_path: Path) -> None:
    selects = [
        f"select {number} as place, cast(({asked}) as string) as answer" + (f" from {of}" if of else "")
        if asked != "*"
        else f"select {number} as place, cast(kept.id as string) as answer from {of}"
        for number, (_, asked, of, _) in enumerate(CASES)
    ]
    query = "\nunion all\n".join(selects)
    shown = run_dbt(
        tmp_path,
        "--log-format",
        "json",
        "show",
        "--inline",
        query,
        "--limit",
        "-1",
        "--output",
        "json",
        "--target",
        engine,
        quick=False,
    )
    assert shown.exit_code == 0, shown.log
    previews = [
        message["data"]["preview"]
        for line in shown.log.splitlines()
        if line.startswith("{") and (message := json.loads(line)).get("info", {}).get("name") == "ShowNode"
    ]
    answers = {row["place"]: row["answer"] for row in json.loads(previews[-1])}
    assert len(answers) == len(CASES)
    wrong = {
        CASES[place][0]: (answer, CASES[place][3])
        for place, answer in sorted(answers.items())
        if (None if answer is None else str(answer).lower())
        != (None if CASES[place][3] is None else str(CASES[place][3]).lower())
    }
    assert wrong == {}


def test_every_macro_is_asked() -> None:
    defined = {
        line.split("macro ")[1].split("(")[0]
        for path in Path("dbt_project/macros/engine").glob("*.sql")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("{% macro ") and "__" not in line.split("(")[0]
    }
    # these stop a query, change a table, and begin and end a build: the builds of both engines ask them
    of_builds = {"stop_with", "runs_forgotten", "runs_to_forget", "tribu_begin_build", "tribu_end_build", "hand_over"}
    asked = " ".join(f"{asked} {of}" for _, asked, of, _ in CASES)
    assert {name for name in defined if f"{name}(" not in asked} == of_builds
