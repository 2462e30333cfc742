"""The site as a whole: its pages, its numbers, its borders."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from jinja2 import UndefinedError

from tribu.errors import ModelInputError, ProjectError
from tribu.report import render_project_site, render_site
from tribu.report.data import TABLES, read_report_data
from tribu.report.language import ENGLISH
from tribu.report.site import template_environment

Tables = dict[str, pa.Table]
Render = Callable[[Tables], Path]
Build = Callable[..., Tables]
Change = Callable[..., Tables]

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7 * 7 }}%{x}\u202e\u2028"
VOID = {"meta", "link", "path", "rect", "circle", "line", "br", "img", "input"}


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.code: list[str] = []
        self.untranslated = 0
        self.stack: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)
            if dict(attrs).get("translate") == "no":
                self.untranslated = self.untranslated or len(self.stack)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, f"</{tag}> closes nothing"
        if len(self.stack) < self.untranslated:
            self.untranslated = 0

    def handle_data(self, data: str) -> None:
        is_script = self.stack and self.stack[-1] == "script"
        (self.scripts if is_script else self.code if self.untranslated else self.words).append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join([*self.words, *self.code]).split())


def page_files(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path.read_text(encoding="utf-8")) for path in page_files(site)}


def chart_spec(page: Page) -> dict[str, Any]:
    (text,) = page.scripts
    spec: dict[str, Any] = json.loads(text)
    return spec


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_page_is_there_and_every_inner_address_leads_somewhere(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    found = pages(site)
    names = [*(f"clusters/c{n:02d}.html" for n in range(1, 8)), "index.html", "method.html", "quality.html", "sql.html"]
    assert sorted(found) == sorted([*names, *(f"fr/{name}" for name in names)])
    for name, page in found.items():
        ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
        addresses = [a.get("href") or a.get("src") for tag, a in page.tags if tag in {"a", "link", "script"}]
        for address in addresses:
            if address is None or address.startswith(("http://", "https://")):
                continue
            path, _, anchor = address.partition("#")
            assert not path.startswith("/"), f"{address} in {name} needs a server"
            target = (site / name).parent / path if path else site / name
            assert target.is_file(), f"{address} in {name} leads nowhere"
            if anchor and not path:
                assert anchor in ids


def test_pages_are_well_formed_and_have_their_landmarks(render_both: Render, tables: Tables) -> None:
    for name, page in pages(render_both(tables)).items():
        assert page.stack == [], name
        tags = [tag for tag, _ in page.tags]
        assert tags.count("h1") == tags.count("main") == tags.count("footer") == 1
        assert page.of("html")[0]["lang"] == ("fr" if name.startswith("fr/") else "en")
        assert tags.count("caption") == tags.count("table") > 0
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(set(ids)) == len(ids)


def test_nothing_stands_in_the_way_of_a_strict_policy(render_both: Render, tables: Tables) -> None:
    for page in pages(render_both(tables)).values():
        for tag, attributes in page.tags:
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]
            assert tag != "style"
            if tag == "script":
                assert attributes.get("src") or attributes.get("type") == "application/json"


def test_no_address_but_the_page_s_own(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    for name, page in pages(site).items():
        outside = [
            (tag, attribute, value)
            for tag, attributes in page.tags
            for attribute, value in attributes.items()
            if value is not None and re.match(r"\s*(\w+:|//)", value) and attribute in {"href", "src", "data", "srcset"}
        ]
        for tag, attribute, value in outside:
            assert (tag, attribute) == ("a", "href"), name
            assert value.startswith("https://example.org/"), name
        links = [a for a in page.of("a") if (a.get("href") or "").startswith("http")]
        assert all(link.get("rel") == "noopener noreferrer" for link in links)
        text = (site / name).read_text(encoding="utf-8")
        assert len(re.findall(r"https?://", text)) == len(links)
    for path in (site / "assets").iterdir():
        if path.suffix in {".css", ".js"} and path.name != "plotly.min.js":
            assert not re.search(r"(https?:)?//[\w-]+\.|@import|url\(", path.read_text(encoding="utf-8"))


def test_only_the_overview_loads_the_charting_script(render: Render, tables: Tables) -> None:
    for name, page in pages(render(tables)).items():
        sources = [script.get("src") for script in page.of("script")]
        assert ("assets/plotly.min.js" in sources) == ("assets/map.js" in sources) == (name == "index.html")


@pytest.mark.parametrize(("source_kind", "said"), [("sample", True), ("landing", False)])
def test_every_page_says_that_the_sample_is_synthetic(
    render: Render, build_tables: Build, source_kind: str, said: bool
) -> None:
    for page in pages(render(build_tables(source_kind=source_kind))).values():
        assert ("Synthetic sample: these influencers do not exist" in page.text) == said


def iso_texts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def test_report_json_has_the_numbers_of_the_tables(render: Render, tables: Tables) -> None:
    report = json.loads((render(tables) / "report.json").read_text(encoding="utf-8"))
    assert (report["format"], report["version"]) == ("tribu-report", 1)
    (overview,) = tables["rpt_overview"].to_pylist()
    for name, value in overview.items():
        assert report["overview"][name] == (value.isoformat() if hasattr(value, "isoformat") else value)
    for key, name in {
        "platforms": "rpt_platforms",
        "sources": "rpt_sources",
        "row_accounting": "rpt_row_accounting",
        "quarantine_reasons": "rpt_quarantine_reasons",
        "pictures": "rpt_pictures",
        "missing_values": "rpt_missing_values",
        "reject_reasons": "rpt_reject_reasons",
        "unread_values": "rpt_unread_values",
        "collection_runs": "rpt_collection_runs",
        "features": "rpt_features",
        "candidates": "rpt_candidates",
        "cluster_drift": "rpt_cluster_drift",
        "settings": "rpt_settings",
        "platform_tier_clusters": "rpt_platform_tier_clusters",
        "opportunities": "rpt_opportunities",
        "changes": "rpt_changes",
    }.items():
        assert sorted(report[key], key=str) == sorted(map(iso_texts, tables[name].to_pylist()), key=str)
    assert report["data_quality"] == tables["rpt_data_quality"].to_pylist()[0]
    assert report["identity"] == tables["rpt_identity"].to_pylist()[0]
    assert report["method"] == iso_texts(tables["rpt_method"].to_pylist()[0])
    assert report["runs"] == [iso_texts(row) for row in tables["rpt_runs"].to_pylist()]
    nested = {"profiles", "composition", "terms", "members", "map_points"}
    nested |= {"distributions", "history", "migrations", "events", "download_rows"}
    clusters = [{k: v for k, v in cluster.items() if k not in nested} for cluster in report["clusters"]]
    assert clusters == tables["rpt_clusters"].to_pylist()
    per_cluster = {
        "profiles": "rpt_cluster_profiles",
        "composition": "rpt_cluster_composition",
        "terms": "rpt_cluster_terms",
        "history": "rpt_cluster_history",
        "migrations": "rpt_cluster_migrations",
        "events": "rpt_cluster_events",
    }
    for key, name in per_cluster.items():
        rows = [
            {"cluster_key": cluster["cluster_key"], **row} for cluster in report["clusters"] for row in cluster[key]
        ]
        assert sorted(rows, key=str) == sorted(map(iso_texts, tables[name].to_pylist()), key=str)
    members = [
        {"cluster_key": cluster["cluster_key"], "role": role, **row}
        for cluster in report["clusters"]
        for role, rows in cluster["members"].items()
        for row in rows
    ]
    assert members
    expected = [{name: row[name] for name in members[0]} for row in tables["rpt_cluster_members"].to_pylist()]
    assert sorted(members, key=str) == sorted(expected, key=str)
    assert sum(cluster["map_points"] for cluster in report["clusters"]) == len(tables["rpt_map_points"])


def test_pages_state_the_numbers_of_the_tables(render: Render, build_tables: Build) -> None:
    tables = build_tables(influencers=1_234)
    found = pages(render(tables))
    assert "1,234 influencers in 7 clusters" in found["index.html"].text
    for cluster in tables["rpt_clusters"].to_pylist():
        page = found[f"clusters/{cluster['cluster_key']}.html"]
        assert cluster["cluster_name_en"] in page.text
        assert f"{cluster['influencers']:,} influencers belong to this cluster" in page.text
        assert f"25 of the {cluster['influencers']:,} members are listed" in page.text
    spec = chart_spec(found["index.html"])
    assert len(spec["labels"]) == 1_234


def test_neighbours_lead_through_all_clusters(render: Render, tables: Tables) -> None:
    found = pages(render(tables))
    seen, name = [], "c01.html"
    while name:
        seen.append(name)
        following = [a["href"] for a in found[f"clusters/{name}"].of("a") if a.get("rel") == "next"]
        name = following[0] or "" if following else ""
    assert seen == [f"c{n:02d}.html" for n in range(1, 8)]
    assert not [a for a in found["clusters/c01.html"].of("a") if a.get("rel") == "prev"]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, tables: Tables, templates: Path, assets: Path) -> None:
    shuffled = {name: table.take(pa.array(range(len(table)), pa.int64())[::-1]) for name, table in tables.items()}
    first, second = tmp_path / "first", tmp_path / "second"
    render_site(tables, templates=templates, assets=assets, out_dir=first)
    render_site(shuffled, templates=templates, assets=assets, out_dir=second)
    assert contents(first) == contents(second)


def test_hostile_text_is_inert(render: Render, tables: Tables, change_cell: Change) -> None:
    kept = {
        "method",
        "cluster_key",
        "runner_up_cluster_key",
        "influencer_key",
        "unit",
        "role",
        "source_kind",
        "flow",
        "event",
    }
    for name, table in tables.items():
        hostile = [
            pa.array([HOSTILE] * len(table))
            if pa.types.is_string(field.type) and field.name not in kept
            else table.column(field.name)
            for field in table.schema
        ]
        tables[name] = pa.table(hostile, schema=table.schema)
    tables = change_cell(tables, "rpt_cluster_members", "profile_url", "javascript:alert(1)", row=0)
    for name, page in pages(render(tables)).items():
        assert page.stack == [], name
        assert not page.of("img"), name
        assert len(page.of("script")) == (4 if name == "index.html" else 1), name
        assert all(script.get("src") or script.get("type") for script in page.of("script"))
        for _, attributes in page.tags:
            assert not [attribute for attribute in attributes if attribute.startswith("on")], name
            assert "javascript:" not in (attributes.get("href") or ""), name
        assert "<img src=x onerror=alert(1)>" in page.text, "the text itself is shown"
        assert "{{ 7 * 7 }}" in page.text, name
        assert "\u202e" not in page.text
    spec = chart_spec(pages(render(tables))["index.html"])
    groups = [group["label"] for grouping in spec["groupings"].values() for group in grouping["groups"]]
    labels = json.dumps([spec["labels"], spec["followers"], groups])
    assert "<" not in labels
    assert "&lt;script&gt;" in labels


def test_foreign_text_is_isolated(render: Render, tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_cluster_members", "handle", "مرحبا", row=0)
    key = tables["rpt_cluster_members"].column("cluster_key")[0].as_py()
    text = (render(tables) / f"clusters/{key}.html").read_text(encoding="utf-8")
    assert "<bdi>@مرحبا</bdi>" in text


def test_nobody_to_cluster_still_says_where_the_rows_went(render: Render, build_tables: Build) -> None:
    found = pages(render(build_tables(influencers=0)))
    assert list(found) == ["index.html", "method.html", "quality.html", "sql.html"]
    assert "There is nothing to cluster yet" in found["index.html"].text
    assert "A negative count" in found["quality.html"].text
    assert "Neither an account id nor a handle" in found["quality.html"].text
    for page in found.values():
        assert not page.of("figure")
        assert len(page.of("script")) == 1


def test_a_list_without_posts_shows_dashes_and_no_invented_number(render: Render, build_tables: Build) -> None:
    site = render(build_tables(influencers=40, clusters=1, platforms=1, posts=False))
    found = pages(site)
    assert list(found) == ["clusters/c01.html", "index.html", "method.html", "quality.html", "sql.html"]
    assert "40 influencers in 1 cluster" in found["index.html"].text
    for name, page in found.items():
        assert not re.search(
            r"\b(nan|none|null|inf|undefined)\b", page.text.replace("None of", "").replace("is null", ""), re.IGNORECASE
        ), name
        assert name == "sql.html" or "not known" in page.text  # that page is of tables and questions, not of figures
    assert "Not known in these data: Engagement of followers," in found["index.html"].text
    assert "What is compared: size." in found["index.html"].text
    profile = json.loads((site / "report.json").read_text(encoding="utf-8"))["clusters"][0]["profiles"]
    assert [row["robust_z"] is None for row in profile] == [row["block"] != "size" for row in profile]


def test_choices_of_the_map_are_form_controls_with_names(render: Render, tables: Tables) -> None:
    page = pages(render(tables))["index.html"]
    radios = [(field["name"], field["value"]) for field in page.of("input") if field.get("type") == "radio"]
    assert [value for name, value in radios if name == "map-method"] == ["pca", "umap", "tsne"]
    assert [value for name, value in radios if name == "map-dimensions"] == ["2", "3"]
    assert [value for name, value in radios if name == "map-grouping"] == ["cluster", "platform", "tier"]
    labelled = {attributes.get("for") for attributes in page.of("label")}
    assert {field["id"] for field in page.of("input") if field.get("type") == "search"} <= labelled
    assert len(page.of("fieldset")) == len(page.of("legend")) == 3
    assert "Trustworthiness 0.84 of 1: of dots that lie close, many are not alike in the data." in page.text
    method = pages(render(tables))["method.html"]
    assert "t-SNE 3\u2011D 0.96 dots that lie close are nearly always alike in the data 298 8.5 %" in method.text


def test_the_overview_stays_small_with_every_picture(render: Render, build_tables: Build) -> None:
    site = render(build_tables(influencers=4_000, clusters=12, map_limit=4_000))
    assert (site / "index.html").stat().st_size < 1_500_000


def test_every_page_says_where_no_groups_were_found(render: Render, build_tables: Build, change_cell: Change) -> None:
    tables = change_cell(build_tables(influencers=40, clusters=1), "rpt_overview", "candidates_count", 40)
    found = pages(render(change_cell(tables, "rpt_overview", "selection_code", "no_structure")))
    for name in ("index.html", "quality.html", "method.html", "sql.html"):
        assert "It is everybody, not a segment." in found[name].text, name


def test_many_clusters_render(render: Render, build_tables: Build) -> None:
    assert len(page_files(render(build_tables(influencers=900, clusters=26)))) == 30


def test_rows_cut_are_counted(render: Render, build_tables: Build) -> None:
    tables = build_tables(influencers=700, clusters=1, members=20)
    sizes = sorted(
        row["influencers"]
        for row in tables["rpt_cluster_composition"].to_pylist()
        if row["dimension"] == "category" and row["value"] != "unknown"
    )
    assert len(sizes) == 9
    page = pages(render(tables))["clusters/c01.html"]
    assert "20 of the 700 members are listed; the 680 others have fewer followers." in page.text
    assert f"1 more value is not listed (influencers: {sizes[0]})." in page.text
    assert f"Not known {700 - sum(sizes)} " in page.text, "those of whom it is not known stay in sight"


@pytest.mark.parametrize("key", ["../c01", "c 01", "", "c01.html", "a" * 65])
def test_a_cluster_key_that_is_no_file_name_is_refused(
    render: Render, build_tables: Build, change_cell: Change, key: str
) -> None:
    tables = build_tables(influencers=3, clusters=1)
    for name in TABLES:
        table = tables[name]
        if "cluster_key" in table.column_names:
            position = table.column_names.index("cluster_key")
            tables[name] = table.set_column(position, "cluster_key", pa.array([key] * len(table)))
    with pytest.raises(ModelInputError, match="cluster keys made of letters"):
        render(tables)


def test_missing_assets_are_named(tmp_path: Path, tables: Tables, templates: Path) -> None:
    with pytest.raises(ProjectError, match="nowhere"):
        render_site(tables, templates=templates, assets=tmp_path / "nowhere", out_dir=tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_templates_refuse_what_is_not_defined(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ page.titel }}", encoding="utf-8")
    with pytest.raises(UndefinedError):
        template_environment(tmp_path, ENGLISH).get_template("page.html").render(page={})


def test_the_report_needs_neither_warehouse_nor_clustering() -> None:
    code = (
        "import sys, tribu.report; "
        "heavy = {'dbt', 'duckdb', 'sklearn', 'plotly', 'pandas'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_rendering_does_not_change_its_input(render: Render, tables: Tables) -> None:
    before = read_report_data(tables)
    render(tables)
    assert read_report_data(tables) == before


def test_composition_that_does_not_add_up_says_so(render: Render, tables: Tables) -> None:
    composition = tables["rpt_cluster_composition"]
    first = composition.slice(0, 1).to_pylist()[0]
    page = pages(render({**tables, "rpt_cluster_composition": composition.slice(1)}))[
        f"clusters/{first['cluster_key']}.html"
    ]
    assert f"Not listed: {first['influencers']} influencers." in page.text


def test_the_site_of_a_project_stands_where_the_project_says(
    tmp_path: Path, tables: Tables, templates: Path, assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: tribu\n", encoding="utf-8")
    shutil.copytree(templates, tmp_path / "reports" / "templates")
    shutil.copytree(assets, tmp_path / "reports" / "assets")
    shutil.copytree(templates.parent / "locale", tmp_path / "reports" / "locale")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIBU_SITE", "public")
    files = render_project_site(tables)
    assert files.schema.equals(pa.schema([("page", pa.string()), ("size_bytes", pa.int64())]))
    written = {str(path.relative_to(tmp_path / "public")) for path in (tmp_path / "public").rglob("*.*")}
    assert set(files.column("page").to_pylist()) == written
    assert written >= {"index.html", "clusters/c07.html", "fr/index.html", "fr/clusters/c07.html", "report.json"}
    assert min(files.column("size_bytes").to_pylist()) > 0
