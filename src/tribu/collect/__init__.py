"""Collecting: profiles and posts from the networks' own interfaces into landing, on dlt. Nothing is scraped."""

import os

# dlt reads this when it is first imported, and would otherwise tell its makers of every run.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
