"""Columns of an export as features: from the cell as it stands in the file to the page, and what is refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Build, run_dbt, run_tribu

HEADERS = ["platform", "handle", "observed_at", "followers", "following", "posts", "Bio/length", "Link?", "Score"]
MAPPING = {
    "name": "agency_list",
    "title": "A list of an agency, German numbers",
    "variants": [
        {
            "name": "only",
            "headers": HEADERS,
            "number_locale": "de",
            "tables": {"accounts": {"columns": {header: header for header in HEADERS[:6]}}},
        }
    ],
}
# The first accounts as a person might have typed them: what stands in the cells, and what is to be read there.
TYPED = {
    ("1.234", "yes", "1,5"): (1234.0, 1, 1.5),
    ("1,2k", "Oui", "-3"): (1200.0, 1, -3.0),
    ("-5", "maybe", "a lot"): (None, None, None),
    ("n/a", "", "?"): (None, None, None),
}


def feature(name: str, column: str, transform: str, **more: str) -> dict[str, str]:
    unit = {} if transform == "flag" else {"unit": "count"}
    words = {
        **{"label_en": f"English {name}", "label_fr": f"Français {name}"},
        **{"high_en": f"much {name}", "low_en": f"little {name}"},
        **{"high_fr": f"beaucoup {name}", "low_fr": f"peu {name}"},
    }
    return {"name": name, "column": column, "transform": transform, **unit, **words, **more}


OWN = [
    feature("bio_length", "Bio/length", "log1p"),
    feature("has_link", "Link?", "flag"),
    feature("agency_score", "Score", "none"),
    feature("nobody_knows", "Shoe size", "log1p"),
]
SETTINGS: dict[str, object] = {
    **{"pictures": [], "algorithms": ["kmeans"], "k_max": 4, "pinned_k": 2},
    **{"resamples": 3, "null_draws": 1, "cluster_resamples": 4},
}


def land_list(folder: Path) -> None:
    """Land 200 accounts of two kinds that differ in the own columns alone, some of them seen twice."""
    random = np.random.default_rng(7)
    rows = []
    for number in range(200):
        kind = number % 2
        cells = [str(int(np.exp(random.normal(3 + 2 * kind, 0.3)))), str(int(random.random() < 0.02 + 0.96 * kind))]
        cells.append(f"{random.normal(5, 1):.2f}".replace(".", ","))
        if number < len(TYPED):
            cells = list(list(TYPED)[number])
        counts = [str(int(np.exp(random.normal(mean, 0.5)))) for mean in (9, 6, 5)]
        rows.append(["instagram", f"sample_{number}", "2026-05-31", *counts, *cells])
    # seen again, with nothing said of the link: what was known of it stays known
    rows += [[*row[:2], "2026-06-30", *row[3:7], "", row[8]] for row in rows[:20]]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADERS, *rows])
    (folder / "mapping.yml").write_text(json.dumps(MAPPING), encoding="utf-8")
    done = run_tribu(folder, "import", str(folder / "list.csv"), "--mapping", str(folder / "mapping.yml"))
    assert done.returncode == 0, done.stderr


def build(folder: Path, *, ends: int = 0, **settings: object) -> Build:
    done = run_dbt(folder, "build", "--vars", json.dumps({**SETTINGS, **settings}))
    assert done.exit_code == ends, done.log
    return done


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("own_features")
    land_list(folder)
    return build(folder, own_features=OWN)


def test_cells_are_read_as_people_type_them_and_the_last_known_value_counts(own: Build) -> None:
    for number, expected in enumerate(TYPED.values()):
        assert own.rows(
            "select bio_length, has_link, agency_score, nobody_knows from marts.dim_influencers "
            f"where handle = 'sample_{number}'"
        ) == [(*expected, None)]
    # the second time nothing is said of the link, and so nothing is wrong with it
    assert own.rows(
        "select parse_problems from staging.stg_accounts_parsed where parse_problems is not null order by observed_at"
    ) == [
        ("bio_length:not_a_number_from_0;has_link:not_a_boolean;agency_score:not_a_number",),
        ("bio_length:not_a_number_from_0;agency_score:not_a_number",),
    ]
    assert own.value("select count(*) from staging.quarantined_accounts") == 0
    assert own.value("select count(*) from marts.dim_influencers where has_link is null") == 2


def test_a_flag_has_the_scale_of_a_fair_coin_and_what_nobody_has_takes_no_part(own: Build) -> None:
    ((low, high, scale, weight, none, known),) = own.rows(
        "select has_link_low, has_link_high, has_link_scale, has_link_weight, nobody_knows_scale, nobody_knows_known "
        "from features.ftr_scaling"
    )
    assert (low, high, scale, none, known) == (0.0, 1.0, 0.5, None, 0.0)
    # three features that somebody has share the block
    assert weight == pytest.approx(1 / np.sqrt(3))
    assert own.value("select max(abs(nobody_knows)) from features.ftr_scaled") == 0
    apart = own.value(
        "select max(scaled.has_link) - min(scaled.has_link) from features.ftr_scaled as scaled "
        "inner join features.ftr_influencers as raw on scaled.influencer_key = raw.influencer_key "
        "where raw.has_link is not null"
    )
    assert apart == pytest.approx(2 / np.sqrt(3))


def test_a_column_that_no_row_has_is_told_with_those_that_there_are(own: Build) -> None:
    said = [line for line in own.log.splitlines() if "expected a column" in line]
    assert len(said) == 1
    assert "expected a column 'Shoe size' for nobody_knows" in said[0]
    assert "among Bio/length, Link?, Score" in said[0]


def test_everything_that_follows_from_a_feature_follows(own: Build) -> None:
    names = {entry["name"] for entry in OWN}
    for table in ("marts.cluster_prototypes", "marts.cluster_profiles", "features.ftr_reference"):
        assert names <= {name for (name,) in own.rows(f"select distinct feature from {table}")}, table
    # the clusters are the two kinds, and what tells them apart tells of them
    kinds = own.rows(
        "select cluster_key, max(share) from (select cluster_key, count(*) / sum(count(*)) over (partition by cluster_key) "
        "as share from marts.dim_influencers group by cluster_key, cast(split_part(handle, '_', 2) as integer) % 2) group by 1"
    )
    assert len(kinds) == 2
    assert all(float(str(share)) > 0.9 for _, share in kinds)
    rules = own.rows("select rule_sql, rule_influencers_count, rule_precision_ratio from marts.dim_clusters")
    assert any(re.search("bio_length|has_link", str(rule)) for rule, _, _ in rules)
    for rule, picked, precision in rules:
        assert float(str(precision)) > 0.8
        assert own.value(f"select count(*) from marts.dim_influencers where {rule}") == picked
    named = own.rows("select cluster_name_en, cluster_name_fr from marts.dim_clusters")
    assert any(re.search("(much|little) (bio_length|has_link)", str(english)) for english, _ in named)
    assert any(re.search("(beaucoup|peu) (bio_length|has_link)", str(french)) for _, french in named)


def test_pages_speak_of_own_columns_in_both_languages(own: Build) -> None:
    english, french = (
        (own.site / name).read_text(encoding="utf-8") for name in ("clusters/c01.html", "fr/clusters/c01.html")
    )
    assert "English bio_length" in english
    assert "Français bio_length" in french
    assert "Other columns of the list" in (own.site / "index.html").read_text(encoding="utf-8")
    assert "Autres colonnes de la liste" in (own.site / "fr" / "index.html").read_text(encoding="utf-8")
    flags = {
        str(value): said
        for value, said in zip(
            ("0.0", "1.0", "0.5"), (("no", "non"), ("yes", "oui"), ("half", "moitié-moitié")), strict=True
        )
    }
    ((median,),) = own.rows(
        "select cluster_median from marts.cluster_profiles where cluster_key = 'c01' and feature = 'has_link'"
    )
    for page, said in zip((english, french), flags[str(median)], strict=True):
        assert re.search(rf">\s*{said}\s*<", page)


def test_exports_have_the_columns(own: Build, tmp_path: Path) -> None:
    done = run_tribu(own.folder, "export", "csv", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "dim_influencers.csv").open(encoding="utf-8-sig", newline="") as handle:
        header = next(csv.reader(handle))
    assert {entry["name"] for entry in OWN} <= set(header)


def test_other_features_are_another_model(own: Build, tmp_path: Path) -> None:
    folder = shutil.copytree(own.folder, tmp_path / "copy")
    refused = build(folder, ends=1, own_features=OWN[:1], refit="never")
    assert "to have been fitted on the features of macro feature_catalogue and var own_features" in refused.log
    # another column under the same name is another feature
    other = [{**OWN[0], "column": "Score"}, *OWN[1:]]
    refitted = build(folder, own_features=other)
    assert refitted.rows("select is_refit, refit_reason from clustering.ml_runs") == [(True, "parameters_changed")]
    scored = build(folder, own_features=other)
    assert scored.rows("select is_refit, refit_reason from clustering.ml_runs") == [(False, "no_drift")]


def compiled(folder: Path, name: str, **settings: object) -> str:
    done = run_dbt(folder, "compile", "--select", name, "--vars", json.dumps(settings))
    assert done.exit_code == 0, done.log
    (path,) = (folder / "target" / "compiled").rglob(f"{name}.sql")
    return path.read_text(encoding="utf-8")


def test_the_weight_of_a_block_without_features_decides_nothing(tmp_path: Path) -> None:
    """So a model that was accepted before there was such a block still scores."""
    weights = {"size": 1.0, "engagement": 1.0, "rhythm": 1.0, "commercial": 1.0, "growth": 1.0, "content": 0.0}
    fingerprints = [
        re.findall(r"'([0-9a-f]{32})' as parameters_fingerprint", compiled(tmp_path, "build_request", **settings))
        for settings in (
            {"block_weights": weights},
            {"block_weights": {**weights, "own": 2.0}},
            {"block_weights": {**weights, "own": 2.0}, "own_features": OWN[:1]},
        )
    ]
    assert all(len(found) == 1 for found in fingerprints)
    assert fingerprints[0] == fingerprints[1]
    assert fingerprints[0] != fingerprints[2]


ONE = OWN[0]
REFUSED = {
    "unknown transform": (
        [{**ONE, "transform": "square"}],
        "a transform among log1p, log, none, flag for bio_length; got square",
    ),
    "twice": ([ONE, ONE], "a name that no other feature or column has; got bio_length"),
    "a shipped feature": ([{**ONE, "name": "followers_count"}], "a name that no other feature or column has"),
    "a column": ([{**ONE, "name": "is_verified"}], "a name that no other feature or column has"),
    "no identifier": ([{**ONE, "name": "Bio length"}], "small letters and digits, two words or more joined by _"),
    "no column": ([{**ONE, "column": ""}], "expected the header of a column for bio_length"),
    "no words": ([{key: text for key, text in ONE.items() if key != "low_fr"}], "got no low_fr"),
    "misspelt key": ([{**ONE, "lable_en": "x"}], "got lable_en in bio_length"),
    "sensitive": ([{**ONE, "column": "Audience Gender %"}], "got 'gender' in bio_length (column 'Audience Gender %')"),
}


@pytest.mark.parametrize(("features", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_feature_stops_the_build_with_a_remedy(
    tmp_path: Path, features: list[dict[str, str]], words: str
) -> None:
    done = run_dbt(
        tmp_path, "compile", "--select", "feature_catalogue", "--vars", json.dumps({"own_features": features})
    )
    assert done.exit_code != 0
    log = re.sub(r"\s+", " ", done.log)
    assert "var 'own_features': expected" in log
    assert words in log
    assert "; remedy: " in log


def test_sensitive_columns_are_known_by_their_words_and_others_are_not(tmp_path: Path) -> None:
    sensitive = [
        *("Age", "userAge", "age_group", "Âge moyen", "Religion", "ethnicity", "Political views", "SEXE", "% femmes"),
        *(
            "e-mail",
            "Email address",
            "Téléphone",
            "phone_number",
            "health status",
            "sexual orientation",
            "account holder age",
        ),
        # Scripts that do not set words apart.
        *("성별", "联系电话", "이메일 주소"),
    ]
    plain = [
        *("Account age (days)", "channel age", "average likes", "language", "Image count", "Page views", "engagement"),
        *("management fee", "Bio length", "external URL", "#posts", "essexboys", "usage", "package"),
    ]
    told = "".join(
        f"{{{{ sensitive_word({json.dumps(text, ensure_ascii=False)}) or 'nothing' }}}}|" for text in sensitive + plain
    )
    done = run_dbt(tmp_path, "compile", "--inline", f"select 1 -- <{told}>")
    assert done.exit_code == 0, done.log
    found = re.findall("<(.*)>", done.log)[-1].split("|")[:-1]
    assert len(found) == len(sensitive + plain)
    assert [text for text, word in zip(sensitive, found, strict=False) if word == "nothing"] == []
    assert [text for text, word in zip(plain, found[len(sensitive) :], strict=True) if word != "nothing"] == []
