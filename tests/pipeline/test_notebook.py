"""The notebook: committed without output, and true from top to bottom on a build of the sample."""

from __future__ import annotations

import ast
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tests.conftest import ROOT, Build

NOTEBOOK = ROOT / "reports" / "notebooks" / "explore.ipynb"


@pytest.fixture
def places(sample_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the warehouse, which kernels started from here find."""
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    monkeypatch.setenv("TRIBU_WAREHOUSE", str(tmp_path / "warehouse.duckdb"))
    # nothing is left in the home of whoever runs the tests
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path


def run(*, cells: int | None = None, then: str = "") -> Any:
    """Run the notebook, or its first cells, in its own folder, and one more cell at the end."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells = [*notebook.cells[:cells], *([nbformat.v4.new_code_cell(then)] if then else [])]
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    return client.execute()


def cells_of(notebook: Any, kind: str) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_it_is_committed_without_output() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in cells_of(notebook, "code"):
        assert cell.outputs == [], f"cell {cell.id} has output; clear it before you commit"
        assert cell.execution_count is None
        assert cell.metadata == {}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}, "a version would change with every editor"


def test_every_section_is_introduced_in_words() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    assert cells[0].cell_type == "markdown"
    sections = [cell.source.splitlines()[0] for cell in cells if cell.source.startswith("## ")]
    assert len(sections) == len(set(sections)) >= 10
    for before, cell in pairwise(cells):
        if cell.source.startswith("## "):
            assert len(cell.source.split()) > 20, f"{cell.source.splitlines()[0]} says nothing about what it shows"
        assert (before.cell_type, cell.cell_type) != ("markdown", "markdown") or before is cells[0]


def test_it_runs_from_top_to_bottom_and_writes_nothing(sample_build: Build, places: Path) -> None:
    before = (places / "warehouse.duckdb").read_bytes()
    beside = sorted(path.name for path in NOTEBOOK.parent.iterdir())
    drawn = "[(trace.type, len(trace.hovertext)) for figure in (flat, solid) for trace in figure.data]"
    notebook = run(then=drawn)
    outputs = [output for cell in cells_of(notebook, "code") for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []

    told = "".join(output.text for output in outputs if output.get("name") == "stdout")
    people = sample_build.value("select count(*) from marts.dim_influencers")
    assert "SYNTHETIC SAMPLE" in told
    assert f"SQL and NumPy agree on {people:,} of {people:,} influencers" in told
    assert f"\n0 of {people:,} fit the brief" not in told, "the brief finds somebody"

    shown = [output.data for output in outputs if "data" in output]
    assert len([data for data in shown if "image/png" in data]) >= 6
    charts = [data["text/html"] for data in shown if "Plotly.newPlot" in data.get("text/html", "")]
    assert len(charts) == 2
    assert not [chart for chart in charts if 'src="http' in chart], "a script from elsewhere"
    traces = ast.literal_eval(shown[-1]["text/plain"])
    for kind in ("scattergl", "scatter3d"):
        assert sum(points for drawn_as, points in traces if drawn_as == kind) == people

    assert (places / "warehouse.duckdb").read_bytes() == before
    assert sorted(path.name for path in NOTEBOOK.parent.iterdir()) == beside


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("update marts.cluster_prototypes set centre = centre + prototype_id", "agreeing"),
        ("update marts.dim_clusters set rule_precision_ratio = rule_precision_ratio - 0.01", "rule_precision_ratio"),
        ("update reporting.rpt_row_accounting set rows_used = rows_used - 1", "unaccounted"),
    ],
    ids=["prototypes", "rule", "accounting"],
)
def test_its_checks_can_fail(places: Path, damage: str, told: str) -> None:
    with duckdb.connect(str(places / "warehouse.duckdb")) as connection:
        connection.execute(damage)
    with pytest.raises(CellExecutionError, match="AssertionError") as caught:
        run()
    assert told in str(caught.value)


def test_without_a_build_it_says_what_to_do(places: Path) -> None:
    (places / "warehouse.duckdb").unlink()
    with pytest.raises(CellExecutionError, match="run dbt build"):
        run(cells=6)
