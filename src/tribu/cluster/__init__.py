"""Clustering as pure functions: Arrow tables in, Arrow tables out, no file, no database, no network.

Rows are influencers (``influencer_key`` first), the other columns features on the scale that distances see. Every
function sorts by key before it computes, so that the order in which an engine hands rows over changes nothing.
"""

from tribu.cluster.candidates import evaluate_candidates
from tribu.cluster.matching import match_clusters
from tribu.cluster.picture_quality import picture_quality
from tribu.cluster.pictures import PictureSettings, draw_pictures
from tribu.cluster.projection import pca_axes
from tribu.cluster.prototypes import fit_prototypes
from tribu.cluster.rules import fit_rules
from tribu.cluster.settings import FitSettings
from tribu.cluster.stability import cluster_stability
from tribu.cluster.topics import topic_loadings

__all__ = [
    "FitSettings",
    "PictureSettings",
    "cluster_stability",
    "draw_pictures",
    "evaluate_candidates",
    "fit_prototypes",
    "fit_rules",
    "match_clusters",
    "pca_axes",
    "picture_quality",
    "topic_loadings",
]
