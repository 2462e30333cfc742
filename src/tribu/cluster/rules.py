"""One SQL predicate per cluster, read off a shallow decision tree on features in human units.

A rule describes a cluster, it does not define it: the prototypes do. How well it describes is measured afterwards, in
SQL, over everybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tribu.cluster.matrix import KEY
from tribu.cluster.predicates import Condition, Path, round_significant, rule_sql
from tribu.cluster.threads import one_thread
from tribu.errors import ModelInputError

CLUSTER: Final = "cluster_key"

SCHEMA: Final = pa.schema(
    [
        pa.field(CLUSTER, pa.string()),
        pa.field("rule_sql", pa.string()),
        pa.field("rule_leaves", pa.int64()),
    ]
)
"""One row per cluster of the sample; ``rule_leaves`` counts the leaves of its tree that its rule takes."""

# Share of a node's rows that a rounder threshold may send to the other side.
_ROUNDING_TOLERANCE: Final = 0.01
_MOST_DIGITS: Final = 6
# By how much more F1 a cluster gets a tree of its own: rules of the common tree never pick the same influencer twice.
_WORTH_A_TREE: Final = 0.05

_Values = NDArray[np.float64] | NDArray[np.str_]


@dataclass(frozen=True)
class _Split:
    """A question of the tree: the condition of each side."""

    feature: str
    left: Condition
    right: Condition


@dataclass(frozen=True)
class _Node:
    """A node with the rows of the sample that the rounded questions lead to."""

    path: Path
    rows: NDArray[np.int64]
    children: tuple[_Node, ...] = ()

    def walk(self) -> Iterator[_Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class _Sample:
    """The rows as columns: numbers with NaN for the unknown, or words; and the cluster of each row."""

    columns: dict[str, _Values]
    whole: frozenset[str]
    clusters: list[str]
    labels: NDArray[np.int64]

    def matches(self, path: Path) -> NDArray[np.bool_]:
        met = np.ones(len(self.labels), dtype=bool)
        for feature, condition in path.items():
            met &= condition.holds(self.columns[feature])
        return met


def fit_rules(sample: pa.Table, *, max_depth: int, min_leaf_share: float) -> pa.Table:
    """Give each cluster a predicate in SQL.

    Parameters
    ----------
    sample
        One row per influencer: ``influencer_key`` and ``cluster_key`` (strings, not null), features in human units.
        A number may be null; a text column (the platform) may not.
    max_depth
        Most questions on the way to a leaf.
    min_leaf_share
        Smallest share of the sample in a leaf, 0–1.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`, by cluster. The predicate of one cluster alone is ``true``.

    Raises
    ------
    ModelInputError
        If a key is missing, null or repeated, a feature is neither number nor text, or a number is infinite.

    Notes
    -----
    The tree is CART with Gini impurity (Breiman et al. 1984), which sends an unknown value to one side of each
    question. Where the tree saw unknown values the condition says on which side they are; where it saw none a known
    value is asked for. Thresholds are rounded first and the leaves are filled by the rounded ones, so a majority is
    that of the rows that the published text picks.
    """
    rows = _read(sample)
    if not rows.clusters:
        return SCHEMA.empty_table()
    root = _grow(rows, max_depth=max_depth, min_leaf_share=min_leaf_share)
    leaves = [node for node in root.walk() if not node.children]
    order = list(rows.columns)
    written = []
    for position, cluster in enumerate(rows.clusters):
        common = [leaf.path for leaf in leaves if _majority(leaf, rows) == position]
        own = _paths_of_better_tree(common, rows, position, max_depth=max_depth, min_leaf_share=min_leaf_share)
        paths = _simplified(own or [_best_single_path(root, rows, position)], rows)
        written.append({CLUSTER: cluster, "rule_sql": rule_sql(paths, order), "rule_leaves": len(own)})
    return pa.Table.from_pylist(written, schema=SCHEMA)


def _read(sample: pa.Table) -> _Sample:
    missing = [name for name in (KEY, CLUSTER) if name not in sample.column_names]
    if missing:
        raise ModelInputError(
            expected=f"columns {KEY} and {CLUSTER}",
            got=f"columns {', '.join(sample.column_names) or '(none)'}",
            remedy="join the sample with its assignments",
        )
    ordered = sample.sort_by(KEY)
    keys = ordered.column(KEY).to_pylist()
    assigned = ordered.column(CLUSTER).to_pylist()
    if None in keys or len(set(keys)) != len(keys) or None in assigned:
        raise ModelInputError(
            expected=f"one row per {KEY}, none without a cluster",
            got=f"{len(keys) - len(set(keys))} repeated keys, {assigned.count(None)} rows without a cluster",
            remedy="join the sample with its assignments, one row each",
        )
    columns: dict[str, _Values] = {}
    whole = set()
    for name in ordered.column_names:
        if name in (KEY, CLUSTER):
            continue
        column = ordered.column(name)
        columns[name] = _words(name, column) if _is_text(column.type) else _numbers(name, column)
        if pa.types.is_integer(column.type):
            whole.add(name)
    clusters = sorted(set(assigned))
    places = {cluster: place for place, cluster in enumerate(clusters)}
    labels = np.array([places[cluster] for cluster in assigned], dtype=np.int64)
    return _Sample(columns, frozenset(whole), clusters, labels)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _words(name: str, column: pa.ChunkedArray) -> NDArray[np.str_]:
    if column.null_count:
        raise ModelInputError(
            expected=f"a word in every row of {name}",
            got=f"{column.null_count} nulls",
            remedy="leave columns that may be unknown and are no numbers out of the sample",
        )
    return np.array(column.to_pylist(), dtype=np.str_)


def _numbers(name: str, column: pa.ChunkedArray) -> NDArray[np.float64]:
    if not any(is_kind(column.type) for is_kind in (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)):
        raise ModelInputError(
            expected=f"numbers or text in feature {name}",
            got=str(column.type),
            remedy="leave columns that are no features out of the sample",
        )
    values = np.asarray(
        pc.fill_null(pc.cast(column, pa.float64()), math.nan).to_numpy(zero_copy_only=False), dtype=np.float64
    )
    if np.isinf(values).any():
        raise ModelInputError(
            expected=f"finite numbers or nulls in feature {name}",
            got="infinity",
            remedy="divide by nullif(…, 0) where the feature is computed",
        )
    return values


def _grow(rows: _Sample, *, max_depth: int, min_leaf_share: float) -> _Node:
    everybody = np.arange(len(rows.labels), dtype=np.int64)
    # each word of a text feature is a question of its own; None stands for a number
    encoded: list[tuple[str, str | None]] = [
        (name, word) for name, values in rows.columns.items() for word in _words_or_number(values)
    ]
    if not encoded or len(rows.clusters) < 2:
        return _Node({}, everybody)
    matrix = np.column_stack(
        [rows.columns[name] if word is None else rows.columns[name] == word for name, word in encoded]
    ).astype(np.float64)
    with one_thread():
        from sklearn.tree import DecisionTreeClassifier

        model = DecisionTreeClassifier(
            max_depth=max_depth,
            min_samples_leaf=max(1, math.ceil(min_leaf_share * len(everybody))),
            # Equally good questions are drawn by this seed; any number repeats.
            random_state=0,
        ).fit(matrix, rows.labels)

    def node(position: int, path: Path, members: NDArray[np.int64]) -> _Node:
        tree = model.tree_
        if tree.children_left[position] < 0:
            return _Node(path, members)
        name, word = encoded[tree.feature[position]]
        if word is not None:
            split = _Split(name, Condition(not_among=frozenset({word})), Condition(equal_to=word))
        else:
            split = _question(rows, name, tree.threshold[position], bool(tree.missing_go_to_left[position]), members)
        children = []
        for child, condition in (
            (tree.children_left[position], split.left),
            (tree.children_right[position], split.right),
        ):
            asked = path[name].and_also(condition) if name in path else condition
            kept = members[condition.holds(rows.columns[name][members])]
            children.append(node(int(child), {**path, name: asked}, kept))
        return _Node(path, members, tuple(children))

    return node(0, {}, everybody)


def _words_or_number(values: _Values) -> list[str | None]:
    return [None] if values.dtype.kind == "f" else [str(word) for word in np.unique(values)]


def _question(rows: _Sample, name: str, threshold: float, unknown_left: bool, members: NDArray[np.int64]) -> _Split:
    values = rows.columns[name][members].astype(np.float64)
    seen = bool(np.isnan(values).any())
    if not math.isfinite(threshold):
        # The tree asks whether the value is known at all.
        return _Split(name, Condition(), Condition(known=False, unknown=True))
    bound = _readable(threshold, values[~np.isnan(values)], whole=name in rows.whole)
    return _Split(
        name,
        Condition(below=bound, unknown=seen and unknown_left),
        Condition(at_least=bound, unknown=seen and not unknown_left),
    )


def _readable(threshold: float, values: NDArray[np.float64], *, whole: bool) -> float:
    """Return the roundest number that parts the values nearly as the threshold does (``x <= t``) by ``x < number``."""
    wanted = values <= threshold
    for candidate in (0.0, *(round_significant(threshold, digits) for digits in range(1, _MOST_DIGITS + 1))):
        bound = float(math.ceil(candidate)) if whole else candidate
        found = values < bound
        if found.any() and not found.all() and (found != wanted).mean() <= _ROUNDING_TOLERANCE:
            return bound
    return float(math.floor(threshold) + 1) if whole else float(np.nextafter(threshold, math.inf))


def _majority(node: _Node, rows: _Sample) -> int | None:
    """Return the cluster with most rows of a node, the smaller key of equals; None for a node that no row reaches."""
    if not len(node.rows):
        return None
    return int(np.bincount(rows.labels[node.rows], minlength=len(rows.clusters)).argmax())


def _paths_of_better_tree(
    common: list[Path], rows: _Sample, position: int, *, max_depth: int, min_leaf_share: float
) -> list[Path]:
    """Return the cluster's leaves of the common tree, or those of a tree of its own where that describes it better.

    The common tree spends its few questions on the large clusters; a small one may be left with a remnant. Of its own
    tree a cluster takes the leaves in which its share is highest, as many as give the best F1. Where it overlaps others
    these are more than the leaves that it has the majority of: the bound that F1 asks for is half of the best F1
    (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1 measure").
    """
    if len(rows.clusters) < 3:
        return common  # of two clusters the common tree is a tree of each
    names = ["others", rows.clusters[position]]
    alone = replace(rows, clusters=names, labels=(rows.labels == position).astype(np.int64))
    root = _grow(alone, max_depth=max_depth, min_leaf_share=min_leaf_share)
    reached = [leaf for leaf in root.walk() if not leaf.children and len(leaf.rows)]
    ranked = sorted(reached, key=lambda leaf: -float(alone.labels[leaf.rows].mean()))
    prefixes = [[leaf.path for leaf in ranked[:count]] for count in range(1, len(ranked) + 1)]
    own = max(prefixes, key=lambda paths: _f1(paths, rows, position))
    return own if _f1(own, rows, position) > _f1(common, rows, position) + _WORTH_A_TREE else common


def _f1(paths: Sequence[Path], rows: _Sample, position: int) -> float:
    """Return the harmonic mean of precision and recall of some paths; 0 for none."""
    if not paths:
        return 0.0
    picked, members = _picked(paths, rows), rows.labels == position
    return float(2 * (picked & members).sum() / (picked.sum() + members.sum()))


def _best_single_path(root: _Node, rows: _Sample, position: int) -> Path:
    """Return the path, of a leaf or on the way to one, that describes a cluster best by F1; the shorter of equals."""
    own = int((rows.labels == position).sum())

    def merit(node: _Node) -> tuple[float, int]:
        hits = int((rows.labels[node.rows] == position).sum())
        return 2 * hits / (len(node.rows) + own), -len(node.path)

    return max(root.walk(), key=merit).path


def _simplified(paths: Sequence[Path], rows: _Sample) -> list[Path]:
    """Drop what changes no row of the sample: conditions, bounds, then the paths that others have come to cover."""
    kept = list(paths)
    picked = _picked(kept, rows)

    def accepted(place: int, path: Path | None) -> bool:
        changed = [*kept[:place], *([] if path is None else [path]), *kept[place + 1 :]]
        if not changed or (_picked(changed, rows) != picked).any():
            return False
        kept[:] = changed
        return True

    for place, path in enumerate(paths):
        for feature in path:
            if accepted(place, {name: condition for name, condition in kept[place].items() if name != feature}):
                continue
            while any(accepted(place, {**kept[place], feature: less}) for less in kept[place][feature].weaker()):
                pass
    for place in reversed(range(len(paths))):
        accepted(place, None)
    return kept


def _picked(paths: Sequence[Path], rows: _Sample) -> NDArray[np.bool_]:
    return np.asarray(np.any([rows.matches(path) for path in paths], axis=0), dtype=bool)
