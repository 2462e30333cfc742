"""Writes ``docs/metrics.md`` and ``docs/metrics.fr.md``: what each metric is, from where the project already says it.

Formula, window and null rule stand in the seed ``feature_definitions``, unit and name in the macro
``shipped_features``, source columns beside the columns of ``ftr_influencers``, settings in ``dbt_project.yml``. Run
``python -m tribu.metrics`` after a change of one of them.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tribu.errors import ProjectError

MODEL: Final = "ftr_influencers"
"""The table with a column for each metric."""

PAGES: Final[Mapping[str, str]] = {"en": "metrics.md", "fr": "metrics.fr.md"}
"""The page of each language, in ``docs/``."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Metrics",
        "intro": (
            "Written by `python -m tribu.metrics` from the seed `feature_definitions`, the macro "
            "`shipped_features` and the YAML of `ftr_influencers`. Each metric is a column of "
            "`marts.dim_influencers` and `features.ftr_influencers`; a page of the site says the same with the "
            "settings of its build.\n\n"
            "Windows end when the account, or its posts, were last observed (the newest post where no source "
            "says when), never today: a list of last year describes last year. Here their length is that of "
            "`dbt_project.yml` as shipped. Unknown is null, never 0, and metrics of different definition are "
            "never merged."
        ),
        "metric": "metric",
        "name": "name",
        "formula": "Formula",
        "window": "Window",
        "unit": "Unit",
        "unknown": "Null",
        "sources": "Source columns",
        "count": "count",
        "ratio": "ratio: 0.05 is 5 %",
        "days": "days",
        "per_week": "per week",
    },
    "fr": {
        "title": "Mesures",
        "intro": (
            "Écrit par `python -m tribu.metrics` à partir du seed `feature_definitions`, de la macro "
            "`shipped_features` et du YAML de `ftr_influencers`. Chaque mesure est une colonne de "
            "`marts.dim_influencers` et de `features.ftr_influencers` ; une page du site dit la même chose avec "
            "les réglages de son exécution.\n\n"
            "Les fenêtres se terminent à la dernière observation du compte ou de ses publications (à la "
            "publication la plus récente quand aucune source ne la date), jamais aujourd’hui : une liste de "
            "l’an dernier décrit l’an dernier. Leur durée est ici celle de `dbt_project.yml` tel que livré. "
            "Inconnu veut dire null, jamais 0, et des mesures de définition différente ne sont jamais "
            "mélangées."
        ),
        "metric": "mesure",
        "name": "nom",
        "formula": "Formule",
        "window": "Fenêtre",
        "unit": "Unité",
        "unknown": "Null",
        "sources": "Colonnes sources",
        "count": "nombre",
        "ratio": "rapport : 0,05 vaut 5 %",
        "days": "jours",
        "per_week": "par semaine",
    },
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its texts by language, its unit, and the columns it is made of as ``table.column``."""

    name: str
    unit: str
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    source_columns: tuple[str, ...]


def read_metrics(project: Path) -> tuple[Metric, ...]:
    """Read the metrics in the order of the catalogue.

    Parameters
    ----------
    project
        The root of the project.

    Returns
    -------
    tuple[Metric, ...]
        One for each feature that every build has.

    Raises
    ------
    ProjectError
        When a feature has no definition, or none of its source columns is named.
    """
    import yaml  # dbt's own; half of the start of this module

    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    models = yaml.safe_load(
        (project / "dbt_project" / "models" / "features" / "_features__models.yml").read_text(encoding="utf-8")
    )["models"]
    (columns,) = [model["columns"] for model in models if model["name"] == MODEL]
    sources = {column["name"]: column.get("config", {}).get("meta", {}).get("source_columns", ()) for column in columns}
    with (project / "seeds" / "reference" / "feature_definitions.csv").open(encoding="utf-8", newline="") as file:
        definitions = {row["feature"]: row for row in csv.DictReader(file)}
    metrics = []
    for feature in _catalogue(project):
        name = feature["name"]
        if name not in definitions or not sources.get(name):
            raise ProjectError(
                expected=f"a line for {name} in feature_definitions.csv and its source_columns in {MODEL}",
                got="no definition" if name not in definitions else "no source columns",
                remedy="add what is missing and write the pages again",
            )
        texts = {key: _with_settings(text, settings) for key, text in definitions[name].items() if key != "feature"}
        labels = {lang: feature[f"label_{lang}"] for lang in PAGES}
        metrics.append(Metric(name, feature["unit"], labels, texts, tuple(sources[name])))
    return tuple(metrics)


def _catalogue(project: Path) -> list[dict[str, Any]]:
    """Read the list that the macro returns, which is written as a literal, without running dbt."""
    text = (project / "dbt_project" / "macros" / "feature_catalogue.sql").read_text(encoding="utf-8")
    found = re.search(r"macro shipped_features\(\) -%}\s*{%- do return\((\[.*?\])\) -%}", text, re.DOTALL)
    if found is None:
        raise ProjectError(
            expected="a macro shipped_features that returns a list as it is written",
            got="none in dbt_project/macros/feature_catalogue.sql",
            remedy="write the features as a literal",
        )
    catalogue: list[dict[str, Any]] = ast.literal_eval(found[1])
    return catalogue


def _with_settings(text: str, settings: Mapping[str, object]) -> str:
    return re.sub(r"{(\w+)}", lambda gap: str(settings[gap[1]]), text)


def render_page(metrics: tuple[Metric, ...], lang: str) -> str:
    """Write the page of the metrics in one language.

    Parameters
    ----------
    metrics
        As `read_metrics` reads them.
    lang
        A key of `PAGES`.

    Returns
    -------
    str
        Markdown: a list of the metrics, then a section for each.
    """
    words = _WORDS[lang]
    lines = [f"# {words['title']}", "", words["intro"], ""]
    lines += [f"| {words['metric']} | {words['name']} |", "|---|---|"]
    lines += [f"| [`{metric.name}`](#{metric.name}) | {metric.labels[lang]} |" for metric in metrics]
    for metric in metrics:
        sources = " · ".join(f"`{column}`" for column in metric.source_columns)
        lines += ["", f"## {metric.name}", "", f"{metric.labels[lang]}.", "", "| | |", "|---|---|"]
        lines += [
            f"| {words[part]} | {text} |"
            for part, text in (
                ("formula", metric.texts[f"formula_{lang}"]),
                ("window", metric.texts[f"window_{lang}"]),
                ("unit", words[metric.unit]),
                ("unknown", metric.texts[f"unknown_{lang}"]),
                ("sources", sources),
            )
        ]
    return "\n".join(lines) + "\n"


def write_pages(project: Path) -> list[Path]:
    """Write the page of each language.

    Returns
    -------
    list[Path]
        The files written.
    """
    metrics = read_metrics(project)
    written = []
    for lang, name in PAGES.items():
        path = project / "docs" / name
        path.write_text(render_page(metrics, lang), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for page in write_pages(Path(__file__).resolve().parents[2]):
        print(page)
