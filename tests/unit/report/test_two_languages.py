"""English and French side by side: the same pages, the way from one to the other, and no word left behind."""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.report.conftest import COUNTRIES
from tests.unit.report.test_site import Page, pages

from tribu.report.data import ReportData, read_report_data
from tribu.report.formatters import format_country, format_date
from tribu.report.labels import platform_label
from tribu.report.language import ENGLISH, Language
from tribu.report.map_chart import map_data
from tribu.report.markers import assign_markers
from tribu.report.quality import selection_sentence
from tribu.report.site import render_pages, render_site
from tribu.rule_text import rule_query

Tables = dict[str, pa.Table]
Render = Callable[[Tables], Path]
Build = Callable[..., Tables]
Change = Callable[..., Tables]

READ_OUT = ("aria-label", "title", "alt", "placeholder", "data-sort-label")
SELECTIONS = {
    "most_stable": "Candidats essayés\u202f: 40",
    "as_before": "autant de segments que le modèle précédent",
    "too_few": "Trop peu d’influenceurs différents",
    "no_structure": "Des segments seraient inventés",
    "not_stable": "aucun n’est assez stable",
    "pinned": "Choix imposé par les réglages\u202f; il franchit",
    "pinned_below_floors": "ne l’auraient pas fait retenir",
    "pin_impossible": "Les réglages imposent un algorithme",
    "no_influencers": "aucun influenceur à segmenter",
}


def links(page: Page) -> dict[str, str]:
    return {a["hreflang"] or "": a["href"] or "" for a in page.of("a") if "hreflang" in a}


def test_the_switch_leads_to_the_same_page_and_back(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    found = pages(site)
    for name, page in found.items():
        other = "en" if name.startswith("fr/") else "fr"
        (target,) = (links(page)[other],)
        there = ((site / name).parent / target).resolve().relative_to(site.resolve()).as_posix()
        assert there == (name.removeprefix("fr/") if other == "en" else f"fr/{name}")
        back = links(found[there])["fr" if other == "en" else "en"]
        assert ((site / there).parent / back).resolve() == (site / name).resolve()
        alternates = {
            link["hreflang"]: ((site / name).parent / str(link["href"])).resolve()
            for link in page.of("link")
            if link["rel"] == "alternate"
        }
        plain = name.removeprefix("fr/")
        assert alternates == {"en": (site / plain).resolve(), "fr": (site / "fr" / plain).resolve()}


def test_languages_share_assets_and_figures(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    assert sorted(path.name for path in (site / "fr").iterdir()) == [
        "clusters",
        "downloads",
        "index.html",
        "method.html",
        "quality.html",
        "sql.html",
    ]
    # a spreadsheet reads CSV by the habits of its reader's country; nothing else stands twice
    assert {path.suffix for path in (site / "fr" / "downloads").iterdir()} == {".csv"}
    assert {path.suffix for path in (site / "fr").rglob("*.*")} == {".html", ".csv"}
    assert sorted(path.relative_to(site).as_posix() for path in site.rglob("*.js")) == [
        "assets/map.js",
        "assets/plotly.min.js",
        "assets/site.js",
    ]
    assert len(list(site.rglob("report.json"))) == 1


def test_one_language_alone_stands_at_the_root_and_has_no_switch(
    tmp_path: Path, tables: Tables, templates: Path, assets: Path, french: Language
) -> None:
    render_site(tables, templates=templates, assets=assets, out_dir=tmp_path / "site", languages=[french])
    assert not (tmp_path / "site" / "fr").exists()
    for page in pages(tmp_path / "site").values():
        assert page.of("html")[0]["lang"] == "fr"
        assert links(page) == {}
        assert "English" not in page.text


def test_french_pages_state_the_same_numbers_in_french(render_both: Render, build_tables: Build) -> None:
    tables = build_tables(influencers=1_234)
    found = pages(render_both(tables))
    overview = (found["fr/index.html"]).text
    assert "1 234 influenceurs en 7 segments" in overview
    assert "Les observations vont du 1er septembre 2026 au 20 novembre 2026." in overview
    assert "Échantillon synthétique : ces influenceurs n’existent pas." in overview
    for cluster in tables["rpt_clusters"].to_pylist():
        page = found[f"fr/clusters/{cluster['cluster_key']}.html"].text
        assert cluster["cluster_name_fr"] in page
        assert cluster["cluster_name_en"] not in page
    assert "États-Unis" in page
    assert "Micro modèle" in page
    assert re.search(r"Sur (beauty|food|gaming|travel)", page)


def test_english_pages_use_the_names_of_the_warehouse(render_both: Render, tables: Tables) -> None:
    page = pages(render_both(tables))["clusters/c01.html"].text
    assert "Sample micro" in page
    assert "United States" in page
    assert "Half of them have at least" in page


@pytest.mark.parametrize(("selection_code", "beginning"), SELECTIONS.items())
def test_every_choice_is_explained_in_both_languages(
    tables: Tables, french: Language, selection_code: str, beginning: str
) -> None:
    overview = replace(read_report_data(tables).overview, selection_code=selection_code)
    assert beginning in (selection_sentence(overview, french) or "")
    english = selection_sentence(overview, ENGLISH) or ""
    assert english.endswith(".")
    assert "%(" not in english


@pytest.mark.parametrize("code", [None, "of_another_version"])
def test_a_choice_that_is_known_in_english_only_is_shown_as_english(
    render_both: Render, tables: Tables, change_cell: Change, code: str | None
) -> None:
    tables = change_cell(tables, "rpt_overview", "selection_code", code)
    tables = change_cell(tables, "rpt_overview", "selection_reason", "It won.")
    found = pages(render_both(tables))
    assert "Tel que le calcul l’a consigné, en anglais : It won." in found["fr/index.html"].text
    assert {"lang": "en"} in found["fr/index.html"].of("span")
    assert "As the build recorded it: It won." in found["index.html"].text


def test_plotly_speaks_the_language_of_the_page(tables: Tables, french: Language) -> None:
    data = read_report_data(tables)
    config = map_data(data, assign_markers(data.clusters), french)["config"]
    assert config["locale"] == "fr"
    assert config["locales"]["fr"]["format"] == {"decimal": ",", "thousands": "\u202f"}
    assert config["locales"]["fr"]["dictionary"]["Zoom in"] == "Agrandir"
    assert "locale" not in map_data(data, assign_markers(data.clusters), ENGLISH)["config"]


# Pages in a language that marks every message: what stands outside the marks was never offered for translation.


class Marked(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n < 2 else msgid2}⟧"


FREE_TEXT = {
    "cluster_name_en", "cluster_name_fr", "feature_label_en", "feature_label_fr", "name_en", "name_fr", "handle",
    "display_name", "term", "other_cluster_name_en", "other_cluster_name_fr", "source", "selection_reason", "rule_sql", "cluster_run_id",
    "model_id", "previous_model_id",
    "formula_en", "formula_fr", "window_en", "window_fr", "unknown_en", "unknown_fr", "column_name", "setting", "setting_value",
    "input_fingerprint", "parameters_fingerprint", "feature",
    "title_en", "title_fr", "question_en", "question_fr", "read_en", "read_fr", "grain", "description",
}  # fmt: skip


def of_data(tables: Tables) -> Tables:
    """Mark the texts that come from the data, too; codes stay codes."""
    marked = {}
    for name, table in tables.items():
        columns = [
            pa.array([f"⟦{field.name}⟧"] * len(table))
            if field.name in FREE_TEXT and pa.types.is_string(field.type)
            else table.column(field.name)
            for field in table.schema
        ]
        marked[name] = pa.table(columns, names=table.schema.names)
    return marked


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def unmarked_words(text: str) -> set[str]:
    while "⟦" in text:
        text = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", text))


def known_words() -> set[str]:
    # names of the product and of what it is made of, a month, names of platforms, countries, languages and algorithms, SQL, the French
    # for a thousand million and for a kilobyte
    names = ["Tribu", "English", "Français", "k-means", "HDBSCAN", "Md", "ko", rule_query("")]
    names += ["scikit-learn", "DuckDB", "dbt", "Python", format_date(date(2026, 11, 20), lang=Language("fr"))]
    names += [platform_label(platform) for platform in ("instagram", "youtube", "tiktok")]
    names += DOWNLOADS
    names += [format_country(country, lang=Language("fr")) or "" for country in COUNTRIES]
    return unmarked_words(" ".join(names))


def seen_words(page: Page) -> set[str]:
    texts = [*page.words, *(str(attributes.get(name) or "") for _, attributes in page.tags for name in READ_OUT)]
    for script in page.scripts:
        spec = json.loads(script)
        texts += strings([spec["text"], spec["labels"], spec["followers"], spec["groupings"]])
        texts += strings([[one["name"], one["note"], one["titles"]] for one in spec["pictures"]])
        texts += strings(list(spec["config"]["locales"]["fr"]["dictionary"].values()))
    # one by one: marks do not reach from one text into the next
    return set().union(*(unmarked_words(re.sub(r"var\(--[\w-]+\)|^[a-z]+(-[a-z]+)*$", "", text)) for text in texts))


DOWNLOADS = [
    "influencers.csv", "clusters.csv", "prototypes.csv", "data_dictionary.csv", "rules.sql", "report.json"
]  # fmt: skip

VARIANTS: dict[str, dict[str, object]] = {
    "as built": {},
    "own list": {"source_kind": "landing"},
    "no structure": {"structure_found": False, "selection_code": "pinned_below_floors"},
    "one moment": {"observed_from": None, "refit_reason": "first_model", "new_clusters": 2},
    "kept": {"refit_reason": "never", "silhouette": 0.6},
    "anew": {"refit_reason": "drift", "silhouette": 0.2, "algorithm": "gaussian_mixture"},
    "sample": {"fit_rows": 100, "map_points": 200, "algorithm": "agglomerative"},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_visible_text_stays_outside_the_catalogue(
    tables: Tables, templates: Path, change_cell: Change, variant: str
) -> None:
    for column, value in VARIANTS[variant].items():
        tables = change_cell(tables, "rpt_overview", column, value)
    assert stray_words(tables, templates) == {}


def test_no_visible_text_stays_outside_the_catalogue_with_little_to_say(
    build_tables: Build, change_cell: Change, templates: Path
) -> None:
    assert stray_words(build_tables(influencers=0), templates) == {}
    assert stray_words(build_tables(influencers=40, clusters=1, platforms=1, posts=False), templates) == {}
    noise = change_cell(build_tables(), "rpt_clusters", "is_noise", True, row=6)
    assert stray_words(change_cell(noise, "rpt_clusters", "rule_sql", None, row=1), templates) == {}


def stray_words(tables: Tables, templates: Path) -> dict[str, set[str]]:
    data: ReportData = read_report_data(of_data(tables))
    sizes = dict.fromkeys([f"fr/downloads/{name}" for name in DOWNLOADS], 1_234)
    rendered = render_pages(data, templates=templates, lang=Language("fr", Marked()), download_sizes=sizes)
    stray = {name: seen_words(Page(text)) - known_words() for name, text in rendered.items()}
    return {name: words for name, words in stray.items() if words}


def test_a_word_outside_the_catalogue_is_noticed(tables: Tables, templates: Path, tmp_path: Path) -> None:
    assert unmarked_words("⟦of ⟦all⟧ 3⟧ Everyone 12 k") == {"Everyone"}
    for path in templates.iterdir():
        (tmp_path / path.name).write_text(
            path.read_text(encoding="utf-8").replace('{{ _("Skip to the content") }}', "Skip to the content"),
            encoding="utf-8",
        )
    assert stray_words(tables, tmp_path)["fr/index.html"] == {"Skip", "to", "the", "content"}
