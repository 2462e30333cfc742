"""The Evidence project: its files, its queries, its words, and what it does with bad input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.evidence_pages import QUERY, EvidenceProject, named_columns
from tests.unit.export.conftest import LANDED, TEMPLATES, Frames, make_frames

from tribu.errors import ModelInputError, OutputFolderError, ProjectError
from tribu.export.evidence.project import write_evidence_project
from tribu.export.evidence.words import LANGUAGES, MARKED, MESSAGES, Words, read_words
from tribu.export.origin import Origin

Export = Callable[..., EvidenceProject]
CLUSTER_PAGE = "clusters/[cluster_key].md"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def every_result(project: EvidenceProject) -> dict[tuple[str, str], tuple[list[str], list[tuple[object, ...]]]]:
    """Columns and rows of each query of each page, the cluster page once per cluster."""
    results = {}
    for page in project.pages():
        for key in project.cluster_keys() if page == CLUSTER_PAGE else [""]:
            for name, result in project.run(page, cluster_key=key).items():
                results[page.replace("[cluster_key]", key), name] = result
    return results


def test_the_project_has_the_layout_that_evidence_reads(export: Export, frames: Frames) -> None:
    folder = export(frames).folder
    tables = {path.stem for path in (folder / "data").iterdir()}
    assert files(folder) == {
        "package.json",
        ".npmrc",
        ".gitignore",
        "evidence.config.yaml",
        "evidence.settings.json",
        "README.md",
        "tribu-export.json",
        "pages/index.md",
        "pages/method.md",
        f"pages/{CLUSTER_PAGE}",
        "sources/wh/connection.yaml",
        *(f"data/{table}.parquet" for table in tables),
        *(f"sources/wh/{table}.sql" for table in tables),
    }
    assert len(tables) == 12


def test_the_package_is_pinned_to_the_classic_line(export: Export, frames: Frames) -> None:
    folder = export(frames).folder
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    assert package["dependencies"]["@evidence-dev/evidence"].startswith("40.")
    for version in (*package["dependencies"].values(), *package["overrides"].values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{version} may become another one"
    assert package["overrides"] == {"typescript": "5.4.2", "codemirror": "6.0.2"}
    assert "Evidence **classic, 40.x**" in (folder / "README.md").read_text(encoding="utf-8")
    connection = yaml.safe_load((folder / "sources" / "wh" / "connection.yaml").read_text(encoding="utf-8"))
    assert connection == {"name": "wh", "type": "duckdb", "options": {"filename": ":memory:"}}
    settings = json.loads((folder / "evidence.settings.json").read_text(encoding="utf-8"))
    assert settings == {"send_anonymous_usage_stats": "no"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_query_runs_and_has_what_the_components_name(export: Export, frames: Frames, lang: str) -> None:
    project = export(frames, lang=lang)
    results = every_result(project)
    assert len({page for page, _ in results}) == 2 + 7
    for (page, name), (_, rows) in results.items():
        assert rows, f"{name} of {page} is empty"
    checked = 0
    for page, text in project.pages().items():
        place = page.replace("[cluster_key]", project.cluster_keys()[0])
        for query, column in named_columns(text):
            assert column in results[place, query][0], f"{page} names {column}, which {query} has not"
            checked += 1
    assert checked > 100


def test_addresses_of_links_hold_no_brackets(export: Export, frames: Frames) -> None:
    # Markdown writes them as %5B, and what stands between the braces is no expression any more
    for page, text in export(frames).pages().items():
        addresses = re.findall(r"\]\((.*?)\)", text)
        assert addresses or page == "method.md"
        assert not [address for address in addresses if set(address) & set("[] ")]


def test_no_query_takes_a_name_that_evidence_declares_itself(export: Export, frames: Frames) -> None:
    # read off the preprocessor of 40.1.8; a page with such a query does not compile
    taken = {
        "profile",
        "page",
        "data",
        "props",
        "params",
        "inputs",
        "fmt",
        "get",
        "writable",
        "browser",
        "dev",
        "toasts",
    }
    for page, text in export(frames).pages().items():
        names = [name for name, _ in QUERY.findall(text)]
        assert not set(names) & taken
        assert len(set(names)) == len(names), page


def test_every_query_of_a_page_is_shown(export: Export, frames: Frames) -> None:
    for page, text in export(frames).pages().items():
        for name, _ in QUERY.findall(text):
            used = f"{{{name}}}" in text or f"${{{name}}}" in text or f"#each {name} " in text
            assert used, f"{page} queries {name} for nothing"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"posts": False},
        {"clusters": 1},
        {"influencers": 0},
        {"influencers": 2, "clusters": 1, "platforms": 1},
        {"source_kind": "landing"},
    ],
    ids=["whole", "no posts", "one cluster", "nobody", "two", "landed"],
)
def test_keys_are_text_and_no_table_is_empty(export: Export, sizes: dict[str, object], lang: str) -> None:
    project = export(make_frames(**sizes), lang=lang)
    every_result(project)
    with project.open() as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'wh'"
        ).fetchall()
        tables = {table for table, _, _ in columns}
        for table in tables:
            ((rows,),) = connection.execute(f"select count(*) from wh.{table}").fetchall()
            assert rows > 0, f"{table} is empty"
    keys = {(table, column): kind for table, column, kind in columns if column.endswith(("_key", "_id", "link"))}
    assert set(keys.values()) == {"VARCHAR"}, keys
    assert not [name for name in files(project.folder) if name.endswith((".duckdb", ".db"))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_never_queries_a_table_that_was_left_out_and_says_so(export: Export, lang: str) -> None:
    words = read_words(TEMPLATES, lang)  # type: ignore[arg-type]
    empty = make_frames(influencers=0)
    empty["candidates"] = empty["candidates"].head(0)
    empty["quarantine_reasons"] = empty["quarantine_reasons"].head(0)
    project = export(empty, lang=lang)
    pages = project.pages()
    assert set(pages) == {"index.md", "method.md"}, "without clusters there is no page of a cluster"
    left_out = f"*{words.say('This section is left out: the build has no rows for it.')}*"
    assert pages["index.md"].count(left_out) == 4
    assert pages["method.md"].count(left_out) == 3
    present = {path.stem for path in (project.folder / "data").iterdir()}
    for text in pages.values():
        assert set(re.findall(r"\bwh\.(\w+)", text)) <= present


def test_a_page_without_any_template_mark_is_left(export: Export, frames: Frames) -> None:
    for lang in LANGUAGES:
        for page, text in export(frames, lang=lang).pages().items():
            assert "⟦" not in text, page
            assert "<!--" not in text, page


def test_the_sample_is_labelled_on_every_page_and_only_the_sample(export: Export, frames: Frames) -> None:
    sample, landed = export(frames), export(make_frames(source_kind="landing"), lang="fr", origin=LANDED)
    assert all("Synthetic sample" in text for text in sample.pages().values())
    assert "SYNTHETIC SAMPLE" in (sample.folder / "README.md").read_text(encoding="utf-8")
    assert not any("synthétique" in text for text in landed.pages().values())
    assert "SYNTHETIC" not in (landed.folder / "README.md").read_text(encoding="utf-8")
    marker = json.loads((landed.folder / "tribu-export.json").read_text(encoding="utf-8"))
    assert marker["source_kind"] == "landing"
    assert marker["cluster_run_id"] == "run-0001"


def test_no_structure_is_told_on_the_first_page(export: Export, frames: Frames) -> None:
    told = "more structure than the same data"
    assert told not in export(frames).pages()["index.md"]
    assert told in export(make_frames(clusters=1)).pages()["index.md"]


# words ------------------------------------------------------------------------------------------------------------


def marked_messages() -> set[str]:
    templates = (TEMPLATES / "pages").rglob("*.md")
    return {" ".join(text.split()) for path in templates for text in MARKED.findall(path.read_text(encoding="utf-8"))}


def test_french_lacks_no_message_and_has_no_stale_one() -> None:
    catalogue = read_words(TEMPLATES, "fr").catalogue
    needed = marked_messages() | MESSAGES
    assert sorted(needed - set(catalogue)) == []
    assert sorted(set(catalogue) - needed) == []


def test_a_translation_keeps_components_numbers_and_links() -> None:
    for message, translation in read_words(TEMPLATES, "fr").catalogue.items():
        for pattern in (r"<[^<>]*>", r"\{[^{}]*\}", r"\]\([^)]*\)", r"[\"`]"):
            assert sorted(re.findall(pattern, message)) == sorted(re.findall(pattern, translation)), message
        assert "'" not in translation, "a typographic apostrophe does not end a string in SQL"


def test_words_of_the_warehouse_are_in_the_language(export: Export, frames: Frames) -> None:
    english, french = export(frames), export(frames, lang="fr")
    query = "select cluster_name, main_tier, stability_reading from wh.clusters order by cluster_order limit 1"
    with english.open() as connection:
        assert connection.execute(query).fetchall()[0][0] == "Rising everyday voices"
        reading = connection.execute("select distinct stability_reading from wh.clusters").fetchall()
        assert ("highly stable",) in reading
    with french.open() as connection:
        assert connection.execute(query).fetchall()[0][0] == "Voix montantes du quotidien"
        reading = connection.execute("select distinct stability_reading from wh.clusters").fetchall()
        assert ("très stable",) in reading
        labels = connection.execute("select feature_label from wh.profiles").fetchall()
        assert ("Abonnés",) in labels
        reasons = {reason for (reason,) in connection.execute("select reason from wh.quarantine_reasons").fetchall()}
        assert "Un nombre négatif" in reasons


def test_what_a_candidate_fails_on_is_told(export: Export, frames: Frames) -> None:
    with export(frames).open() as connection:
        failed = dict(connection.execute("select candidate_id, failed_floors from wh.candidates").fetchall())
    assert failed["kmeans_07"] == "none"
    assert failed["dbscan_q0.50"] == "number of clusters, stability"


# hostile input ----------------------------------------------------------------------------------------------------

HOSTILE = "</script><img src=x onerror=alert(1)>{params.x}${overview}'; drop table wh.clusters; --\u202egpj\n```sql x\n"


def test_hostile_text_changes_no_page_and_holds_no_markup(export: Export, frames: Frames) -> None:
    clean = export(frames).pages()
    for name, columns in {
        "members": ["handle", "display_name", "country"],
        "map_points": ["handle", "display_name"],
        "clusters": ["cluster_name_en", "cluster_name_fr"],
        "sources": ["source"],
        "composition": ["value"],
        "overview": ["selection_reason"],
    }.items():
        frames[name] = frames[name].assign(**dict.fromkeys(columns, HOSTILE))
    frames["members"] = frames["members"].assign(profile_url="javascript:alert(1)")
    project = export(frames)
    assert project.pages() == clean
    results = every_result(project)
    shown = {
        cell
        for (_, _), (columns, rows) in results.items()
        for row in rows
        for column, cell in zip(columns, row, strict=True)
        if isinstance(cell, str) and column != "rule_query"
    }
    assert any("‹img" in cell for cell in shown), "the hostile text is there, made harmless"
    assert not [cell for cell in shown if set(cell) & set("<>\u202e\n")]
    with project.open() as connection:
        ((links,),) = connection.execute("select count(profile_url) from wh.members").fetchall()
    assert links == 0


def test_plain_links_pass(export: Export, frames: Frames) -> None:
    with export(frames).open() as connection:
        links = connection.execute(
            "select distinct profile_url from wh.members where profile_url is not null"
        ).fetchall()
    assert links
    assert all(link.startswith("https://example.org/") for (link,) in links)


@pytest.mark.parametrize("key", ["../c01", "c01'", "c 1", "", "1", "2.0", "<b>"])
def test_a_cluster_key_that_cannot_be_an_address_is_refused(export: Export, frames: Frames, key: str) -> None:
    frames["clusters"] = frames["clusters"].assign(cluster_key=[key, *frames["clusters"]["cluster_key"][1:]])
    with pytest.raises(ModelInputError, match="cluster keys that begin with a letter"):
        export(frames)


# folders ----------------------------------------------------------------------------------------------------------


def test_a_second_export_replaces_pages_and_keeps_what_was_installed(export: Export, frames: Frames) -> None:
    folder = export(frames).folder
    before = files(folder)
    (folder / "node_modules" / "one").mkdir(parents=True)
    (folder / "node_modules" / "one" / "index.js").write_text("1", encoding="utf-8")
    (folder / "package-lock.json").write_text("{}", encoding="utf-8")
    (folder / "pages" / "stale.md").write_text("stale", encoding="utf-8")
    assert files(export(frames).folder) == before | {"node_modules/one/index.js", "package-lock.json"}


def test_the_same_tables_give_the_same_files(export: Export, frames: Frames, tmp_path: Path) -> None:
    folder = export(frames).folder
    first = {name: (folder / name).read_bytes() for name in files(folder)}
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in frames.items()}
    export(shuffled)
    assert {name: (folder / name).read_bytes() for name in files(folder)} == first


def test_a_folder_of_something_else_is_refused(export: Export, frames: Frames, tmp_path: Path) -> None:
    folder = tmp_path / "evidence_en"
    folder.mkdir()
    (folder / "thesis.md").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="an earlier Evidence project of Tribu"):
        export(frames)
    assert files(folder) == {"thesis.md"}


def test_a_failure_leaves_the_old_project(
    export: Export, frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export(frames).folder
    before = {name: (folder / name).read_bytes() for name in files(folder)}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        export(make_frames(clusters=3))
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["evidence_en"]


def test_templates_that_are_not_there_are_named(frames: Frames, tmp_path: Path) -> None:
    origin = Origin("run", LANDED.built_at, "landing")
    with pytest.raises(ProjectError, match="run from a complete clone"):
        write_evidence_project(frames, origin, tmp_path / "out", templates=tmp_path / "none", words=Words())
    with pytest.raises(ProjectError, match="the catalogue"):
        read_words(tmp_path, "fr")
    assert not (tmp_path / "out").exists()


def test_nothing_but_pandas_is_needed() -> None:
    code = """
import sys
for name in ("duckdb", "jinja2", "markupsafe", "plotly", "sklearn", "scipy", "yaml", "babel", "click", "dbt"):
    sys.modules[name] = None
from pathlib import Path
from tempfile import TemporaryDirectory
import tribu.export.evidence.reading
from tribu.export.evidence.frames import evidence_frames
from tribu.export.evidence.project import write_evidence_project
import pickle
frames, origin, templates = pickle.load(sys.stdin.buffer)
from tribu.export.evidence.words import read_words
with TemporaryDirectory() as folder:
    words = read_words(templates, "fr")
    print(len(write_evidence_project(frames, origin, Path(folder) / "out", templates=templates, words=words)))
"""
    import pickle

    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((make_frames(), LANDED, TEMPLATES)),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.strip() == b"12"
