"""Exports of shapes that no shipped mapping knows, made by rule. Nobody in them exists."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

Rows = list[list[str]]

SYLLABLES = ("ba", "ko", "mi", "ra", "zu", "te", "lo", "vi", "na", "pe")


def handle(number: int) -> str:
    """A made-up handle, another one for every number."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number * 7919 % 100000:05d}") + ("_x" if number % 3 else ".tv")


def name(number: int) -> str:
    """A made-up name to show."""
    digits = f"{number * 7919 % 100000:05d}"
    first, last = ("".join(SYLLABLES[int(digit)] for digit in part) for part in (digits[:2], digits[2:]))
    return f"{first.title()} {last.title()}"


def size(number: int) -> int:
    """A number of followers between 900 and some millions."""
    return 900 + (number * 48271 % 9973) ** 2 // 7


def written(headers: Sequence[str], rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The export as the bytes of a file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([list(headers), *rows])
    return text.getvalue().encode(encoding)


def rows_of(make: Callable[[int], list[str]], count: int = 60) -> Rows:
    """Rows 1 … ``count``."""
    return [make(number) for number in range(1, count + 1)]


def german() -> bytes:
    """Semicolons, decimal commas, points between thousands, dates with the day first."""
    headers = ["Nr.", "Benutzername", "Anzeigename", "Plattform", "Abonnenten", "Beiträge", "Ø Gefällt-mir-Angaben",
               "Durchschnittliche Kommentare", "Interaktionsrate (%)", "Land", "Kategorie", "Verifiziert", "Stand"]  # fmt: skip

    def row(n: int) -> list[str]:
        followers = f"{size(n):,}".replace(",", ".")
        return [str(n), handle(n), name(n), "Instagram", followers, str(20 + n), f"{size(n) // 30},5", f"{n % 40},25",
                f"{n % 7},{n % 10}5", ["Deutschland", "Österreich", "Schweiz"][n % 3], ["Mode", "Reisen", "Sport", "Essen"][n % 4],
                ["ja", "nein"][n % 2], f"{1 + n % 28:02d}.03.2026"]  # fmt: skip

    return written(headers, rows_of(row), delimiter=";")


GERMAN = {
    "Benutzername": "handle", "Anzeigename": "display_name", "Plattform": "platform", "Abonnenten": "followers",
    "Beiträge": "posts", "Ø Gefällt-mir-Angaben": "avg_likes", "Durchschnittliche Kommentare": "avg_comments",
    "Interaktionsrate (%)": "engagement_rate", "Land": "country", "Kategorie": "category", "Verifiziert": "is_verified",
    "Stand": "observed_at",
}  # fmt: skip


def french() -> bytes:
    """Thousands as ``12,3 k``, rates with a percent sign, spellings of "nothing" of its own, in cp1252."""
    headers = ["Pseudo", "Nom complet", "Biographie", "Nombre d'abonnés", "Abonnements", "Publications", "Moyenne de vues",
               "Taux d'engagement", "Pays", "Lien du profil", "Sexe", "Thématique", "Créé le"]  # fmt: skip

    def row(n: int) -> list[str]:
        count = "n.c." if n % 11 == 0 else f"{size(n) // 1000},{n % 10} k"
        return [f"@{handle(n)}", name(n), f"J'aime la montagne, le café et les voyages en train, épisode {n}. Contact par message.",
                count, str(n * 3), str(n * 5), f"{size(n) // 12},0", f"{n % 8},{n % 10} %", ["France", "Belgique", "Suisse", "Canada"][n % 4],
                f"https://www.instagram.com/{handle(n)}/", ["femme", "homme"][n % 2], ["Mode", "Cuisine", "Voyage"][n % 3],
                f"{1 + n % 28:02d}/{1 + n % 12:02d}/2019"]  # fmt: skip

    return written(headers, rows_of(row), encoding="cp1252")


FRENCH = {
    "Pseudo": "handle", "Nom complet": "display_name", "Biographie": "bio", "Nombre d'abonnés": "followers",
    "Abonnements": "following", "Publications": "posts", "Moyenne de vues": "avg_views", "Taux d'engagement": "engagement_rate",
    "Pays": "country", "Lien du profil": "profile_url", "Thématique": "category", "Créé le": "account_created_at",
}  # fmt: skip


def korean() -> bytes:
    """Ten thousands as 만, dates with points, year first."""
    headers = ["순위", "채널명", "계정", "구독자 수", "총 조회수", "평균 조회수", "국가", "분야", "성별", "프로필 링크"]

    def row(n: int) -> list[str]:
        return [str(n), f"{name(n)} 채널", handle(n), f"{size(n) / 10000:.1f}만", f"{size(n) // 50}만", str(size(n) // 9),
                ["대한민국", "미국", "일본"][n % 3], ["뷰티", "게임", "먹방", "여행"][n % 4], ["여성", "남성"][n % 2],
                f"https://www.youtube.com/@{handle(n)}"]  # fmt: skip

    return written(headers, rows_of(row))


KOREAN = {
    "채널명": "display_name", "계정": "handle", "구독자 수": "followers", "총 조회수": "total_views", "평균 조회수": "avg_views",
    "국가": "country", "분야": "category", "프로필 링크": "profile_url",
}  # fmt: skip


def chinese() -> bytes:
    """Ten thousands as 万, in UTF-16 as a spreadsheet saves it, cells parted by tabs."""
    headers = [
        "抖音号",
        "昵称",
        "粉丝数",
        "关注数",
        "作品数",
        "获赞总数",
        "平均播放量",
        "平均点赞",
        "平均评论",
        "地区",
        "简介",
        "更新时间",
    ]

    def row(n: int) -> list[str]:
        return [handle(n), f"{name(n)}的日常", f"{size(n) / 10000:.1f}万", str(n), str(n * 2), f"{size(n) / 800:.1f}万",
                f"{size(n) / 40000:.2f}万", str(size(n) // 90), str(size(n) // 2000), ["中国", "台湾", "马来西亚"][n % 3],
                "喜欢旅行和美食,每周更新三次,合作请私信。" * 2, f"2026-02-{1 + n % 28:02d} 08:00:00"]  # fmt: skip

    return written(headers, rows_of(row), delimiter="\t", encoding="utf-16")


CHINESE = {
    "抖音号": "handle", "昵称": "display_name", "粉丝数": "followers", "关注数": "following", "作品数": "posts", "获赞总数": "total_likes",
    "平均播放量": "avg_views", "平均点赞": "avg_likes", "平均评论": "avg_comments", "地区": "country", "简介": "bio", "更新时间": "observed_at",
}  # fmt: skip


def vendor() -> bytes:
    """Forty columns as tools for campaigns export them, most of them of no column of landing."""
    cells: dict[str, Callable[[int], str]] = {
        "Influencer ID": lambda n: str(880000 + n * 37),
        "Profile Handle": handle,
        "Full Name": name,
        "Social Network": lambda n: "tiktok",
        "Profile URL": lambda n: f"https://www.tiktok.com/@{handle(n)}",
        "Bio": lambda n: (
            f"Daily clips about bread and bicycles, new ones every second evening, number {n} so far. Be kind."
        ),
        "Followers": lambda n: f"{size(n):,}",
        "Followers Growth 30d (%)": lambda n: f"{n % 9}.{n % 7}",
        "Following": lambda n: str(n * 4),
        "Media Count": lambda n: str(n * 6),
        "Engagement Rate (%)": lambda n: f"{n % 9 + 0.35:.2f}",
        "Avg. Likes per Post": lambda n: f"{size(n) // 25:,}",
        "Avg. Comments per Post": lambda n: str(size(n) // 1500),
        "Average Video Views": lambda n: f"{size(n) // 4:,}",
        "Avg Shares": lambda n: str(size(n) // 3000),
        "Total Likes": lambda n: f"{size(n) * 12:,}",
        "Country": lambda n: ["BR", "MX", "US", "GB", "IN"][n % 5],
        "City": lambda n: ["Recife", "Puebla", "Austin", "Leeds", "Pune"][n % 5],
        "Language": lambda n: ["pt", "es", "en", "en", "hi"][n % 5],
        "Niche": lambda n: ["Food", "Travel", "Sports", "Beauty"][n % 4],
        "Secondary Niche": lambda n: ["Music", "Comedy", "Pets"][n % 3],
        "Is Verified": lambda n: ["TRUE", "FALSE"][n % 2],
        "Business Account": lambda n: ["FALSE", "TRUE"][n % 2],
        "Contact Email": lambda n: f"{handle(n).replace('.', '')}@example.org",
        "Phone": lambda n: f"+44 20 7946 {n:04d}",
        "Gender": lambda n: ["F", "M"][n % 2],
        "Age Group": lambda n: ["18-24", "25-34"][n % 2],
        "Ethnicity": lambda n: ["A", "B"][n % 2],
        "Audience Female %": lambda n: f"{40 + n % 20}",
        "Audience Top Country": lambda n: ["Brazil", "Mexico", "United States", "United Kingdom", "India"][n % 5],
        "Audience Credibility": lambda n: f"0.{60 + n % 40}",
        "Estimated Price per Post (USD)": lambda n: str(50 + n * 5),
        "CPM": lambda n: f"{n % 12}.40",
        "EMV": lambda n: str(size(n) // 8),
        "Last Post Date": lambda n: f"2026-01-{1 + n % 28:02d}",
        "Sponsored Posts (90d)": lambda n: str(n % 6),
        "Quality Score": lambda n: str(40 + n % 60),
        "Notes": lambda n: "" if n % 3 else "call back",
        "Added By": lambda n: "team",
        "Last Updated": lambda n: f"2026-02-{1 + n % 28:02d}T09:30:00Z",
    }
    return written(list(cells), rows_of(lambda n: [make(n) for make in cells.values()]))


VENDOR = {
    "Influencer ID": "account_id", "Profile Handle": "handle", "Full Name": "display_name", "Social Network": "platform",
    "Profile URL": "profile_url", "Bio": "bio", "Followers": "followers", "Following": "following", "Media Count": "posts",
    "Engagement Rate (%)": "engagement_rate", "Avg. Likes per Post": "avg_likes", "Avg. Comments per Post": "avg_comments",
    "Average Video Views": "avg_views", "Avg Shares": "avg_shares", "Total Likes": "total_likes", "Country": "country",
    "Language": "language", "Niche": "category", "Is Verified": "is_verified", "Business Account": "is_business",
    "Audience Top Country": "audience_country", "Last Updated": "observed_at",
}  # fmt: skip


def spanish_posts() -> bytes:
    """A list of posts, several of each account, dates with the day first."""
    headers = [
        "Enlace de la publicación",
        "Usuario",
        "Fecha de publicación",
        "Texto",
        "Me gusta",
        "Comentarios",
        "Reproducciones",
        "Tipo",
    ]

    def row(n: int) -> list[str]:
        return [f"https://www.instagram.com/p/{handle(n).replace('.', '')}{n:03d}/", handle(n % 6), f"{1 + n % 28:02d}/{1 + n % 12:02d}/2025",
                f"Hoy cocinamos algo con mucho limón y poca sal, parte {n} #cocina #limon", str(size(n) // 20), str(size(n) // 900),
                str(size(n)), ["reel", "foto"][n % 2]]  # fmt: skip

    return written(headers, rows_of(row))


SPANISH_POSTS = {
    "Enlace de la publicación": "url", "Usuario": "handle", "Fecha de publicación": "posted_at", "Texto": "caption", "Me gusta": "likes",
    "Comentarios": "comments", "Reproducciones": "views", "Tipo": "media_type",
}  # fmt: skip


def portuguese() -> bytes:
    """Brazilian headers over Mil and Mi, camelCase and line breaks within headers."""
    headers = [
        "nomeDeUsuario",
        "Nome\ncompleto",
        "Seguidores",
        "Média de\r\ncurtidas",
        "médiaDeVisualizações",
        "País",
        "Categoria",
    ]

    def row(n: int) -> list[str]:
        return [handle(n), name(n), f"{size(n) / 1e6:.1f} mi".replace(".", ","), f"{size(n) // 30}", f"{size(n) // 6}",
                ["Brasil", "Portugal", "Angola"][n % 3], ["Moda", "Humor", "Futebol"][n % 3]]  # fmt: skip

    return written(headers, rows_of(row))


PORTUGUESE = {
    "nomeDeUsuario": "handle", "Nome completo": "display_name", "Seguidores": "followers", "Média de curtidas": "avg_likes",
    "médiaDeVisualizações": "avg_views", "País": "country", "Categoria": "category",
}  # fmt: skip


def scraped() -> bytes:
    """Names in camelCase, as programs write them."""
    headers = ["fullName", "username", "followersCount", "followsCount", "postsCount", "biography", "externalUrl", "verified",
               "isBusinessAccount", "private", "id", "businessCategoryName", "url"]  # fmt: skip

    def row(n: int) -> list[str]:
        return [name(n), handle(n), str(size(n)), str(n * 3), str(n * 7), f"Photos of clouds, {n} so far", f"https://example.org/{n}",
                ["true", "false"][n % 2], ["false", "true"][n % 2], "false", str(4_000_000_000 + n * 77_777), ["Artist", "Brand"][n % 2],
                f"https://www.instagram.com/{handle(n)}/"]  # fmt: skip

    return written(headers, rows_of(row))


SCRAPED = {
    "fullName": "display_name", "username": "handle", "followersCount": "followers", "followsCount": "following", "postsCount": "posts",
    "biography": "bio", "verified": "is_verified", "isBusinessAccount": "is_business", "id": "account_id",
    "businessCategoryName": "category", "url": "profile_url",
}  # fmt: skip


def tweets() -> bytes:
    """Short texts with ids of nineteen digits, the account's followers beside each."""
    headers = ["id_str", "created_at", "user_screen_name", "full_text", "favorite_count", "retweet_count", "reply_count", "view_count",
               "lang", "user_followers_count"]  # fmt: skip

    def row(n: int) -> list[str]:
        return [str(1_500_000_000_000_000_000 + n * 999_999_937), f"2025-11-{1 + n % 28:02d}T10:00:00Z", handle(n % 9),
                f"this is the text number {n} with some words in it and a #tag", str(n * 5), str(n), str(n // 2), str(n * 500), "en",
                str(size(n % 9 + 1))]  # fmt: skip

    return written(headers, rows_of(row))


TWEETS = {
    "id_str": "post_id", "created_at": "posted_at", "user_screen_name": "handle", "full_text": "caption", "favorite_count": "likes",
    "retweet_count": "shares", "reply_count": "comments", "view_count": "views", "lang": "language", "user_followers_count": "followers",
}  # fmt: skip


def misspelt() -> bytes:
    """Headers typed by hand: slips, line breaks, blanks, one of them empty."""
    headers = [
        "  #  ",
        "Influencer\nName",
        "IG Handle ",
        "Folowers",
        "Engagment Rate",
        "Countery",
        "Catagory",
        "",
        "Price (€)",
    ]

    def row(n: int) -> list[str]:
        return [f"{n}.00", name(n), handle(n), f"{size(n):,}", f"{n % 9}.{n % 10}%", ["Spain", "Italy", "N/A"][n % 3],
                ["Food", "Art"][n % 2], "", str(n * 10)]  # fmt: skip

    return written(headers, rows_of(row))


MISSPELT = {
    "Influencer Name": "display_name", "IG Handle": "handle", "Folowers": "followers", "Engagment Rate": "engagement_rate",
    "Countery": "country", "Catagory": "category",
}  # fmt: skip

EXPORTS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "instagram_liste.csv": (german, GERMAN),
    "influenceurs.csv": (french, FRENCH),
    "youtube_korea.csv": (korean, KOREAN),
    "douyin.txt": (chinese, CHINESE),
    "campaign.csv": (vendor, VENDOR),
    "publicaciones.csv": (spanish_posts, SPANISH_POSTS),
    "instagram_brasil.csv": (portuguese, PORTUGUESE),
    "scraped.csv": (scraped, SCRAPED),
    "tweets.csv": (tweets, TWEETS),
    "typed by hand.csv": (misspelt, MISSPELT),
}
"""File name → the export, and what its columns are; every other column is of no column of landing."""
