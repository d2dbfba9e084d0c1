"""Citations say what the source prints, and a hole says what it does not."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from reforms.citations import Citation, cite_measure, cite_practice, cite_source
from reforms.models import Measure, Practice, Source
from tests.world import SOURCE, build_world, get_measure

ADDRESS = "https://catalog.example.org/en/measures/sample-notice/1/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world() -> None:
    build_world()


def texts(citations: tuple[Citation, ...]) -> list[str]:
    return [citation.text for citation in citations]


def measure_one() -> Measure:
    """Return measure 1 as changed at a moment that is the next day in the site's time zone."""
    moment = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    Measure.objects.filter(key="1").update(changed_at=moment, version=3)
    return get_measure("1")


def test_what_the_source_does_not_print_is_a_hole_in_english() -> None:
    with override("en"):
        for text in texts(cite_measure(measure_one(), ADDRESS)):
            assert "[issuer not stated]" in text
            assert "[publication not stated]" in text
            assert "[date not stated]" in text


def test_what_the_source_does_not_print_is_a_hole_in_chinese() -> None:
    with override("zh-hans"):
        for text in texts(cite_measure(measure_one(), ADDRESS)):
            assert "发布机关未载明" in text
            assert "日期未载明" in text
            assert "not stated" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_measure_is_cited_with_its_number_title_version_and_address(language: str) -> None:
    with override(language):
        for text in texts(cite_measure(measure_one(), ADDRESS)):
            assert "改革举措1" in text
            assert "提供低压小微企业接电“零上门零投资”服务" in text
            assert "复制推广改革举措 优化营商环境" in text
            # The day of the change in Asia/Shanghai, not in UTC; never the day of reading.
            assert "2026-03-05" in text
            assert "3" in text.split("2026-03-05")[0][-12:]
            assert text.count(ADDRESS) == 1


def test_gbt_marks_the_part_and_the_document_it_stands_in() -> None:
    with override("zh-hans"):
        gbt, plain = cite_measure(measure_one(), ADDRESS)
    assert gbt.style == "GB/T 7714-2015"
    assert "[Z/OL]//复制推广改革举措 优化营商环境" in gbt.text
    assert gbt.text.index("改革举措1") < gbt.text.index("[Z/OL]//")
    assert "[Z/OL]" not in plain.text


def test_a_citation_in_english_keeps_the_printed_title_and_adds_ours_in_brackets() -> None:
    with override("en"):
        gbt, _plain = cite_measure(measure_one(), ADDRESS)
    printed = [part.text for part in gbt.parts if part.language == "zh-Hans"]
    assert printed == [
        "改革举措1: 提供低压小微企业接电“零上门零投资”服务",
        "复制推广改革举措 优化营商环境",
    ]
    assert "[Reform measure 1: Connecting small and micro businesses" in gbt.text


def test_a_practice_is_cited_with_its_city_and_its_anchor() -> None:
    practice = Practice.objects.select_related("measure__source", "city").get(
        measure__key="1", city__slug="shanghai"
    )
    with override("en"):
        citations = cite_practice(practice, ADDRESS)
        assert all(f"{ADDRESS}#shanghai" in text for text in texts(citations))
        assert all("practice of Shanghai" in text for text in texts(citations))
    with override("zh-hans"):
        assert all("上海市具体做法" in text for text in texts(cite_practice(practice, ADDRESS)))
    assert len({citation.anchor for citation in citations}) == 2


def test_a_source_is_cited_with_the_checksum_of_its_text() -> None:
    source = Source.objects.get(slug=SOURCE)
    with override("en"):
        gbt, plain = texts(cite_source(source, ADDRESS))
    assert source.checksum[:12] in gbt
    assert source.checksum[:12] in plain
    assert "(fragment)" in plain


def test_what_a_source_prints_is_cited() -> None:
    Source.objects.update(
        issuer_zh="国务院办公厅",
        issuer_en="General Office of the State Council",
        document_number="国办函〔2019〕89号",
        publication_zh="公报",
        publication_en="Gazette",
        pages="12-18",
        date_as_printed="2019年9月19日",
        completeness="whole",
    )
    source = Source.objects.get(slug=SOURCE)
    with override("zh-hans"):
        for text in texts(cite_source(source, ADDRESS)):
            for fact in ("国务院办公厅", "国办函〔2019〕89号", "公报", "12-18", "2019年9月19日"):
                assert fact in text
            assert "未载明" not in text
    with override("en"):
        gbt, plain = texts(cite_source(source, ADDRESS))
    assert gbt.startswith("General Office of the State Council. ")
    assert "not stated" not in gbt + plain
    assert "fragment" not in plain


def test_a_measure_without_number_and_title_says_so() -> None:
    Measure.objects.filter(key="1").update(number=None, title_zh=None, title_en=None)
    with override("en"):
        for text in texts(cite_measure(get_measure("1"), ADDRESS)):
            assert "[number and title not stated] (1)" in text
            assert "None" not in text


def test_citing_asks_nothing_of_the_database(django_assert_num_queries: object) -> None:
    measure = measure_one()
    with django_assert_num_queries(0), override("en"):  # type: ignore[operator]
        cite_measure(measure, ADDRESS)
        cite_source(measure.source, ADDRESS)
