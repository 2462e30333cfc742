"""How well the clusters of a build recover a known answer and keep their members, beside the obvious notebook.

Each benchmark builds in folders of its own and measures several ways on the same rows: Tribu as `dbt build`
publishes it, the obvious notebook (raw columns, `StandardScaler`, k-means, best silhouette), and where there is an
answer, a ceiling: a classifier that is told most of it. The ceiling says how hard the data are.

`sample` needs nothing; `niches`, `fakes`, `signals` and `migration` read public lists from the folder `TRIBU_REAL_DATA`
and are left out, saying so, where it has none. `signals` is about scores and not clusters. Run them with
`make bench-quality`.
"""

from benchmarks.quality.niches import measure_niches
from benchmarks.quality.sample import measure

__all__ = ["measure", "measure_niches"]
