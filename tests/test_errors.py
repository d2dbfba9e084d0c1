"""Pages for what went wrong: right status, right language, and no second failure on the way."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override
from pytest_django import Settings

from reforms.models import Measure, Source
from reforms.views import permission_denied, server_error
from reforms.views.errors import gone
from tests.reading import read
from tests.world import SOURCE, build_world

NOT_FOUND = {"zh-hans": "没有这个地址", "en": "There is no such address"}
UNREADABLE = {"zh-hans": "无法读取这个请求", "en": "This request cannot be read"}


def heading(response: Any) -> str:
    return " ".join(read(response.content.decode()).of("h1")[0].words.split())


def language(response: Any) -> str:
    return read(response.content.decode()).of("html")[0].attributes["lang"]


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.django_db
def test_an_unknown_address_is_told_in_the_language_of_the_address(
    client: Client, code: str
) -> None:
    # The browser prefers the other language; the address decides.
    other = {"zh-hans": "en", "en": "zh-CN"}[code]
    for path in ("nothing/", "measures/none/6/", "sources/none/", "measures/a/b/c/d/"):
        response = client.get(f"/{code}/{path}", headers={"accept-language": other})
        assert response.status_code == 404
        assert heading(response) == NOT_FOUND[code]
        assert language(response).lower() == code


@pytest.mark.parametrize(
    ("preferred", "code"),
    [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")],
)
def test_an_unknown_address_without_a_language_is_told_in_the_readers(
    client: Client, preferred: str, code: str
) -> None:
    response = client.get("/nothing/here", headers={"accept-language": preferred})
    assert response.status_code == 404
    assert heading(response) == NOT_FOUND[code]
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_an_error_page_keeps_the_place_in_the_other_language(client: Client, code: str) -> None:
    other = {"zh-hans": "en", "en": "zh-hans"}[code]
    page = read(client.get(f"/{code}/nothing/?q=a%20b").content.decode())
    assert (f"/{other}/nothing/?q=a%20b", "") in page.links("/")
    assert not [link for link in page.of("link") if link.attributes["rel"] == "canonical"]
    assert ("robots", "noindex") in {
        (meta.attributes.get("name"), meta.attributes.get("content")) for meta in page.of("meta")
    }


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_an_unreadable_request_has_a_page(client: Client, code: str) -> None:
    for path in ("measures/?q=%00", "%00/", "sources/?a%00=1"):
        response = client.get(f"/{code}/{path}")
        assert response.status_code == 400
        assert heading(response) == UNREADABLE[code]


def test_a_host_that_is_not_ours_gets_a_page_and_is_not_repeated(client: Client) -> None:
    response = client.get("/en/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert heading(response) == UNREADABLE["en"]
    assert "evil.example" not in response.content.decode()


def test_what_is_not_allowed_has_a_page() -> None:
    for code, words in (("en", "This is not allowed"), ("zh-hans", "不允许这样做")):
        response = permission_denied(RequestFactory().get(f"/{code}/"))
        assert response.status_code == 403
        assert heading(response) == words


@pytest.mark.parametrize("code", ["zh-hans", "en"])
def test_a_form_from_elsewhere_gets_a_page_of_the_site(code: str) -> None:
    response = Client(enforce_csrf_checks=True).post(f"/{code}/sources/")
    assert response.status_code == 403
    assert (
        heading(response)
        == {"zh-hans": "无法接受这份表单", "en": "The form cannot be accepted"}[code]
    )
    assert "<style" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "reason", "heading_words"),
    [
        ("en", "Listed twice.", "This measure was withdrawn"),
        ("zh-hans", "重复登记。", "这条举措已撤回"),
    ],
)
def test_a_withdrawn_measure_says_when_and_why(code: str, reason: str, heading_words: str) -> None:
    build_world()
    measure = Measure.objects.select_related("source").get(key="2")
    measure.withdrawn_at = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    measure.withdrawn_reason_zh, measure.withdrawn_reason_en = "重复登记。", "Listed twice."
    with override(code):
        response = gone(RequestFactory().get(f"/{code}/measures/{SOURCE}/2/"), measure)
    words = read(response.content.decode()).words
    assert response.status_code == 410
    assert heading(response) == heading_words
    assert reason in words
    assert "2026-03-05" in words
    assert "实行接电工程双经理负责制" in words


@pytest.mark.django_db
def test_a_measure_of_a_withdrawn_source_tells_the_sources_reason(client: Client) -> None:
    build_world()
    Source.objects.update(
        withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC),
        withdrawn_reason_zh="换了更好的转录本。",
        withdrawn_reason_en="Replaced by a better transcription.",
    )
    response = client.get(f"/en/measures/{SOURCE}/1/")
    assert response.status_code == 410
    assert "Replaced by a better transcription." in read(response.content.decode()).words


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.django_db
def test_a_failure_of_ours_has_a_page_that_tells_nothing_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("reforms.views.sources.count_sources", fail)
    client.raise_request_exception = False
    response = client.get(f"/{code}/sources/")
    assert response.status_code == 500
    assert heading(response) == {"zh-hans": "本站出了问题", "en": "Something went wrong here"}[code]
    assert "secret detail" not in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_the_page_of_a_failure_needs_no_database_and_no_list_of_static_files(
    settings: Settings, tmp_path: Any
) -> None:
    # Without the django_db mark any query would fail this test.
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = ["no.such.processor"]
    response = server_error(RequestFactory().get("/en/"))
    page = read(response.content.decode())
    assert response.status_code == 500
    assert next(link.attributes["href"] for link in page.of("link")) == "/static/css/tokens.css"
