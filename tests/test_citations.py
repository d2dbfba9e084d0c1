"""Citations say what the source prints, and a hole says what it does not."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from reforms.citations import (
    APA,
    GBT,
    Citation,
    cite_comparison,
    cite_measure,
    cite_official,
    cite_point,
    cite_practice,
    cite_source,
)
from reforms.identified import official_text
from reforms.models import Identification, Measure, Point, Practice, Source
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
            assert ("[date not stated]" in text) is ("(n.d.)" not in text)


def test_what_the_source_does_not_print_is_a_hole_in_chinese() -> None:
    with override("zh-hans"):
        for text in texts(cite_measure(measure_one(), ADDRESS)):
            assert "发布机关未载明" in text
            assert ("日期未载明" in text) is ("(n.d.)" not in text)
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
        gbt, _apa, plain = cite_measure(measure_one(), ADDRESS)
    assert gbt.style == "GB/T 7714-2015"
    assert "[Z/OL]//复制推广改革举措 优化营商环境" in gbt.text
    assert gbt.text.index("改革举措1") < gbt.text.index("[Z/OL]//")
    assert "[Z/OL]" not in plain.text


def test_every_style_says_that_the_source_is_a_fragment() -> None:
    with override("zh-hans"):
        for citation in cite_measure(measure_one(), ADDRESS):
            assert "残篇" in citation.text, citation.style


def test_a_citation_in_english_keeps_the_printed_title_and_adds_ours_in_brackets() -> None:
    with override("en"):
        gbt, _apa, _plain = cite_measure(measure_one(), ADDRESS)
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
    assert len({citation.anchor for citation in citations}) == 3


def test_a_source_is_cited_with_the_checksum_of_its_text() -> None:
    source = Source.objects.get(slug=SOURCE)
    with override("en"):
        gbt, apa, plain = texts(cite_source(source, ADDRESS))
    assert source.checksum[:12] in gbt
    assert source.checksum[:12] in apa
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
        gbt, apa, plain = texts(cite_source(source, ADDRESS))
    assert gbt.startswith("General Office of the State Council. ")
    assert "not stated" not in gbt + apa + plain
    assert "fragment" not in apa + plain
    assert apa.startswith("General Office of the State Council. (2019年9月19日). ")


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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_citation_comes_in_three_styles_each_named_once(language: str) -> None:
    practice = Practice.objects.select_related("measure__source", "city").first()
    point = Point.objects.select_related("practice__measure__source", "practice__city", "theme")
    assert practice
    with override(language):
        for citations in (
            cite_source(practice.measure.source, ADDRESS),
            cite_measure(practice.measure, ADDRESS),
            cite_practice(practice, ADDRESS),
            cite_point(point[0], ADDRESS),
            cite_comparison("A", [practice.measure], "1", ADDRESS),
        ):
            assert [citation.style for citation in citations][:2] == [GBT, APA]
            assert len({citation.style for citation in citations}) == 3
            assert len({citation.anchor for citation in citations}) == 3
            assert not any("%(" in citation.text for citation in citations)


def test_apa_has_the_date_behind_the_issuer_and_says_where_there_is_none() -> None:
    with override("en"):
        text = cite_measure(measure_one(), ADDRESS)[1].text
    assert text.startswith("[issuer not stated]. (n.d.). 改革举措1: 提供低压")
    assert " In 复制推广改革举措 优化营商环境" in text
    assert "(fragment)" in text


def test_apa_reads_a_printed_date_as_year_month_and_day() -> None:
    Source.objects.update(date_as_printed="2019年9月19日", published_on=date(2019, 9, 19))
    source = Source.objects.get(slug=SOURCE)
    with override("en"):
        assert "[issuer not stated]. (2019, September 19). " in cite_source(source, ADDRESS)[1].text
    with override("zh-hans"):
        assert "(2019年9月19日)" in cite_source(source, ADDRESS)[1].text


def test_a_point_is_cited_with_its_number_its_theme_as_ours_and_its_anchor() -> None:
    point = Point.objects.select_related(
        "practice__measure__source", "practice__city", "theme"
    ).get(practice__measure__key="1", practice__city__slug="beijing", position=2)
    with override("en"):
        for text in texts(cite_point(point, ADDRESS)):
            assert f"practice of Beijing, point 2 [our theme: {point.theme.name_en}]" in text
            assert f"{ADDRESS}#beijing-point-2" in text


def test_a_comparison_is_cited_as_the_catalogs_with_its_cities_and_the_holes_of_its_sources() -> (
    None
):
    measures = [measure_one(), get_measure("2")]
    Measure.objects.filter(key="2").update(changed_at=datetime(2026, 1, 2, tzinfo=UTC))
    measures[1].refresh_from_db()
    with override("en"):
        gbt, apa, plain = texts(
            cite_comparison("Beijing and Shanghai", measures, "entries 1 to 2 of 3", ADDRESS)
        )
    assert "Beijing and Shanghai compared: entries 1 to 2 of 3[DB/OL]. (2026-03-05)." in gbt
    assert apa.startswith("Reform Measures Catalog. (2026). Beijing and Shanghai compared")
    for text in (gbt, apa, plain):
        assert text.count("复制推广改革举措 优化营商环境") == 1
        assert "[issuer not stated]" in text
        assert "[date not stated]" in text
        assert text.endswith(ADDRESS)


# --- The official text ---


NOTICE = (
    "很可能出自《国务院办公厅关于做好某项工作的通知》（国办函〔2019〕89号）的附件《典型做法》。"
)


def claim(words: str, kind: str = "parent-document", position: int = 1) -> Identification:
    return Identification(
        source=Source.objects.get(),
        position=position,
        kind=kind,
        claim_zh=words,
        confidence="medium",
    )


def test_an_official_text_is_read_by_the_forms_that_official_documents_have() -> None:
    found = official_text(NOTICE)
    assert found is not None
    assert (found.issuer, found.number, found.year, found.annex) == (
        "国务院办公厅",
        "国办函〔2019〕89号",
        "2019",
        "典型做法",
    )
    assert found.title == "国务院办公厅关于做好某项工作的通知"
    for words in ("", "《通知》", "国办函〔2019〕89号", "【2019】《通知》89号"):
        assert official_text(words) is None
    nameless = official_text("《通知》（国办函〔2019〕89号）")
    assert nameless is not None
    assert (nameless.issuer, nameless.annex) == (None, None)


def test_the_official_text_is_cited_with_the_doubt_that_it_is_the_one() -> None:
    with override("en"):
        found = cite_official([claim("《甲》（国函〔2018〕1号）", "issuer"), claim(NOTICE)])
        assert found is not None
        assert found.claim.claim_zh == NOTICE
        for text in texts(found.citations):
            for words in ("国务院办公厅", "国办函〔2019〕89号", "2019", "annex: 典型做法"):
                assert words in text
            assert "[identified elsewhere; the text held does not print this" in text
            assert "how sure: Medium]" in text
        nameless = cite_official([claim("《通知》（国办函〔2019〕89号）")])
        assert nameless is not None
        assert all("[issuer not stated]" in text for text in texts(nameless.citations))


def test_a_source_that_was_identified_with_no_official_text_has_no_such_citation() -> None:
    assert cite_official([]) is None
    assert cite_official([claim(NOTICE, "list"), claim("某通知的附件")]) is None
