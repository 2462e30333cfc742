"""A project for Evidence, the classic line 40.x: pages in Markdown and SQL over Parquet files.

Written with pandas and the standard library. A later product of the same name does not read local files; when the
classic line goes, this package, `reports/evidence/` and one word of the command can go with it.
"""
