"""An export that means harm, through import, build and exports: what comes out is text. tests/browser opens the same site."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.conftest import Build, run_dbt, run_tribu
from tests.hostile import ALARM, ELEMENT, FORMULAS, INFLUENCERS, write_exports

from tribu.report.safety import DISPLAY_LIMIT


class Reader(HTMLParser):
    """Reads a page as a browser splits it: elements with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: Path) -> Reader:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("hostile")
    done = run_tribu(folder, "import", "--accept", *map(str, write_exports(folder / "exports")))
    assert done.returncode == 0, done.stderr
    build = run_dbt(folder, "build", "--vars", "{pinned_k: 2, map_points: 200, pictures: []}")
    assert build.exit_code == 0, build.log
    return build


def test_the_rows_are_used_set_aside_or_rejected_like_any_other(hostile: Build) -> None:
    assert hostile.value("select count(*) from marts.dim_influencers") == INFLUENCERS
    assert hostile.value("select count(*) from staging.quarantined_accounts") == 1
    assert hostile.value("select count(*) from staging.stg_rejects where reason ilike '%utf%'") == 1
    assert hostile.value("select count(*) from marts.dim_influencers where handle like '%<script>%'")


def test_no_page_has_an_element_or_an_attribute_of_the_data(hostile: Build) -> None:
    pages = sorted(hostile.site.rglob("*.html"))
    assert len(pages) >= 6
    for page in pages:
        found = read(page)
        names = {tag for tag, _ in found.elements}
        assert not names & {ELEMENT, "img", "iframe", "style", "object", "embed", "form", "base", "b", "br"}, page
        for tag, attributes in found.elements:
            assert not [name for name in attributes if name.startswith("on") or name in {"style", ELEMENT, "srcdoc"}], (
                page
            )
            if tag == "script":
                assert attributes.get("type") == "application/json" or attributes["src"], page
            for name in ("href", "src"):
                address = attributes.get(name) or ""
                assert address.split(":", 1)[0] in {"https", address}, (page, address)
                assert "@" not in address, (page, address)


def test_texts_are_whole_or_cut_and_stand_on_one_line(hostile: Build) -> None:
    words = "".join(
        text for page in hostile.site.rglob("*.html") for text in read(page).text if not text.startswith("{")
    )
    assert f"<script>window.{ALARM}=1</script>" in words, "markup is there to be read"
    assert not set(words) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufffd")
    assert "W" * (DISPLAY_LIMIT - 1) in words
    assert "W" * (DISPLAY_LIMIT + 1) not in words


def test_no_page_grows_with_the_length_of_a_bio(hostile: Build) -> None:
    assert max(page.stat().st_size for page in hostile.site.rglob("*.html")) < 600_000


def test_no_cell_of_an_exported_file_is_a_formula(hostile: Build) -> None:
    out = hostile.folder / "csv"
    done = run_tribu(hostile.folder, "export", "csv", str(out))
    assert done.returncode == 0, done.stderr
    files = [*out.rglob("*.csv"), *hostile.site.rglob("*.csv")]
    cells = [
        cell
        for file in files
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
        for cell in row
    ]
    assert any(cell.startswith("'" + FORMULAS[0]) for cell in cells), "the formulas are there, after an apostrophe"
    numbers = [cell for cell in cells if cell[:1] in set("-+=@\t＝")]
    assert all(_is_number(cell) for cell in numbers)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
