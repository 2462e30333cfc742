-- A feature without a definition would be missing from the page that explains the features; a gap without a setting would stand on it
-- (a brace in the header of an own feature is none).
select catalogue.feature
from {{ ref('feature_catalogue') }} as catalogue
left join {{ ref('rpt_features') }} as features
    on catalogue.feature = features.feature
where
    features.feature is null
    or (
        catalogue.feature in (select definitions.feature from {{ ref('feature_definitions') }} as definitions)
        and position(
            '{' in features.formula_en || features.formula_fr || features.window_en || features.window_fr || features.unknown_en || features.unknown_fr
        ) > 0
    )
