"""The words of the sample: niches, countries, captions, bios. All generic: no person, brand or address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "fr", "de", "es", "pt")
"""Languages of captions and bios; the tuples of words below are in this order."""

LANGUAGE_SPELLINGS: Final = (
    ("en", "en", "EN", "English", "en-US"),
    ("fr", "fr", "FR", "French", "fr-FR"),
    ("de", "de", "DE", "German", "de-DE"),
    ("es", "es", "ES", "Spanish", "es-ES"),
    ("pt", "pt", "PT", "Portuguese", "pt-BR"),
)


@dataclass(frozen=True)
class Niche:
    """What an account is about."""

    name: str
    share: float
    spellings: tuple[str, ...]
    """The category as tools write it: English first."""
    words: tuple[str, ...]
    """One noun per language."""
    hashtags: tuple[str, ...]


NICHES: Final = (
    Niche(
        "beauty",
        0.11,
        ("Beauty", "beauty", "Beauty & Care", "Beauté"),
        ("make-up", "maquillage", "Make-up", "maquillaje", "maquiagem"),
        ("beauty", "makeup", "skincare", "glow", "nailart", "haircare", "beautytips", "naturalbeauty"),
    ),
    Niche(
        "fashion",
        0.12,
        ("Fashion", "fashion", "Clothing & Outfits", "Mode"),
        ("outfit", "tenue", "Outfit", "conjunto", "look"),
        ("fashion", "ootd", "style", "streetwear", "vintage", "slowfashion", "sneakers", "outfitideas"),
    ),
    Niche(
        "fitness",
        0.09,
        ("Fitness", "fitness", "Health & Fitness", "Sport & fitness"),
        ("workout", "entraînement", "Training", "entrenamiento", "treino"),
        ("fitness", "workout", "training", "homegym", "running", "yoga", "mobility", "strength"),
    ),
    Niche(
        "food",
        0.10,
        ("Food", "food", "Food & Drinks", "Cuisine"),
        ("recipe", "recette", "Rezept", "receta", "receita"),
        ("food", "recipe", "foodie", "baking", "veggie", "streetfood", "mealprep", "dessert"),
    ),
    Niche(
        "travel",
        0.10,
        ("Travel", "travel", "Travel & Places", "Voyage"),
        ("trip", "voyage", "Reise", "viaje", "viagem"),
        ("travel", "wanderlust", "roadtrip", "hiking", "citybreak", "mountains", "beach", "vanlife"),
    ),
    Niche(
        "gaming",
        0.09,
        ("Gaming", "gaming", "Video Games", "Jeux vidéo"),
        ("game", "jeu", "Spiel", "juego", "jogo"),
        ("gaming", "gamer", "speedrun", "indiegame", "retrogaming", "letsplay", "pcgaming", "esports"),
    ),
    Niche(
        "technology",
        0.07,
        ("Technology", "tech", "Science & Technology", "Technologie"),
        ("setup", "matériel", "Technik", "equipo", "equipamento"),
        ("tech", "gadgets", "coding", "smarthome", "opensource", "photography", "reviews", "diy"),
    ),
    Niche(
        "music",
        0.08,
        ("Music", "music", "Music", "Musique"),
        ("song", "chanson", "Song", "canción", "música"),
        ("music", "livemusic", "guitar", "beats", "singing", "studio", "vinyl", "piano"),
    ),
    Niche(
        "comedy",
        0.07,
        ("Comedy", "comedy", "Humor & Fun", "Humour"),
        ("sketch", "sketch", "Sketch", "broma", "piada"),
        ("comedy", "funny", "sketch", "prank", "memes", "humor", "relatable", "standup"),
    ),
    Niche(
        "sports",
        0.06,
        ("Sports", "sports", "Sports", "Sport"),
        ("match", "match", "Spiel des Tages", "partido", "partida"),
        ("sports", "football", "basketball", "matchday", "cycling", "tennis", "climbing", "surf"),
    ),
    Niche(
        "parenting",
        0.05,
        ("Family", "family", "Parenting & Family", "Famille"),
        ("family day", "journée en famille", "Familientag", "día en familia", "dia em família"),
        ("family", "familylife", "homelife", "crafts", "familytime", "organisation", "garden", "books"),
    ),
    Niche(
        "education",
        0.04,
        ("Education", "education", "Education", "Éducation"),
        ("lesson", "leçon", "Lektion", "lección", "aula"),
        ("learning", "education", "history", "science", "languages", "studytips", "didyouknow", "maths"),
    ),
    Niche(
        "finance",
        0.04,
        ("Finance", "finance", "Business & Finance", "Finance"),
        ("budget", "budget", "Budget", "presupuesto", "orçamento"),
        ("finance", "budgeting", "savings", "economy", "business", "freelance", "startup", "careers"),
    ),
    Niche(
        "news",
        0.06,
        ("News", "news", "News & Media", "Actualités"),
        ("headline", "actualité", "Nachricht", "noticia", "notícia"),
        ("news", "breaking", "local", "weather", "culture", "update", "world", "citylife"),
    ),
)

GENERAL_HASHTAGS: Final = (
    "love",
    "daily",
    "inspiration",
    "weekend",
    "goodvibes",
    "behindthescenes",
    "new",
    "life",
)


@dataclass(frozen=True)
class Market:
    """A country, as tools write it, and the language most of its accounts post in."""

    share: float
    language: int
    spellings: tuple[str, ...]
    """The two-letter code first."""


MARKETS: Final = (
    Market(0.26, 0, ("US", "USA", "United States", "united states")),
    Market(0.19, 1, ("FR", "France", "FRANCE", "France")),
    Market(0.11, 0, ("GB", "UK", "United Kingdom", "UK")),
    Market(0.12, 2, ("DE", "Deutschland", "Germany", "Allemagne")),
    Market(0.10, 4, ("BR", "Brasil", "Brazil", "Brésil")),
    Market(0.08, 3, ("ES", "España", "Spain", "Espagne")),
    Market(0.05, 3, ("MX", "México", "Mexico", "Mexique")),
    Market(0.05, 0, ("CA", "Canada", "CAN", "Canada")),
    Market(0.04, 1, ("BE", "Belgium", "Belgique", "Belgien")),
)

CAPTIONS: Final = (
    (
        "New {word} today",
        "My favourite {word} this week",
        "Which {word} should come next?",
        "Behind the scenes of this {word}",
        "This {word} took longer than planned",
        'They said "just one more {word}"',
        "Save this {word} for later",
        "{word}, part 2",
    ),
    (
        "Nouveau contenu : {word}",
        "Idée de {word} pour la semaine",
        "Et vous, plutôt {word} ou pas ?",
        "Les coulisses : {word}",
        "On parle {word} aujourd'hui",
        "Dites-moi tout, {word} ou repos ?",
    ),
    (
        "Heute neu: {word}",
        "Mein Favorit der Woche: {word}",
        "Mehr davon? {word}",
        "Hinter den Kulissen: {word}",
        "Was meint ihr, {word} oder Pause?",
    ),
    (
        "Hoy toca {word}",
        "Lo mejor de la semana: {word}",
        "¿Más {word}?",
        "Detrás de cámaras: {word}",
        "Guarda esto: {word}",
    ),
    (
        "Hoje tem {word}",
        "O melhor da semana: {word}",
        "Mais {word}?",
        "Bastidores: {word}",
        "Salva para depois: {word}",
    ),
)
"""Captions per language; ``{word}`` is the noun of the account's niche."""

BIOS: Final = (
    (
        "All about {word}",
        "{word} every week",
        "A little {word}, a little coffee",
        "{word} & more",
        "Here for the {word}",
    ),
    ("Ici on parle {word}", "{word} chaque semaine", "Un peu de {word}, beaucoup de café", "{word} et plus"),
    ("Alles über {word}", "{word} jede Woche", "{word} und mehr"),
    ("Todo sobre {word}", "{word} cada semana", "{word} y más"),
    ("Tudo sobre {word}", "{word} toda semana", "{word} e mais"),
)

MARKUP_BIOS: Final = (
    '<b>{word}</b> & "more"',
    "<script>document.title='{word}'</script>",
    "=1+1; {word}",
    "line one\nline two, {word}",
)
"""Bios that a page or a spreadsheet could take for something else than text."""

EMOJI: Final = ("✨", "🔥", "😂", "📸", "💪", "🌍", "🎶", "❤️", "🍓", "👀")

AD_HASHTAGS: Final = (("ad", "ad", "sponsored"), ("pub",), ("ad",), ("ad",), ("ad",))
"""Disclosures of a sponsored post, per language."""

HANDLE_WORDS: Final = (
    "amber", "apple", "arrow", "atlas", "basil", "birch", "bloom", "brook", "cedar", "clover", "cobalt",
    "comet", "coral", "crane", "delta", "drift", "ember", "fable", "fern", "flint", "frost", "gable",
    "glade", "grove", "harbor", "hazel", "indigo", "island", "jade", "juniper", "kite", "lagoon",
    "lantern", "lemon", "linen", "lotus", "maple", "marble", "meadow", "mint", "mosaic", "nectar",
    "oasis", "olive", "onyx", "orbit", "pebble", "pepper", "pine", "pixel", "prism", "quartz", "rain",
    "ripple", "river", "saffron", "sage", "spruce", "summit", "tide", "topaz", "velvet", "willow",
    "zephyr",
)  # fmt: skip
