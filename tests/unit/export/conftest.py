"""Tables as the Evidence export reads them, made from the factory of the report's tests: nobody in them exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.evidence_pages import EvidenceProject
from tests.unit.report.conftest import make_tables

from tribu.export.evidence.project import write_evidence_project
from tribu.export.evidence.reading import QUERIES
from tribu.export.evidence.words import read_words
from tribu.export.origin import Origin

TEMPLATES = Path(__file__).resolve().parents[3] / "reports" / "evidence"

Frames = dict[str, pd.DataFrame]

REPORTING = {
    "overview": "rpt_overview",
    "platforms": "rpt_platforms",
    "sources": "rpt_sources",
    "row_accounting": "rpt_row_accounting",
    "quarantine_reasons": "rpt_quarantine_reasons",
    "clusters": "rpt_clusters",
    "profiles": "rpt_cluster_profiles",
    "composition": "rpt_cluster_composition",
    "members": "rpt_cluster_members",
    "map_points": "rpt_map_points",
}


def make_frames(**sizes: Any) -> Frames:
    """Every table that the Evidence export reads, of one imaginary build."""
    tables = make_tables(**sizes)
    frames = {name: tables[table].to_pandas() for name, table in REPORTING.items()}
    frames["map_points"] = frames["map_points"].rename(columns={"pca_1": "x", "pca_2": "y"})
    for name, frame in frames.items():
        # only what the queries ask for, as it comes from a warehouse
        frames[name] = frame[[column for column in frame.columns if re.search(rf"\b{column}\b", QUERIES[name])]]
    clusters = frames["clusters"]["cluster_key"].tolist()
    candidate = {
        "algorithm": "kmeans",
        "setting": None,
        "fit_rows": 300,
        "null_silhouette": 0.08,
        "stability": 0.83,
        "stability_reading": "stable",
        "fidelity": 1.0,
        "smallest_share_ratio": 0.06,
        "largest_share_ratio": 0.4,
        "noise_share_ratio": 0.0,
        "passes_k": True,
        "passes_shares": True,
        "passes_noise": True,
        "passes_fidelity": True,
        "passes_stability": True,
        "beats_null": True,
        "passes_all": True,
    }
    frames["candidates"] = pd.DataFrame(
        [
            {**candidate, "candidate_id": f"kmeans_{k:02d}", "k": k, "silhouette": 0.4 - k / 50, "is_selected": k == 7}
            for k in range(3, 9)
        ]
        + [
            {
                **candidate,
                "candidate_id": "dbscan_q0.50",
                "algorithm": "dbscan",
                "k": 1,
                "setting": 0.5,
                "silhouette": None,
                "stability": None,
                "stability_reading": None,
                "passes_k": False,
                "passes_stability": False,
                "passes_all": False,
                "is_selected": False,
            }
        ]
    )
    frames["platform_tiers"] = pd.DataFrame(
        [("instagram", "nano", key, 3) for key in clusters] + [("youtube", None, key, 2) for key in clusters],
        columns=["platform", "tier", "cluster_key", "influencers"],
    )
    frames["tier_names"] = pd.DataFrame(
        {
            "tier": ["nano", "micro", "mid", "macro", "mega"],
            "tier_order": [1, 2, 3, 4, 5],
            "label_en": ["Nano", "Micro", "Mid-size", "Macro", "Mega"],
            "label_fr": ["Nano", "Micro", "Taille moyenne", "Macro", "Méga"],
        }
    )
    frames["category_names"] = pd.DataFrame(
        {"category": ["beauty", "food"], "label_en": ["beauty", "food"], "label_fr": ["beauté", "cuisine"]}
    )
    return frames


SAMPLE = Origin("run-0001", datetime(2026, 11, 22, 16, 48), "sample")
LANDED = Origin("run-0001", datetime(2026, 11, 22, 16, 48), "landing")


@pytest.fixture
def frames() -> Frames:
    """A build of seven clusters."""
    return make_frames()


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., EvidenceProject]:
    """Write frames as a project into a temporary folder."""

    def run(frames: Frames, *, lang: Any = "en", origin: Origin = SAMPLE) -> EvidenceProject:
        folder = tmp_path / f"evidence_{lang}"
        write_evidence_project(frames, origin, folder, templates=TEMPLATES, words=read_words(TEMPLATES, lang))
        return EvidenceProject(folder)

    return run
