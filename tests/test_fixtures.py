"""The first source as the fixtures hold it: whole, exact, and every claim at its words."""

import re
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from reforms.invariants import check_measure, check_tiling
from reforms.models import Figure, Measure, Outcome, Practice
from reforms.notice import read_notice
from reforms.records import CatalogRecord, Decision, OutcomeState, SourceRecord
from reforms.spans import cut_by, find, quote_at, text_at

CHECKSUM = "46968e6ed3181bca3b7c35b27f50912eef44049d7cf2647316fddb25ffd32d80"
DIGIT = re.compile(r"[0-9]")


@pytest.fixture(scope="module")
def source(catalog_record: CatalogRecord) -> SourceRecord:
    (record,) = catalog_record.sources
    return record


def _figures(catalog_record: CatalogRecord):
    for measure in catalog_record.measures:
        for practice in measure.practices:
            for figure in practice.figures:
                yield measure, practice, figure


def test_the_text_has_its_exact_bytes(source):
    assert sha256(source.text.encode()).hexdigest() == source.checksum == CHECKSUM


def test_the_notice_is_whole(catalog_record):
    measures = catalog_record.measures
    practices = [practice for measure in measures for practice in measure.practices]
    stated = [part for part in practices if part.outcome_state is OutcomeState.STATED]
    assert [measure.number for measure in measures] == [None, *range(6, 24)]
    assert measures[0].key == "fragment-1"
    assert len(practices) == 27 + 1
    assert len(stated) == 15 + 1
    assert len(catalog_record.categories) == 6
    assert [city.slug for city in catalog_record.cities] == ["beijing", "shanghai"]
    assert [section.label for section in catalog_record.sources[0].sections] == list("三四五六七")


def test_every_character_has_exactly_one_passage(catalog_record, source):
    passages = [*source.passages, *(p for m in catalog_record.measures for p in m.passages)]
    check_tiling(passages, source.text)
    covered = [0] * len(source.text)
    for passage in passages:
        for offset in range(passage.start, passage.end):
            covered[offset] += 1
    assert all(
        count == 1 or (count == 0 and character.isspace())
        for count, character in zip(covered, source.text, strict=True)
    )


def test_the_source_is_rebuilt_from_passages_and_white_space(catalog_record, source):
    passages = [*source.passages, *(p for m in catalog_record.measures for p in m.passages)]
    rebuilt, position = [], 0
    for passage in sorted(passages, key=lambda part: part.start):
        gap = source.text[position : passage.start]
        assert not gap.strip()
        rebuilt += [gap, source.text[passage.start : passage.end]]
        position = passage.end
    rebuilt.append(source.text[position:])
    assert sha256("".join(rebuilt).encode()).hexdigest() == CHECKSUM


def test_texts_are_made_of_passages(catalog_record, source):
    for measure in catalog_record.measures:
        check_measure(measure, source.text)
        if measure.title_zh is not None:
            assert measure.title_zh == text_at(source.text, measure.title_spans)
        for practice in measure.practices:
            assert practice.practice_zh == text_at(source.text, practice.practice_spans)
            if practice.outcome_zh is not None:
                assert practice.outcome_zh == text_at(source.text, practice.outcome_spans)
            assert "\n" not in practice.practice_zh
            assert "资料图片" not in practice.practice_zh


def test_every_quotation_is_the_slice_of_the_source(catalog_record, source):
    for measure, practice, figure in _figures(catalog_record):
        within = (
            practice.practice_spans if figure.stated_in == "practice" else practice.outcome_spans
        )
        assert figure.quote == quote_at(source.text, figure.quote_spans, within), measure.key
        assert cut_by(figure.quote_spans, within) == figure.quote_spans


def test_every_digit_is_in_a_figure_or_on_the_list_of_other_numbers(catalog_record, source):
    """A digit belongs to one list only: to words printed as a value, or to another number."""
    in_figures: set[int] = set()
    for _, _, figure in _figures(catalog_record):
        for words in figure.printed:
            for (start, end), *_rest in find(source.text, words, figure.quote_spans):
                if not DIGIT.match(words) or not DIGIT.match(source.text[start - 1]):
                    in_figures |= set(range(start, end))
    in_other = {
        offset
        for number in source.other_numbers
        for start, end in number.spans
        for offset in range(start, end)
    }
    digits = {match.start() for match in DIGIT.finditer(source.text)}
    assert len(digits) == 268
    assert digits - in_figures - in_other == set()
    assert digits & in_figures & in_other == set()


def test_other_numbers_stand_where_they_say(source):
    for number in source.other_numbers:
        assert number.digits == text_at(source.text, number.spans)
        assert number.reason_zh
        assert number.reason_en


def test_what_the_source_does_not_print_is_null(source, catalog_record):
    for name in (
        "issuer_zh",
        "issuer_en",
        "document_number",
        "publication_zh",
        "publication_en",
        "pages",
        "date_as_printed",
        "published_on",
        "address",
    ):
        assert getattr(source, name) is None, name
    assert {measure.status for measure in catalog_record.measures} == {"not_stated"}
    claims = [claim for claim in source.identifications if claim.kind == "parent-document"]
    assert len(claims) == 1
    assert "国办函〔2019〕89号" in claims[0].claim_zh
    assert claims[0].confidence in ("medium", "low")


def test_the_fragment_says_what_is_not_printed(catalog_record):
    fragment = catalog_record.measures[0]
    assert (fragment.number, fragment.title_zh, fragment.section) == (None, None, None)
    assert not fragment.is_read_whole
    (practice,) = fragment.practices
    assert practice.city == "shanghai"
    assert not practice.city_is_printed


def test_figures_named_in_the_brief_of_the_data(catalog_record):
    by_quote = {
        (measure.key, practice.city, figure.indicator): figure
        for measure, practice, figure in _figures(catalog_record)
    }

    def named(key, city, printed):
        return [
            figure
            for (number, place, _), figure in by_quote.items()
            if number == key and place == city and printed in figure.printed
        ]

    (approval,) = named("6", "beijing", "56天")
    assert (approval.before, approval.steps, approval.after) == ("56", ("15",), "5")
    (stages,) = named("6", "shanghai", "15个工作日")
    assert (stages.before_unit_zh, stages.unit_zh) == ("工作日", "天")
    zeros = [
        (practice.city, figure)
        for measure, practice, figure in _figures(catalog_record)
        if measure.key == "6" and "0" in (figure.value, figure.after)
    ]
    assert {city for city, _ in zeros} == {"beijing", "shanghai"}
    assert len({figure.indicator for _, figure in zeros}) == 2
    assert all(figure.unit_zh is None and figure.unit_inferred_zh for _, figure in zeros)
    (cost,) = named("16", "shanghai", "4亿元")
    assert (cost.value, cost.nature) == ("400000000", "forecast")
    (hours,) = named("16", "shanghai", "4小时")
    assert hours.nature == "saving"
    (internet,) = named("21", "beijing", "3040件")
    assert "互联网法院" in internet.scope_zh
    assert (internet.period_from, internet.period_to) == ("2018-09-09", "2018-12-31")
    (filings,) = named("21", "shanghai", "9.53万件")
    assert (filings.value, filings.period_from) == ("95300", "2018-01-01")


def test_the_same_statement_in_two_places_is_linked(catalog_record):
    places: dict[str, set] = {}
    for measure, practice, figure in _figures(catalog_record):
        if figure.statement:
            places.setdefault(figure.statement, set()).add(
                (measure.key, practice.city, figure.stated_in)
            )
    assert all(len(where) > 1 for where in places.values())
    assert {("7", "beijing", "outcome"), ("8", "beijing", "outcome")} in places.values()


def test_misprints_are_errata_and_stay_as_printed(catalog_record):
    errata = {
        (measure.key, erratum.as_printed): erratum
        for measure in catalog_record.measures
        for erratum in measure.errata
    }
    assert any("减减流转" in words for key, words in errata if key == "6")
    assert any("籍籍" in words for key, words in errata if key == "11")
    heading = [part for (key, _), part in errata.items() if part.stands_in == "section_heading"]
    assert [(part.as_printed, part.reading) for part in heading] == [("2项", "3项")]
    assert all(part.reason_zh and part.reason_en for part in errata.values())
    assert {part.decision for part in errata.values()} <= {Decision.CONFIRMED, Decision.OPEN}


def test_everything_has_its_english(catalog_record, source):
    for measure in catalog_record.measures:
        assert measure.title_en or measure.title_zh is None
        for practice in measure.practices:
            assert practice.practice_en
            assert practice.summary_zh
            assert practice.summary_en
            assert bool(practice.outcome_en) == bool(practice.outcome_zh)
            assert practice.translation_state == "current"
            for figure in practice.figures:
                assert bool(figure.unit_en) == bool(figure.unit_zh)
                assert bool(figure.qualifier_en) == bool(figure.qualifier_zh)
                assert bool(figure.period_en) == bool(figure.period_zh)
                assert bool(figure.note_en) == bool(figure.note_zh)
    assert all(section.name_en for section in source.sections)


def test_every_practice_is_divided_into_points(catalog_record, source):
    used = set()
    for measure in catalog_record.measures:
        for practice in measure.practices:
            assert practice.points, measure.key
            spans = sorted(span for point in practice.points for span in point.spans)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
            used |= {point.theme for point in practice.points}
    assert used == {theme.slug for theme in catalog_record.themes}


def test_the_reader_reads_the_notice_as_the_fixtures_hold_it(catalog_record, source):
    """The reader and the hand-checked fixtures cut the text at the same places."""
    reading = read_notice(
        source.text,
        source=source.slug,
        places={city.name_zh: city.slug for city in catalog_record.cities},
        categories={part.name_zh: part.slug for part in catalog_record.categories},
        fragment_category="construction-permits",
        fragment_city="shanghai",
    )
    assert reading.passages == source.passages
    for read, held in zip(reading.measures, catalog_record.measures, strict=True):
        assert (read.key, read.passages, read.title_zh) == (held.key, held.passages, held.title_zh)


@pytest.mark.django_db
def test_loaddata_fills_an_empty_database():
    files = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.json"))
    call_command("loaddata", *map(str, files), verbosity=0)
    assert Measure.objects.count() == 19
    assert Practice.objects.count() == 28
    assert Outcome.objects.count() == 16
    assert Figure.objects.count() == 61
