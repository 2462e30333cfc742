"""Rendering the static site from the ``rpt_*`` tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tribu.errors import ModelInputError, ProjectError
from tribu.folders import FolderKind, swapped_folder
from tribu.report.brief_page import PAGE as BRIEF_PAGE
from tribu.report.brief_page import brief_files, build_brief_page
from tribu.report.cluster_file import cluster_file
from tribu.report.cluster_page import build_cluster_page
from tribu.report.components import Translation
from tribu.report.data import ReportData, read_report_data
from tribu.report.downloads import FOLDER, language_downloads, shared_downloads
from tribu.report.formatters import format_moment
from tribu.report.influencer_page import build_influencer_page, influencer_href
from tribu.report.language import ENGLISH, Language
from tribu.report.markers import assign_markers
from tribu.report.method_page import build_method_page
from tribu.report.overview_page import build_overview, cluster_href
from tribu.report.pseudonyms import pseudonymised
from tribu.report.quality_page import build_quality_page
from tribu.report.sql_page import DOCS_FILE, build_sql_page, sql_files
from tribu.report.sql_page import PAGE as SQL_PAGE
from tribu.report.summary import FORMAT, write_summary

SITE_FOLDER: Final = FolderKind(noun="site", marker="report.json", format=FORMAT)
"""How a folder is known to be a site of Tribu."""

_PLOTLY_SCRIPT: Final = "plotly.min.js"

# Cluster keys become file names; anything else than this could leave the folder or break a link.
_SAFE_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def render_site(
    tables: Mapping[str, pa.Table],
    *,
    templates: Path,
    assets: Path,
    out_dir: Path,
    languages: Sequence[Language] = (ENGLISH,),
    pseudonym_key: bytes | None = None,
    dbt_docs: Path | None = None,
) -> Path:
    """Render the site and put it in the place of the one before.

    Parameters
    ----------
    tables
        The ``rpt_*`` tables by name. Row order does not matter; further tables and columns are ignored.
    templates, assets
        The folders ``reports/templates`` and ``reports/assets`` of the project.
    out_dir
        The folder of the site. It is replaced as a whole, once everything is written; a failure leaves it
        untouched.
    languages
        The first stands at the root of the site, each other one in a folder of its code; all share the assets.
    pseudonym_key
        Where given, people stand under pseudonyms made with this secret, everywhere in the site.
    dbt_docs
        dbt's documentation as one page, for the downloads; left out where there is no such file.

    Returns
    -------
    Path
        The ``index.html`` of the new site.

    Raises
    ------
    ModelInputError
        When a table, a column or a value is missing or of another type.
    ProjectError
        When the templates, the assets or Plotly's script are not there.
    OutputFolderError
        When ``out_dir`` holds something that is not a site of Tribu, or cannot be written.
    """
    is_pseudonymised = pseudonym_key is not None
    data = read_report_data(tables if pseudonym_key is None else pseudonymised(tables, pseudonym_key))
    _check_keys(data)
    for folder in (templates, assets):
        if not folder.is_dir():
            raise ProjectError(
                expected=f"the folder {folder}", got="no such folder", remedy="run from a complete clone"
            )
    # Every page is rendered before the first byte is written: most failures need no clean-up at all.
    summary = write_summary(data, is_pseudonymised=is_pseudonymised).encode()
    files: dict[str, bytes] = {SITE_FOLDER.marker: summary, **sql_files(data)}
    if dbt_docs is not None and dbt_docs.is_file():
        files[DOCS_FILE] = dbt_docs.read_bytes()
    for lang in languages:
        downloads = _downloads(data, lang, languages)
        sizes = {path: len(content) for path, content in {**downloads, SITE_FOLDER.marker: summary}.items()}
        pages = render_pages(
            data,
            templates=templates,
            lang=lang,
            languages=languages,
            download_sizes=sizes,
            is_pseudonymised=is_pseudonymised,
            docs_bytes=len(files[DOCS_FILE]) if DOCS_FILE in files else None,
        )
        files |= downloads | {path: text.encode() for path, text in pages.items()}
        files |= {
            f"{_folder(lang, languages)}{cluster_href(key)}".removesuffix("html") + "csv": cluster_file(rows, lang)
            for key, rows in data.downloads.items()
        }
        files |= {f"{_folder(lang, languages)}{path}": text for path, text in brief_files(data, lang).items()}
    with swapped_folder(out_dir, SITE_FOLDER) as folder:
        for path, content in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        shutil.copytree(assets, folder / "assets")
        shutil.copyfile(plotly_script(), folder / "assets" / _PLOTLY_SCRIPT)
    return out_dir.resolve() / "index.html"


def render_pages(
    data: ReportData,
    *,
    templates: Path,
    lang: Language,
    languages: Sequence[Language] = (ENGLISH,),
    download_sizes: Mapping[str, int] | None = None,
    is_pseudonymised: bool = False,
    docs_bytes: int | None = None,
) -> dict[str, str]:
    """Render every page of the site in one language, with links to itself in the other ``languages``.

    Parameters
    ----------
    data
        The rows of the report.
    templates
        The folder of the templates.
    lang
        The language of the pages.
    languages
        All languages of the site.
    download_sizes
        Bytes of each file that the overview offers, by its path within the site.
    docs_bytes
        Bytes of dbt's documentation where it is among the files of the site.

    Returns
    -------
    dict[str, str]
        The text of each page by its path within the site.
    """
    environment = template_environment(templates, lang)
    names = {(row.dimension, row.value): lang.choose(en=row.name_en, fr=row.name_fr) for row in data.value_names}
    lang = replace(lang, names=names)
    markers = assign_markers(data.clusters)
    folder = _folder(lang, languages)
    shared: dict[str, Any] = {
        "lang": lang.code,
        "has_briefs": bool(data.briefs.briefs),
        "is_sample": data.overview.is_sample,
        "is_pseudonymised": is_pseudonymised,
        "built_at": format_moment(data.overview.built_at, lang=lang),
    }
    pages: dict[str, str] = {}

    def add(path: str, template: str, page: object) -> None:
        root = "../" * f"{folder}{path}".count("/")
        places = {
            "root": root,
            "home": "../" * path.count("/"),
            "path": path,
            "translations": [
                Translation(one.code, one.own_name, f"{root}{_folder(one, languages)}{path}") for one in languages
            ],
        }
        pages[folder + path] = environment.get_template(template).render(shared, page=page, **places)

    up = "../" * folder.count("/")
    sizes = {
        path.removeprefix(folder) if folder and path.startswith(folder) else f"{up}{path}": size
        for path, size in (download_sizes or {}).items()
    }
    add("index.html", "overview.html", build_overview(data, markers, lang, sizes))
    add("quality.html", "quality.html", build_quality_page(data, lang))
    if data.briefs.briefs:
        add(BRIEF_PAGE, "briefs.html", build_brief_page(data, markers, lang))
    add(SQL_PAGE, "sql.html", build_sql_page(data, lang, docs_bytes))
    add("method.html", "method.html", build_method_page(data, markers, lang))
    for position, cluster in enumerate(data.clusters):
        page = build_cluster_page(data, position, markers, lang)
        add(cluster_href(cluster.cluster_key), "cluster.html", page)
    for person in data.people.persons:
        add(
            influencer_href(person.influencer_key),
            "influencer.html",
            build_influencer_page(data, person, markers, lang),
        )
    return pages


def _downloads(data: ReportData, lang: Language, languages: Sequence[Language]) -> dict[str, bytes]:
    """Write the files to take away of one language, by their path within the site."""
    own = {f"{_folder(lang, languages)}{FOLDER}/{name}": text for name, text in language_downloads(data, lang).items()}
    return own | {f"{FOLDER}/{name}": text for name, text in shared_downloads(data).items()}


def _folder(lang: Language, languages: Sequence[Language]) -> str:
    """Folder of a language within the site, with its slash; the first language stands at the root."""
    return "" if lang.code == languages[0].code else f"{lang.code}/"


def template_environment(templates: Path, lang: Language) -> Environment:
    """Set up Jinja: everything escaped, nothing undefined, messages through the language's catalogue."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    install: Any = getattr(environment, "install_gettext_callables")  # noqa: B009 - put there by the extension
    install(lang.gettext, lang.ngettext, newstyle=True)
    return environment


def _check_keys(data: ReportData) -> None:
    unsafe = [row.cluster_key for row in data.clusters if not _SAFE_KEY.fullmatch(row.cluster_key)]
    if unsafe:
        raise ModelInputError(
            expected="cluster keys made of letters, digits, - and _, since they name files",
            got=repr(unsafe[0]),
            remedy="give the cluster another key in dim_clusters",
        )
    unsafe = [key for key in sorted(data.people.keys) if not _SAFE_KEY.fullmatch(key)]
    if unsafe:
        raise ModelInputError(
            expected="influencer keys made of letters, digits, - and _, since they name files",
            got=repr(unsafe[0]),
            remedy="run `dbt build`, which makes keys that are",
        )


def plotly_script() -> Path:
    """Find Plotly's script in the installed package.

    Raises
    ------
    ProjectError
        When it is not there.
    """
    # find_spec locates the package without running it: importing Plotly takes longer than rendering the site.
    spec = find_spec("plotly")
    for location in (spec.submodule_search_locations or ()) if spec is not None else ():
        script = Path(location) / "package_data" / _PLOTLY_SCRIPT
        if script.is_file():
            return script
    raise ProjectError(
        expected=f"{_PLOTLY_SCRIPT} in the installed plotly package",
        got="no such file",
        remedy="install the locked requirements again (`make build`)",
    )
