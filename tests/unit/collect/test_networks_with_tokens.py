"""YouTube, Instagram, X and TikTok, from servers that are held against what the vendors publish."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.networks.collected import collected, landed
from tests.networks.instagram import InstagramServer, Professional
from tests.networks.server import Answer, Fault
from tests.networks.tiktok import Creator, TikTokServer
from tests.networks.tokens import CREATORS, TOKENS
from tests.networks.x import User, XServer
from tests.networks.youtube import Channel, YouTubeServer

from tribu.collect.collecting import open_network, read_handles, read_tokens
from tribu.errors import CollectError


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, token in TOKENS.items():
        monkeypatch.setenv(variable, token)


def test_youtube_goes_from_channels_to_uploads_to_videos(tmp_path: Path) -> None:
    channels = [Channel(1, "soupe", videos=120), Channel(2, "pain", hidden=True), Channel(3, "vide", videos=0)]
    with YouTubeServer(channels) as server:
        asked = ["@Soupe", channels[1].id, channels[2].id, "nobody"]
        result = collected(tmp_path, server, asked, platform="youtube", posts=110)

    assert server.violations == []
    assert result.outcomes == {"collected": 3, "unknown": 1}
    assert (result.posts, result.shortfalls) == (110 + 3, [])
    # Ids together, two handles alone, three pages of uploads and videos for 110, one for 3.
    assert result.run.requests == 1 + 2 + 2 * 3 + 2
    accounts = {row["handle"]: row for row in landed(tmp_path, "accounts").to_pylist()}
    # Hidden is not nobody.
    assert [accounts[name]["followers"] for name in ("soupe", "pain")] == ["1000", None]
    post = landed(tmp_path, "posts").to_pylist()[0]
    assert (post["duration"], post["views"], post["is_sponsored"]) == ("PT4M13S", "1000", "true")
    assert post["caption"] == "Soupe 0\n\n#soupe du jour"


def test_youtubes_quota_stops_the_run_at_the_first_refusal(tmp_path: Path) -> None:
    channels = [Channel(number, f"channel{number}") for number in range(1, 21)]
    with YouTubeServer(channels, quota=31) as server:
        first = collected(tmp_path, server, [one.handle for one in channels], platform="youtube")
        # A channel by its handle takes three units; the profiles of a slice come before their videos.
        assert (first.run.status, first.accounts, len(server.log)) == ("incomplete", 5, 32)
        assert "the quota of the day is used up" in str(first.run.reason)
        server.quota = 10_000
        second = collected(tmp_path, server, [], platform="youtube", resume=True)

    assert (second.run.status, second.accounts) == ("complete", 15)
    handles = landed(tmp_path, "accounts").column("handle").to_pylist()
    assert sorted(handles) == sorted(one.handle for one in channels)


def test_instagram_puts_its_cursor_into_the_fields(tmp_path: Path) -> None:
    with InstagramServer([Professional(1, "ana.b", media=120), Professional(2, "bo", hides_likes=True)]) as server:
        asked = ["@Ana.B", "bo", "private.person", "x){id}"]
        result = collected(tmp_path, server, asked, platform="instagram")

    assert server.violations == []
    assert result.outcomes == {"collected": 2, "unknown": 2}
    assert (result.posts, result.shortfalls) == (123, [])
    # Three profiles that can be asked for, three pages and one.
    assert result.run.requests == 3 + 3 + 1
    posts = landed(tmp_path, "posts").to_pylist()
    assert len({row["post_id"] for row in posts}) == 123
    assert {row["account_id"] for row in posts} == {"17841400000000001", "17841400000000002"}
    assert {row["likes"] for row in posts if row["handle"] == "bo"} == {None}
    assert {row["media_type"] for row in posts} == {"CAROUSEL_ALBUM", "reel"}


@pytest.mark.parametrize(("code", "said"), [(4, "used up; there are more in 25 min"), (190, "has expired")])
def test_what_meta_says_with_one_status_is_told_apart_by_its_code(code: int, said: str, tmp_path: Path) -> None:
    usage = '{"17841400000000000": [{"type": "instagram", "estimated_time_to_regain_access": 25}]}'
    with InstagramServer([Professional(number, f"person{number}") for number in range(4)]) as server:
        refused = server.error(
            code, "(#4) Application request limit reached", headers={"X-Business-Use-Case-Usage": usage}
        )
        server.faults.append(Fault("person2", answer=refused))
        result = collected(tmp_path, server, [f"person{number}" for number in range(4)], platform="instagram")

    assert (result.run.status, result.accounts, result.run.missing) == ("incomplete", 2, 2)
    assert said in str(result.run.reason)


@pytest.mark.parametrize("old", [False, True])
def test_x_is_read_under_the_old_and_the_new_names_of_its_metrics(old: bool, tmp_path: Path) -> None:
    users = [
        User(1, "Soupe", posts=130, reposts=25, old=old),
        User(2, "shut", protected=True, old=old),
        User(3, "gone", suspended=True, old=old),
    ]
    with XServer(users) as server:
        result = collected(tmp_path, server, ["soupe", "@shut", "gone", "nobody", "not a name"], platform="x")

    assert server.violations == []
    assert result.outcomes == {"collected": 1, "private": 1, "suspended": 1, "unknown": 2}
    # One request for all profiles, two pages; of 155 posts 25 are somebody else's.
    assert (result.run.requests, result.posts, server.records, result.shortfalls) == (3, 130, 155, [])
    accounts = {row["handle"]: row for row in landed(tmp_path, "accounts").to_pylist()}
    assert (accounts["Soupe"]["posts"], accounts["shut"]["followers"]) == ("155", "700")
    post = landed(tmp_path, "posts").to_pylist()[0]
    assert (post["shares"], post["views"], post["is_sponsored"]) == ("3", "900", "true")


def test_x_tells_a_renamed_account_by_its_id(tmp_path: Path) -> None:
    with XServer([User(1, "soupe")]) as server:
        collected(tmp_path, server, ["soupe"], platform="x")
        server.users[0].username = "potage"
        assert collected(tmp_path, server, ["soupe"], platform="x").outcomes == {"renamed": 1}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer({"title": "Unauthorized", "status": 401}, 401), "TRIBU_X_TOKEN is refused"),
        (Answer({"title": "CreditsDepleted", "detail": "no credits"}, 402), "credits of the app"),
        (Answer({"title": "Client Forbidden", "reason": "client-not-enrolled"}, 403), "may not use this interface"),
    ],
)
def test_a_token_that_ends_in_the_middle_stops_the_run(answer: Answer, said: str, tmp_path: Path) -> None:
    with XServer([User(number, f"user{number}") for number in range(1, 6)]) as server:
        server.faults.append(Fault("/tweets", after=2, times=99, answer=answer))
        result = collected(tmp_path, server, [f"user{number}" for number in range(1, 6)], platform="x")

    assert (result.run.status, result.accounts, result.run.missing) == ("incomplete", 2, 3)
    assert said in str(result.run.reason)
    assert len(server.log) == 1 + 3


def test_tiktok_uses_the_token_of_each_creator(tmp_path: Path) -> None:
    creators = [Creator("ana", CREATORS["ana"], videos=45), Creator("bo.x", CREATORS["bo.x"])]
    with TikTokServer(creators) as server:
        result = collected(tmp_path, server, ["@Ana", "bo.x"], platform="tiktok")

    assert server.violations == []
    assert (result.outcomes, result.posts, result.run.requests) == ({"collected": 2}, 48, 2 + 3 + 1)
    post = landed(tmp_path, "posts").to_pylist()[0]
    assert (post["account_id"], post["posted_at"], post["likes"]) == ("open-ana", "1760000000", "8")


def test_an_expired_consent_costs_one_creator(tmp_path: Path) -> None:
    with TikTokServer([Creator("bo.x", CREATORS["bo.x"])]) as server:
        result = collected(tmp_path, server, ["ana", "bo.x"], platform="tiktok")

    assert result.accounts == 1
    assert "access_token_invalid" in result.failures["ana"] or "401" in result.failures["ana"]


@pytest.mark.parametrize(
    ("platform", "variable"),
    [
        ("youtube", "TRIBU_YOUTUBE_KEY"),
        ("instagram", "TRIBU_INSTAGRAM_USER_ID"),
        ("x", "TRIBU_X_TOKEN"),
        ("tiktok", "TRIBU_TIKTOK_TOKEN_ANA"),
    ],
)
def test_a_token_that_is_missing_is_asked_for_by_its_variable(
    platform: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = open_network(platform, None)
    for value in (None, "two\nlines"):
        monkeypatch.delenv(variable) if value is None else monkeypatch.setenv(variable, value)
        with pytest.raises(CollectError, match=variable):
            read_tokens(network, read_handles(network, ["ana"]))


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_no_token_is_ever_printed_or_written(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUNTIME__LOG_LEVEL", "DEBUG")
    runs = [
        ("youtube", YouTubeServer([Channel(1, "ana")]), "TRIBU_YOUTUBE_KEY"),
        ("instagram", InstagramServer([Professional(1, "ana")]), "TRIBU_INSTAGRAM_TOKEN"),
        ("x", XServer([User(1, "ana")]), "TRIBU_X_TOKEN"),
        ("tiktok", TikTokServer([Creator("ana", CREATORS["ana"])]), "TRIBU_TIKTOK_TOKEN_ANA"),
    ]
    said = []
    for platform, server, _ in runs:
        with server:
            # The vendor repeats the token in what it says: the one thing that nobody else can prevent.
            server.faults.append(Fault("", after=1, times=99, answer=Answer({"error": {"message": "no"}}, status)))
            result = collected(tmp_path, server, ["ana"], platform=platform)
            said.append(repr(result))
            assert not [asked for asked in server.log if "marked" in str(asked.query) + asked.path]
            assert all("marked" in str(asked.headers) for asked in server.log)
    out, err = capfd.readouterr()
    assert "marked" not in "".join([*said, out, err])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"marked" in path.read_bytes()]
