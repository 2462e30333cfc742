-- A feature without a definition would be missing from the page that explains the features; a gap without a setting would stand on it.
select catalogue.feature
from {{ ref('feature_catalogue') }} as catalogue
left join {{ ref('rpt_features') }} as features
    on catalogue.feature = features.feature
where
    features.feature is null
    or position(
        '{' in features.formula_en || features.formula_fr || features.window_en || features.window_fr || features.unknown_en || features.unknown_fr
    ) > 0
