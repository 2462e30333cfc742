"""Rows of the page for analysts: two questions and a mart."""

from __future__ import annotations

from typing import Any


def sql_rows() -> dict[str, list[dict[str, Any]]]:
    """Make the rows of the tables that the page is made of, in no order."""
    questions = [
        {
            "question_name": f"q0{order}_{name}",
            "question_order": order,
            "title_en": f"Title {order}",
            "title_fr": f"Titre {order}",
            "question_en": f"Who is {name}?",
            "question_fr": f"Qui est {name} ?",
            "read_en": "The `first` row.",
            "read_fr": "La ligne `first`.",
            "question_sql": f"-- Question: who?\nselect handle\nfrom marts.dim_influencers\nwhere '{name}' < 'z'",
        }
        for order, name in ((2, "loud"), (1, "calm"))
    ]
    columns = [
        {
            "table_name": "dim_clusters",
            "grain": "one row per cluster.",
            "column_position": position,
            "column_name": name,
            "data_type": "varchar",
            "description": f"-1-1. Of `{name}`.",
        }
        for position, name in ((2, "cluster_name_en"), (1, "cluster_key"))
    ]
    return {"rpt_worked_questions": questions, "rpt_mart_columns": columns}
