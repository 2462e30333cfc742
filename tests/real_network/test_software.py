"""Where a part of a real network cannot be had, the reason names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.real_network.software import UnavailableError, _server, bluesky


def test_no_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="^npm: there is none on the path$"):
        bluesky(tmp_path / "network")


def test_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(UnavailableError, match=r"registry cannot be reached .*\(ECONNREFUSED\)"):
        bluesky(tmp_path / "network")


def test_no_such_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(UnavailableError, match="Node 22 from npm: the lock has none for Linux on riscv64"):
        bluesky(tmp_path / "network")


def test_no_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"^Nobody: it is not installed, and there is no apt-get"):
        _server("Nobody", "no-such-server", "no-such-server", "usr/bin", tmp_path)


def test_no_such_package(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"^Nobody: (Debian's package no-such-server cannot be had|it is not)"):
        _server("Nobody", "no-such-server", "no-such-server", "usr/bin", tmp_path)
