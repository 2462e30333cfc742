"""The pages of the metrics say what the project says, and every metric of the design is among them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from tribu.errors import ProjectError
from tribu.metrics import PAGES, read_metrics, render_page

#: The names are promises: who has written a query on one of them finds it under the same name.
PROMISED = {
    "er_followers",
    "er_likes_followers",
    "er_views",
    "er_reported",
    "view_follower_ratio",
    "comment_like_ratio",
    "posts_per_week",
    "active_week_ratio",
    "days_since_last_post",
    "engagement_iqr",
    "viral_post_ratio",
    "sponsored_ratio",
    "paid_performance_ratio",
    "growth_30d_ratio",
    "growth_90d_ratio",
}
READ = (
    "dbt_project.yml",
    "dbt_project/macros/feature_catalogue.sql",
    "dbt_project/models/features/_features__models.yml",
    "seeds/reference/feature_definitions.csv",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the files that the pages are made of."""
    for name in READ:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("lang", PAGES)
def test_pages_are_up_to_date(lang: str) -> None:
    committed = (ROOT / "docs" / PAGES[lang]).read_text(encoding="utf-8")
    assert committed == render_page(read_metrics(ROOT), lang), "run `python -m tribu.metrics` and commit what changed"


def test_every_promised_metric_is_there() -> None:
    assert {metric.name for metric in read_metrics(ROOT)} >= PROMISED


@pytest.mark.parametrize("lang", PAGES)
def test_every_metric_has_all_five_parts(lang: str) -> None:
    for metric in read_metrics(ROOT):
        section = render_page((metric,), lang).split(f"## {metric.name}\n")[1]
        cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
        assert len(cells) == 5
        assert all(len(cell) == 2 and cell[1] for cell in cells), metric.name
        assert "{" not in section


def test_windows_follow_the_var(project: Path) -> None:
    edited(project / "dbt_project.yml", "post_window_days: 90", "post_window_days: 60")
    (metric,) = [metric for metric in read_metrics(project) if metric.name == "er_followers"]
    assert "60 days" in metric.texts["window_en"]
    assert "60 jours" in metric.texts["window_fr"]


def test_a_metric_without_a_definition_is_named(project: Path) -> None:
    edited(project / "seeds/reference/feature_definitions.csv", "\ner_views,", "\ner_view,")
    with pytest.raises(ProjectError, match="er_views"):
        read_metrics(project)


def test_a_metric_without_source_columns_is_named(project: Path) -> None:
    edited(
        project / "dbt_project/models/features/_features__models.yml",
        "{source_columns: [int_accounts.er_reported]}",
        "{source_columns: []}",
    )
    with pytest.raises(ProjectError, match="er_reported"):
        read_metrics(project)
