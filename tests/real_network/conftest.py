"""One real network for all tests of the folder; where a part of it cannot be had they are skipped, and say which."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from tests.conftest import ROOT
from tests.real_network.running import Network, running_network
from tests.real_network.software import UnavailableError, bluesky

FIGURES: dict[str, float] = {}
"""What the run was like, printed at its end: name → count, or seconds where the name says so."""


@pytest.fixture(scope="session")
def figures() -> dict[str, float]:
    return FIGURES


@pytest.fixture(scope="session")
def network(figures: dict[str, float]) -> Iterator[Network]:
    began = time.monotonic()
    try:
        software = bluesky(ROOT / "target" / "network")
        figures["seconds to install"] = time.monotonic() - began
        began = time.monotonic()
        with running_network(software) as running:
            figures["seconds to start"] = time.monotonic() - began
            yield running
    except UnavailableError as error:
        message = f"no real network here, for a part cannot be had: {error}"
        if os.environ.get("TRIBU_REQUIRE_NETWORK"):
            pytest.fail(message)
        pytest.skip(message)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the run."""
    for name, value in FIGURES.items():
        terminalreporter.write_line(f"{name:38}{value:10,.1f}" if "seconds" in name else f"{name:38}{value:10,.0f}")
