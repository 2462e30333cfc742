"""SQL in every place where people write: it stays text, or it is refused with its place named. No table changes, no file leaves its folder."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from tests.conftest import ROOT, Build, run_dbt, run_tribu
from tests.networks.bluesky import BlueskyServer, Person
from tests.pipeline.test_briefs import MODELS as BRIEF_MODELS

DROP = "drop table marts.dim_influencers; drop schema marts cascade; --"
ATTACKS = (
    f"x'); {DROP}",
    f'x"; {DROP}',
    f"x`; {DROP}",
    f"x\\'); {DROP}",
    f"{{{{ run_query('{DROP}') }}}}",
    f"x' or 1=1; {DROP}",
)
QUICK_FIT = {
    "algorithms": ["kmeans"], "pinned_algorithm": "kmeans", "pinned_k": 3, "resamples": 2, "cluster_resamples": 2, "map_points": 60,
}  # fmt: skip
TEXTS = {
    "partner_columns": list(ATTACKS),
    "opportunity_small_tiers": list(ATTACKS),
    "own_features": [
        {"name": "own_number", "column": ATTACKS[0], "transform": "none", "unit": "count", "label_en": ATTACKS[1], "label_fr": ATTACKS[0],
         "high_en": ATTACKS[2], "low_en": ATTACKS[3], "high_fr": ATTACKS[4], "low_fr": ATTACKS[5]},
    ],
}  # fmt: skip
MAPPING = {
    "name": "hostile",
    "title": ATTACKS[0],
    "variants": [
        {
            "name": "accounts",
            "headers": ["id", ATTACKS[1], ATTACKS[0], "followers", "partner"],
            "delimiter": ";",
            "quote": '"',
            "tables": {
                "accounts": {
                    "constants": {"platform": "instagram", "observed_at": "2026-06-01", "country": ATTACKS[0]},
                    "columns": {
                        "account_id": "id",
                        "handle": {"header": ATTACKS[1], "pattern": "^(.*?)'?$"},
                        "followers": "followers",
                    },
                }
            },
        }
    ],
}


def settings() -> dict[str, Any]:
    shipped: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return shipped


def tables(warehouse: Path) -> dict[str, int]:
    """Rows of every table."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}").fetchall()[0][0]
            for (name,) in names
        }  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build in which files, folders, columns, the mapping, handles and all vars that are texts try to be SQL."""
    folder = tmp_path_factory.mktemp("in'jection; --")
    exports = folder / ATTACKS[0].replace("/", "")
    exports.mkdir()
    (exports / "it's [a] *; --.csv").write_text(
        "\n".join(
            [
                ";".join(
                    f'"{name.replace(chr(34), chr(34) * 2)}"' for name in MAPPING["variants"][0]["headers"]
                ).replace("\n", ""),
                *(
                    f'{number};"{ATTACKS[number % len(ATTACKS)].replace(chr(34), chr(34) * 2)}{number}";{number * 7};{1000 + number * number};x'
                    for number in range(1, 91)
                ),
            ]
        ),
        encoding="utf-8",
    )
    (mapping := folder / "map'ping.yml").write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    done = run_tribu(folder, "import", "--mapping", str(mapping), "--accept", str(exports))
    assert done.returncode == 0, done.stderr
    build = run_dbt(folder, "build", "--vars", json.dumps({**QUICK_FIT, **TEXTS}))
    assert build.exit_code == 0, build.log
    return build


def test_handles_mappings_paths_and_texts_of_vars_are_taken_as_they_stand(hostile: Build) -> None:
    assert hostile.value("select count(*) from marts.dim_influencers") == 90
    handles = {str(handle) for (handle,) in hostile.rows("select handle from marts.dim_influencers")}
    assert any(handle.startswith("x'); drop table") for handle in handles)
    assert hostile.value("select count(own_number) from features.ftr_influencers") == 90
    labels = hostile.rows(
        "select feature_label_en, feature_label_fr from reporting.rpt_features where feature = 'own_number'"
    )
    assert labels == [(ATTACKS[1], ATTACKS[0])]


def test_every_page_and_file_stays_in_the_site(hostile: Build) -> None:
    files = [path for path in hostile.site.rglob("*") if path.is_file()]
    assert len(files) > 20
    names = {str(path.relative_to(hostile.site)) for path in files}
    assert not [name for name in names if not re.fullmatch(r"[\w./-]+", name)]
    assert not [path for path in files if not path.resolve().is_relative_to(hostile.site.resolve())]
    beside = {path.name for path in hostile.folder.iterdir()}
    assert beside <= {
        "landing", "warehouse.duckdb", "published.duckdb", "models", "site", "target", "logs", "spark", "map'ping.yml", ATTACKS[0].replace("/", "")
    }  # fmt: skip


def in_place_of(value: object) -> Iterator[object]:
    """What somebody could write in the place of a var: SQL for the whole of it, and for each part."""
    yield ATTACKS[0]
    if isinstance(value, list):
        yield [*value[:-1], f"0); {DROP}"]
    if isinstance(value, dict):
        yield {**value, next(iter(value)): f"0); {DROP}"}
        yield {**value, ATTACKS[0]: 1}


@pytest.mark.parametrize("attempt", [0, 1, 2])
def test_sql_in_the_place_of_a_number_or_a_name_is_refused_before_anything_runs(
    hostile: Build, tmp_path: Path, attempt: int
) -> None:
    given = {
        name: attacks[attempt]
        for name, value in settings().items()
        if name not in {*TEXTS, "score_with", "source"} and len(attacks := list(in_place_of(value))) > attempt
    }
    assert len(given) >= (85, 10, 5)[attempt]
    shutil.copy(hostile.warehouse, tmp_path / "warehouse.duckdb")
    shutil.copytree(hostile.landing, tmp_path / "landing")
    before = tables(tmp_path / "warehouse.duckdb")
    build = run_dbt(tmp_path, "build", "--vars", json.dumps(given), quick=False)
    assert build.exit_code != 0
    assert {name for name in given if f"'{name}' (" not in build.log} == set()
    assert tables(tmp_path / "warehouse.duckdb") == before
    assert not build.site.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"score_with": ATTACKS[0]}, "expected the accepted model x')"),
        ({"source": ATTACKS[0]}, "'source'"),
        ({"own_features": [{**TEXTS["own_features"][0], "name": f"a_b; {DROP}"}]}, "expected a name of small letters"),
        ({"own_features": [{**TEXTS["own_features"][0], "unit": ATTACKS[0]}]}, "expected a unit among"),
        ({"map_points": True}, "'map_points' (number), got true"),
        ({"map_points": "100"}, "'map_points' (number), got"),
        ({"random_seed": float("inf")}, "'random_seed' (number), got"),
        ({"pinned_k": [3]}, "'pinned_k' (number), got [3]"),
    ],
)
def test_each_var_says_what_it_may_be(hostile: Build, tmp_path: Path, given: dict[str, object], said: str) -> None:
    shutil.copy(hostile.warehouse, tmp_path / "warehouse.duckdb")
    shutil.copytree(hostile.landing, tmp_path / "landing")
    before = tables(tmp_path / "warehouse.duckdb")
    build = run_dbt(
        tmp_path, "run", "--select", "build_request", "accepted_models", "--vars", json.dumps({**QUICK_FIT, **TEXTS, **given})
    )  # fmt: skip
    assert build.exit_code != 0
    assert said in build.log
    assert tables(tmp_path / "warehouse.duckdb") == before


def test_every_var_has_a_kind_that_its_shipped_value_is_of() -> None:
    text = (ROOT / "dbt_project" / "macros" / "vars.sql").read_text(encoding="utf-8")
    body = text[text.index("do return({") + 10 : text.index("}) -%}") + 1]
    kinds: dict[str, list[str]] = yaml.safe_load(body)
    by_name = {name: kind for kind, names in kinds.items() for name in names}
    assert sum(map(len, kinds.values())) == len(by_name), "no var has two kinds"
    assert set(by_name) == set(settings())
    examples = {
        "number": (int, float), "numbers": list, "numbers by name": dict, "true or false": bool, "name": str, "names": list, "text": str,
        "texts": list, "checked where they are read": list,
    }  # fmt: skip
    wrong = {
        name
        for name, value in settings().items()
        if value is not None and not isinstance(value, examples[by_name[name]])
    }  # type: ignore[arg-type]
    assert not wrong


def test_briefs_are_values(hostile: Build, tmp_path: Path) -> None:
    shutil.copy(hostile.warehouse, tmp_path / "warehouse.duckdb")
    shutil.copytree(hostile.landing, tmp_path / "landing")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        columns = [name for name, *_ in connection.execute("describe reference.briefs").fetchall()]
        for number, attack in enumerate(ATTACKS):
            row = {
                "brief_id": f"{attack}{number}",
                "title": attack,
                "platforms": "instagram",
                "keywords": attack,
                "posts": "1",
            }
            connection.execute(
                f"insert into reference.briefs values ({', '.join('?' * len(columns))})", [row.get(name) for name in columns]
            )  # fmt: skip
    before = tables(tmp_path / "warehouse.duckdb")
    build = run_dbt(tmp_path, "run", "--select", *BRIEF_MODELS, "--vars", json.dumps(QUICK_FIT | TEXTS))
    assert build.exit_code == 0, build.log
    assert build.value("select count(distinct brief_id) from marts.brief_outcomes") == len(ATTACKS)
    after = tables(tmp_path / "warehouse.duckdb")
    assert {name for name in before if name.split(".")[1] not in BRIEF_MODELS and before[name] != after[name]} == set()
    for column in ("countries", "similar_to", "followers_min"):
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
            connection.execute("update reference.briefs set platforms = 'instagram', countries = null, tiers = null, clusters = null, similar_to = null, followers_min = null")  # fmt: skip
            connection.execute(
                f"update reference.briefs set {column} = ? where brief_id = ?", [ATTACKS[0], f"{ATTACKS[0]}0"]
            )
        refused = run_dbt(tmp_path, "run", "--select", *BRIEF_MODELS, "--vars", json.dumps(QUICK_FIT | TEXTS))
        assert refused.exit_code != 0, column
        assert "drop table" in refused.log, f"what was not understood in {column} is named"
        assert tables(tmp_path / "warehouse.duckdb").keys() == after.keys()


@pytest.mark.parametrize("attack", ATTACKS)
def test_arguments_of_commands_are_values(hostile: Build, tmp_path: Path, attack: str) -> None:
    for name in ("landing", "models", "site"):
        shutil.copytree(hostile.folder / name, tmp_path / name)
    shutil.copy(hostile.warehouse, tmp_path / "warehouse.duckdb")
    before = tables(tmp_path / "warehouse.duckdb")
    (tmp_path / "list.csv").write_text("platform,handle,observed_at,followers\ninstagram,one,2026-06-02,10\n")
    calls = [
        (("forget", f"nobody {attack}", "--platform", "instagram", "--yes"), 13),
        (("forget", "one", "--platform", attack, "--yes"), 13),
        (("import", str(tmp_path / "list.csv"), "--mapping", attack), 4),
        (("import", str(tmp_path / attack.replace("/", ""))), 3),
        (("import", str(tmp_path / "list.csv"), "--observed-at", attack), 2),
        (("report", "--lang", attack), 2),
        (("export", "csv", str(tmp_path / "ex'port; --" / attack)), 0),
        (("mapping", "draft", str(tmp_path / "list.csv"), "--only", attack), 3),
        (("import", str(tmp_path / "list.csv"), "--platform", attack), 0),
    ]
    for arguments, code in calls:
        done = run_tribu(tmp_path, *arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert tables(tmp_path / "warehouse.duckdb") == before, arguments
    assert (tmp_path / "ex'port; --" / attack / "dim_influencers.csv").is_file()


def test_one_whose_handle_is_sql_is_forgotten_and_nobody_else(hostile: Build, tmp_path: Path) -> None:
    for name in ("landing", "models", "site"):
        shutil.copytree(hostile.folder / name, tmp_path / name)
    shutil.copy(hostile.warehouse, tmp_path / "warehouse.duckdb")
    ((handle,),) = hostile.rows("select handle from marts.dim_influencers where account_id = '6'")
    done = run_tribu(tmp_path, "forget", str(handle), "--platform", "instagram", "--yes")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        left = connection.execute("select account_id from marts.dim_influencers").fetchall()
    assert {account for (account,) in left} == {str(number) for number in range(1, 91) if number != 6}


def test_handles_to_be_collected_are_values(tmp_path: Path) -> None:
    with BlueskyServer([Person(1, "person1.test")]) as server:
        # a stroke makes it the address of a profile, and these are none
        for climbing in ("../../x", "https://evil.example/profile/person1.test"):
            refused = run_tribu(tmp_path, "collect", "bluesky", "person1.test", climbing, "--url", server.url)
            assert refused.returncode == 11, refused.stderr
            assert f"got {climbing}" in refused.stderr
        assert server.log == []
        done = run_tribu(tmp_path, "collect", "bluesky", "person1.test", *ATTACKS, "--url", server.url, "--json")
        assert {asked.path for asked in server.log} <= {
            "/xrpc/app.bsky.actor.getProfiles", "/xrpc/app.bsky.actor.getProfile", "/xrpc/app.bsky.feed.getAuthorFeed"
        }  # fmt: skip
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["profiles_landed"], counts["accounts_settled"]) == (1, 1 + len(ATTACKS))
    assert {path.name for path in tmp_path.iterdir()} == {"landing"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../../x"},
        {"name": ATTACKS[0]},
        {"source": f"x'; {DROP}"},
        {"variants": [{**MAPPING["variants"][0], "number_locale": ATTACKS[0]}]},
        {"variants": [{**MAPPING["variants"][0], "delimiter": ATTACKS[0]}]},
        {"variants": [{**MAPPING["variants"][0], "quote": ATTACKS[0]}]},
        {"variants": [{**MAPPING["variants"][0], "encoding": ATTACKS[0]}]},
        {"variants": [{**MAPPING["variants"][0], "tables": {"accounts": {"row_key": ATTACKS[0], "columns": {"handle": "id"}}}}]},
        {"variants": [{**MAPPING["variants"][0], "tables": {ATTACKS[0]: {"columns": {"handle": "id"}}}}]},
        {"variants": [{**MAPPING["variants"][0], "tables": {"accounts": {"columns": {ATTACKS[0]: "id"}}}}]},
        {"variants": [{**MAPPING["variants"][0], "tables": {"accounts": {"from_path": {ATTACKS[0]: "x"}, "columns": {"handle": "id"}}}}]},
    ],
)  # fmt: skip
def test_a_mapping_that_names_what_there_is_not_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    (mapping := tmp_path / "mapping.yml").write_text(yaml.safe_dump({**MAPPING, **change}), encoding="utf-8")
    (tmp_path / "list.csv").write_text("id;a;b;followers;partner\n1;2;3;4;5\n")
    done = run_tribu(tmp_path, "import", "--mapping", str(mapping), str(tmp_path / "list.csv"))
    assert done.returncode == 4, done.stderr
    assert "expected" in done.stderr
    assert not (tmp_path / "landing" / "accounts").exists()
