"""No data becomes code: no pickles, and nothing is evaluated, in all that the project runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
EVALUATORS = {"eval", "exec", "compile", "__import__"}
# The adapter runs the Python models of this very project, as dbt compiles them: the one place that runs a text.
ALLOWED = {("src/dbt/adapters/sparksession/python_models.py", name) for name in ("exec", "compile")}


def _unsafe(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.split(".")[0] in UNPICKLERS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLERS:
            yield str(node.module)
        elif isinstance(node, ast.Name) and node.id in EVALUATORS:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in {
            "read_pickle",
            "to_pickle",
            "unsafe_load",
            "load_module",
        }:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "shell"} and not _false(node.value):
            yield node.arg


def _false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_nothing_is_unpickled_or_evaluated() -> None:
    found = {
        (str(path.relative_to(ROOT)), name)
        for folder in ("src", "python_models", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in _unsafe(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "run = exec",
        "frame.to_pickle('x')",
        "numpy.load('x', allow_pickle=True)",
        "subprocess.run('ls', shell=True)",
        "__import__('os')",
    ],
)
def test_it_is_found_where_it_stands(code: str) -> None:
    assert list(_unsafe(ast.parse(code)))


def test_what_only_looks_alike_is_left_alone() -> None:
    assert not list(_unsafe(ast.parse("re.compile('x'); numpy.load('x', allow_pickle=False); evaluate(1)")))
