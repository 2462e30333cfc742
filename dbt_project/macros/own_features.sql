{# Columns of an export as features: what var `own_features` may say, and how such a column is read. #}


{% macro own_feature_error(expected, got, remedy) -%}
    {{ exceptions.raise_compiler_error("var 'own_features': expected " ~ expected ~ "; got " ~ got ~ "; remedy: " ~ remedy) }}
{%- endmacro %}


{# Words of what is refused as a feature, lower case: whole words, and beginnings of words. English, and the other languages whose
   numbers Tribu reads, and parts of words in scripts that do not set words apart. Imports withhold columns by the same words
   (`src/tribu/landing/sensitive_words.csv`); a test holds the two against each other. #}
{% macro sensitive_words() -%}
    {%- do return({
        'words': [
            'age', 'ages', 'âge', 'edad', 'idade', 'età', 'dob', 'born', 'birthday', 'birthdate', 'birthyear', 'naissance', 'geburtsdatum',
            'sex', 'sexe', 'sexo', 'sesso', 'genre', 'género', 'genero', 'gênero', 'genere', 'geschlecht',
            'male', 'female', 'males', 'females', 'man', 'men', 'woman', 'women', 'homme', 'hommes', 'femme', 'femmes',
            'race', 'races', 'racial', 'raza', 'raça', 'caste', 'gay', 'lesbian', 'queer', 'lgbt', 'lgbtq',
            'party', 'parti', 'partei', 'partido', 'partito',
            'mail', 'email', 'emails', 'mails', 'courriel', 'correo', 'phone', 'phones', 'tel', 'tél', 'whatsapp',
        ],
        'beginnings': [
            'gender', 'ethni', 'étni', 'etnia', 'etnic', 'nationalit', 'relig', 'glaube', 'faith', 'confession',
            'sexual', 'homosexual', 'bisexual', 'heterosexual', 'transgender', 'health', 'gesundheit', 'santé', 'sante', 'salud', 'saúde', 'saude', 'salute',
            'illness', 'disease', 'malad', 'krankheit', 'medical', 'médical', 'disab', 'handicap', 'behinder', 'pregnan',
            'politi', 'polític', 'telephone', 'téléphone', 'telefon', 'teléfono', 'birth',
        ],
        'parts': [
            '나이', '연령', '생년', '年龄', '年齡', '出生', '生日', '성별', '性别', '性別', '인종', '국적', '민족', '民族', '种族', '種族', '国籍', '國籍',
            '종교', '宗教', '信仰', '성적지향', '性取向', '건강', '질병', '健康', '疾病', '정치', '정당', '政治', '党派', '이메일', '메일', '邮箱', '郵箱',
            '电子邮件', '電子郵件', '전화', '연락처', '휴대폰', '电话', '電話', '手机', '手機', '联系方式',
        ],
    }) -%}
{%- endmacro %}


{# The word of a header or a name that makes it one of those, or nothing. `userAge` has the words user and age. How long an account
   has been there is no one's age. #}
{% macro sensitive_word(text) -%}
    {%- set apart = modules.re.sub('([a-zà-ÿ])([A-ZÀ-Þ])', '\\1 \\2', text) | lower -%}
    {%- set words = modules.re.findall('[^\\W\\d_]+', apart) -%}
    {%- set words = modules.re.findall('[^\\W\\d_]+', modules.re.sub('\\b(account|channel|page)s? age\\b', ' ', words | join(' '))) -%}
    {%- set known = sensitive_words() -%}
    {%- for word in words -%}
        {%- if word in known.words -%}
            {%- do return(word) -%}
        {%- endif -%}
        {%- for beginning in known.beginnings if word.startswith(beginning) -%}
            {%- do return(word) -%}
        {%- endfor -%}
        {%- for part in known.parts if part in word -%}
            {%- do return(word) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(none) -%}
{%- endmacro %}


{# Columns that a feature of the same name would stand beside, in tables or in queries over them. #}
{% macro names_taken_by_columns() -%}
    {%- do return([
        'account_created_on', 'account_id', 'audience_country_code', 'cluster_key', 'cluster_name', 'country_code', 'display_name',
        'engagement_basis', 'imputed_features_count', 'influencer_key', 'is_business', 'is_verified', 'known_posts_count',
        'last_posted_at', 'observed_at', 'pca_1', 'pca_2', 'pca_3', 'profile_url', 'runner_up_cluster_key', 'total_likes_count',
        'total_views_count', 'window_posts_count',
    ]) -%}
{%- endmacro %}


{# Var `own_features`, checked, in the form of `feature_catalogue`; `column` is the header as it stands in landing's `extra`. #}
{% macro own_features() -%}
    {%- set given = var('own_features') -%}
    {%- if given is string or given is mapping or given is not iterable -%}
        {{ own_feature_error("a list", given, "give [] for none, or one entry with name, column, transform, … for each column") }}
    {%- endif -%}
    {%- set texts = ['label_en', 'label_fr', 'high_en', 'low_en', 'high_fr', 'low_fr'] -%}
    {%- set keys = ['name', 'column', 'transform', 'unit', 'block'] + texts -%}
    {%- set transforms = ['log1p', 'log', 'none', 'flag'] -%}
    {%- set units = ['count', 'ratio', 'days', 'per_week'] -%}
    {%- set blocks = ['size', 'engagement', 'rhythm', 'commercial', 'growth', 'own'] -%}
    {%- set taken = shipped_features() | map(attribute='name') | list + names_taken_by_columns() -%}
    {%- set found = [] -%}
    {%- for entry in given -%}
        {%- if entry is not mapping -%}
            {{ own_feature_error("entries with name, column, transform, …", entry, "write one mapping for each column") }}
        {%- endif -%}
        {%- set name = entry.get('name') -%}
        {%- set unknown = entry.keys() | reject('in', keys) | list -%}
        {%- if unknown -%}
            {{ own_feature_error("the keys " ~ keys | join(', '), unknown | join(', ') ~ " in " ~ name, "take it out, or mend its spelling") }}
        {%- endif -%}
        {#- Two words at least: a single one may be a word of SQL (order, group), and the list of those differs from engine to engine. -#}
        {%- if name is not string or not modules.re.fullmatch('[a-z][a-z0-9]*(_[a-z0-9]+)+', name) -%}
            {{ own_feature_error("a name of small letters and digits, two words or more joined by _ (bio_length)", name, "rename it") }}
        {%- endif -%}
        {%- if name in taken or modules.re.fullmatch('topic_[0-9]+', name) -%}
            {{ own_feature_error("a name that no other feature or column has", name, "rename it") }}
        {%- endif -%}
        {#- ml_profiles has a column of this name for every feature. -#}
        {%- if name.endswith('_z') -%}
            {{ own_feature_error("a name that does not end in _z, which stands for a robust z", name, "rename it") }}
        {%- endif -%}
        {%- set column = entry.get('column') -%}
        {%- if column is not string or not column.split() -%}
            {{ own_feature_error("the header of a column for " ~ name, column, "give it as it stands in the export, in quotation marks") }}
        {%- endif -%}
        {%- set sensitive = sensitive_word(name ~ ' ' ~ column) -%}
        {%- if sensitive -%}
            {{ own_feature_error(
                "no column on ethnicity, religion, sexuality, health, politics, age or gender, and no e-mail address or telephone number",
                "'" ~ sensitive ~ "' in " ~ name ~ " (column '" ~ column ~ "')", "leave it out: people are not grouped by it here") }}
        {%- endif -%}
        {%- set transform = entry.get('transform') -%}
        {%- if transform not in transforms -%}
            {{ own_feature_error("a transform among " ~ transforms | join(', ') ~ " for " ~ name, transform,
                "log1p for counts and lengths, log for ratios that span decades, none for shares, flag for yes and no") }}
        {%- endif -%}
        {%- set unit = entry.get('unit', 'flag' if transform == 'flag' else none) -%}
        {%- if unit not in (['flag'] if transform == 'flag' else units) -%}
            {{ own_feature_error("a unit among " ~ (['flag'] if transform == 'flag' else units) | join(', ') ~ " for " ~ name, unit,
                "count for numbers of any kind, ratio for 0 to 1; a flag has none to give") }}
        {%- endif -%}
        {%- set block = entry.get('block', 'own') -%}
        {%- if block not in blocks -%}
            {{ own_feature_error("a block among " ~ blocks | join(', ') ~ " for " ~ name, block, "leave it out for own") }}
        {%- endif -%}
        {%- for text in texts if entry.get(text) is not string or not entry[text].split() -%}
            {{ own_feature_error(texts | join(', ') ~ " for " ~ name, "no " ~ text, "say it in words: pages and cluster names use them") }}
        {%- endfor -%}
        {%- set feature = {'name': name, 'column': column.split() | join(' '), 'block': block, 'transform': transform, 'unit': unit} -%}
        {%- for text in texts -%}
            {%- do feature.update({text: entry[text].split() | join(' ')}) -%}
        {%- endfor -%}
        {%- do found.append(feature) -%}
        {%- do taken.append(name) -%}
    {%- endfor -%}
    {%- do return(found) -%}
{%- endmacro %}


{# Text of a column that no mapping names, as landing keeps it. #}
{% macro extra_text(extra, header) -%}
    {{ json_field(extra, header) }}
{%- endmacro %}


{# Columns `own_<name>` of an own feature, from `own_<name>_text` of `texts`: null for what cannot be read, and for what its scale has no
   place for. #}
{% macro own_columns(feature) -%}
    {%- set text = 'texts.own_' ~ feature.name ~ '_text' -%}
    {%- if feature.transform == 'flag' -%}
        cast({{ parse_boolean(text) }} as integer) as own_{{ feature.name }}
    {%- else -%}
        {{ parse_number(text, percent=feature.unit == 'ratio') }} as own_{{ feature.name }}_number,
        case
            when own_{{ feature.name }}_number
                between {{ 0 if feature.transform in ['log', 'log1p'] else -var('max_total_count') }} and {{ var('max_total_count') }}
                then own_{{ feature.name }}_number
        end as own_{{ feature.name }}
    {%- endif -%}
{%- endmacro %}


{# Says which own features no landed account row has a column for. Headers are people's to spell, so those that there are are named. #}
{% macro warn_of_missing_columns() -%}
    {%- set features = own_features() -%}
    {%- if features -%}
        {%- set folder = landing_folder() if source_kind() == 'landing' else 'seeds/sample' -%}
        {%- set rows = parquet_rows(folder ~ "/accounts/*.parquet") -%}
        {%- set found = run_query(
            "select distinct header from (select " ~ each_item(json_names("extra")) ~ " as header from " ~ rows
            ~ " where extra is not null) as named order by header").columns[0].values() | list -%}
        {%- for feature in features if feature.column not in found -%}
            {%- do exceptions.warn(
                "Tribu: var 'own_features': expected a column '" ~ feature.column ~ "' for " ~ feature.name
                ~ "; got no landed account row with it, so it is unknown of everybody and takes no part; remedy: give the header as it is spelt among "
                ~ (found[:30] | join(', ') if found else "the columns that no mapping names (there are none)")) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
