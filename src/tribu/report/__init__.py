"""The static site: from the ``rpt_*`` tables to pages that work offline.

It reads those tables and nothing below, knows neither the warehouse nor dbt nor the clustering, and writes a
folder whole or not at all.
"""

from tribu.report.project_site import render_project_site
from tribu.report.site import render_site

__all__ = ["render_project_site", "render_site"]
