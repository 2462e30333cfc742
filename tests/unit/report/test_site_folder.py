"""The swap: readers see the old site or the new one, never half of either."""

from __future__ import annotations

import gettext
import os
import shutil
import time
from pathlib import Path

import pyarrow as pa
import pytest
from jinja2 import UndefinedError

from tribu.errors import OutputFolderError
from tribu.folders import swapped_folder
from tribu.report import render_site
from tribu.report.language import ENGLISH, Language
from tribu.report.site import SITE_FOLDER

Tables = dict[str, pa.Table]
MARKER = '{"format": "tribu-report"}'


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def write_site(folder: Path, text: str) -> None:
    with swapped_folder(folder, SITE_FOLDER) as fresh:
        (fresh / "report.json").write_text(MARKER, encoding="utf-8")
        (fresh / "index.html").write_text(text, encoding="utf-8")


def test_the_new_site_replaces_the_old_one_as_a_whole(tmp_path: Path) -> None:
    site = tmp_path / "deep" / "site"
    write_site(site, "old")
    (site / "stale.html").write_text("stale", encoding="utf-8")
    write_site(site, "new")
    assert sorted(path.name for path in site.iterdir()) == ["index.html", "report.json"]
    assert (site / "index.html").read_text(encoding="utf-8") == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_failure_in_a_template_leaves_the_old_site_byte_for_byte(
    tmp_path: Path, tables: Tables, templates: Path, assets: Path
) -> None:
    site = tmp_path / "site"
    render_site(tables, templates=templates, assets=assets, out_dir=site)
    before = contents(site)
    broken = tmp_path / "templates"
    shutil.copytree(templates, broken)
    (broken / "cluster.html").write_text("{{ page.no_such_thing }}", encoding="utf-8")
    with pytest.raises(UndefinedError):
        render_site(tables, templates=broken, assets=assets, out_dir=site)
    assert contents(site) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "templates"]


def test_a_failure_in_the_second_language_leaves_the_old_site_byte_for_byte(
    tmp_path: Path, tables: Tables, templates: Path, assets: Path, french: Language
) -> None:
    def render(language: Language) -> None:
        render_site(tables, templates=templates, assets=assets, out_dir=site, languages=[ENGLISH, language])

    site = tmp_path / "site"
    render(french)
    before = contents(site)
    assert "fr/downloads/influencers.csv" in before
    with pytest.raises(LookupError, match="no such message"):
        render(Language("fr", Broken()))
    assert contents(site) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


class Broken(gettext.NullTranslations):
    """A catalogue that fails at a message of the last page only."""

    def gettext(self, message: str) -> str:
        if message == "Other clusters":
            raise LookupError("no such message")
        return message


def test_a_failure_at_any_file_leaves_the_old_site_byte_for_byte(
    tmp_path: Path, tables: Tables, templates: Path, assets: Path, french: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    render_site(tables, templates=templates, assets=assets, out_dir=site, languages=[ENGLISH, french])
    before = contents(site)
    write = Path.write_bytes
    for last in ("report.json", "downloads/influencers.csv", "index.html", "fr/clusters/c07.html"):

        def full_disk(path: Path, content: bytes, last: str = last) -> int:
            if path.as_posix().endswith(f"/{last}"):
                write(path, content[: len(content) // 2])
                raise OSError(28, "No space left on device")
            return write(path, content)

        monkeypatch.setattr(Path, "write_bytes", full_disk)
        with pytest.raises(OSError, match="No space left"):
            render_site(tables, templates=templates, assets=assets, out_dir=site, languages=[ENGLISH, french])
        assert contents(site) == before, last
        assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("failing", [shutil.copytree, shutil.copyfile])
def test_a_failure_while_writing_leaves_the_old_site_byte_for_byte(
    tmp_path: Path,
    tables: Tables,
    templates: Path,
    assets: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: object,
) -> None:
    site = tmp_path / "site"
    render_site(tables, templates=templates, assets=assets, out_dir=site)
    before = contents(site)

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, failing.__name__, full_disk)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="No space left"):
        render_site(tables, templates=templates, assets=assets, out_dir=site)
    assert contents(site) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_swap_that_fails_half_way_puts_the_old_site_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write_site(site, "old")
    rename = Path.rename

    def second_rename_fails(source: Path, target: Path) -> Path:
        if ".new-" in source.name:
            raise PermissionError(13, "Permission denied")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", second_rename_fails)
    with pytest.raises(OutputFolderError, match="Permission denied"):
        write_site(site, "new")
    assert (site / "index.html").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_kept_goes_back_when_the_swap_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write_site(site, "old")
    (site / "kept").mkdir()
    (site / "kept" / "file").write_text("mine", encoding="utf-8")
    before = contents(site)
    rename = Path.rename

    def last_rename_fails(source: Path, target: Path) -> Path:
        if ".new-" in source.name and target == site:
            raise PermissionError(13, "Permission denied")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", last_rename_fails)
    with pytest.raises(OutputFolderError, match="Permission denied"), swapped_folder(site, SITE_FOLDER, keep=["kept"]):
        pass
    assert contents(site) == before
    monkeypatch.undo()
    with swapped_folder(site, SITE_FOLDER, keep=["kept", "never there"]) as fresh:
        (fresh / "report.json").write_text(MARKER, encoding="utf-8")
    assert sorted(contents(site)) == ["kept/file", "report.json"]


def test_a_site_left_aside_by_a_killed_swap_comes_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(site, "old")
    site.rename(tmp_path / ".site.previous")
    with pytest.raises(RuntimeError), swapped_folder(site, SITE_FOLDER):
        raise RuntimeError("the next rendering fails too")
    assert (site / "index.html").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_killed_renderings_left_is_removed_once_it_is_old(tmp_path: Path) -> None:
    old, recent = tmp_path / ".site.new-0000", tmp_path / ".site.new-1111"
    old.mkdir()
    recent.mkdir()
    long_ago = time.time() - 7_200
    os.utime(old, (long_ago, long_ago))
    write_site(tmp_path / "site", "new")
    assert not old.exists()
    assert recent.exists()


def test_a_folder_that_holds_something_else_is_never_replaced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("dear", encoding="utf-8")
    for marker in (None, "{}", "[]", "not json"):
        if marker is not None:
            (home / "report.json").write_text(marker, encoding="utf-8")
        with pytest.raises(OutputFolderError, match="holds something else") as caught:
            write_site(home, "new")
        assert caught.value.exit_code == 9
        assert (home / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_an_empty_folder_is_filled_and_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_site(tmp_path / "empty", "new")
    assert (tmp_path / "empty" / "index.html").is_file()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="a folder for the site"):
        write_site(tmp_path / "file", "new")
    with pytest.raises(OutputFolderError):
        write_site(tmp_path / "file" / "below", "new")


def test_a_link_to_the_site_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    write_site(real, "old")
    link.symlink_to(real)
    write_site(link, "new")
    assert link.is_symlink()
    assert (real / "index.html").read_text(encoding="utf-8") == "new"


def test_others_may_read_the_site(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        write_site(tmp_path / "site", "new")
    finally:
        os.umask(umask)
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755
