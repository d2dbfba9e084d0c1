"""The same page in the other language: the switch keeps the place, the canonical link names the page."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from reforms.templatetags.languages import (
    PageLanguage,
    full_address,
    language_tag,
    page_languages,
    unprefixed_address,
)


def languages(path: str, **context: str) -> tuple[PageLanguage, PageLanguage]:
    """Return the Chinese and the English page of an address, read in English."""
    with override("en"):
        chinese, english = page_languages({"request": RequestFactory().get(path), **context})
    return chinese, english


def test_the_switch_leads_to_the_same_address_with_its_query() -> None:
    chinese, english = languages("/en/measures/?city=beijing&city=shanghai&q=%E5%AE%A1%E6%89%B9")
    assert chinese.address == "/zh-hans/measures/?city=beijing&city=shanghai&q=%E5%AE%A1%E6%89%B9"
    assert english.address == "/en/measures/?city=beijing&city=shanghai&q=%E5%AE%A1%E6%89%B9"
    assert (chinese.is_current, english.is_current) == (False, True)
    assert (chinese.tag, english.tag) == ("zh-Hans", "en")
    assert (chinese.name, english.name) == ("简体中文", "English")


def test_the_canonical_address_has_only_the_query_that_names_the_page() -> None:
    chinese, english = languages("/en/measures/?utm=1&page=2", canonical_query="page=2")
    assert english.canonical == "http://testserver/en/measures/?page=2"
    assert chinese.canonical == "http://testserver/zh-hans/measures/?page=2"
    assert languages("/en/measures/a/6/?q=x")[1].canonical == "http://testserver/en/measures/a/6/"


@pytest.mark.parametrize(
    "path",
    [
        "/en/measures/?q=%ED%A0%80",
        "/en/a%20b%22%3Cscript%3E/?x=%22%3E",
        "/en/%E4%B8%AD%E6%96%87/",
    ],
)
def test_odd_addresses_are_kept_and_stay_encoded(path: str) -> None:
    chinese, english = languages(path)
    assert english.address == path
    assert chinese.address == path.replace("/en/", "/zh-hans/", 1)


def test_an_address_that_is_no_text_still_gives_addresses() -> None:
    # Django reads the path's broken bytes as a text of percent signs.
    chinese, english = languages("/en/%ED%A0%80/")
    assert english.address == "/en/%25ED%25A0%2580/"
    assert chinese.canonical == "http://testserver/zh-hans/%25ED%25A0%2580/"


@pytest.mark.parametrize("path", ["/", "/nothing/", "/english/", "/enough", "/fr/measures/"])
def test_an_address_outside_any_language_leads_to_the_start_pages(path: str) -> None:
    assert [language.address for language in languages(path)] == ["/zh-hans/", "/en/"]
    assert unprefixed_address({"request": RequestFactory().get(path)}) == ""


def test_the_address_without_a_language_is_offered_for_others() -> None:
    request = RequestFactory().get("/en/measures/?q=x")
    assert unprefixed_address({"request": request}) == "http://testserver/measures/"


def test_paper_carries_the_whole_address() -> None:
    request = RequestFactory().get("/en/measures/?q=x")
    assert full_address({"request": request}) == "http://testserver/en/measures/?q=x"


def test_a_host_that_is_not_ours_is_not_repeated() -> None:
    request = RequestFactory().get("/en/measures/", headers={"host": "evil.example"})
    assert full_address({"request": request}) == "/en/measures/"
    with override("en"):
        assert [language.canonical for language in page_languages({"request": request})] == [
            "/zh-hans/measures/",
            "/en/measures/",
        ]


def test_without_a_request_there_are_no_links() -> None:
    assert page_languages({}) == []
    assert unprefixed_address({}) == full_address({}) == ""


def test_language_codes_are_written_as_html_has_them() -> None:
    assert [language_tag(code) for code in ("zh-hans", "en")] == ["zh-Hans", "en"]
