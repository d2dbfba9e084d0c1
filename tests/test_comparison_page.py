"""The comparison: a row a measure, a column a city, nothing cut, every absence named and counted."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reforms.models import City, Figure, Measure, Point, Practice
from reforms.records import Role
from tests import world
from tests.reading import Reading, read

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def small_catalog(db: None) -> None:
    world.build_world()


def page(query: str = "", code: str = "en", status: int = 200) -> Reading:
    response = Client().get(f"/{code}/compare/{query}", follow=True)
    assert response.status_code == status
    return read(response.content.decode(), without=frozenset({"erratum-mark"}))


def squeezed(text: str) -> str:
    return "".join(text.split())


def columns(reading: Reading) -> list[str]:
    """Return the cities of the columns, which every table of the page has in one order."""
    tables = len([part for part in reading.of("table") if "compare-table" in part.classes])
    heads = [part.words.strip() for part in reading.of("th") if "city-heading" in part.classes]
    cities = heads[: len(heads) // tables]
    assert heads == cities * tables
    return cities


def rows(reading: Reading) -> list[str]:
    prefix = f"{world.SOURCE}-"
    return [
        part.attributes["id"].removeprefix(prefix)
        for part in reading.of("table")
        if part.attributes.get("id", "").startswith(prefix)
    ]


def hrefs(reading: Reading) -> list[str]:
    return [part.attributes.get("href", "") for part in reading.of("a")]


def third_city() -> City:
    return City.objects.create(
        slug="guangzhou", position=3, name_zh="广州市", name_en="Guangzhou",
        short_name_zh="广州", short_name_en="Guangzhou",
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_stands_whole_in_its_cell(code: str) -> None:
    words = squeezed(page(code=code).words)
    for practice in Practice.objects.select_related("outcome"):
        for text in (practice.text_zh, practice.text_en, practice.summary):
            assert squeezed(text or "") in words
        if practice.outcome_state == "stated":
            assert squeezed(practice.outcome.text_zh) in words


def test_without_cities_the_first_two_are_compared() -> None:
    reading = page()
    assert columns(reading) == ["Beijing", "Shanghai"]
    assert rows(reading) == ["1", "2", "3"]
    assert "was added" not in reading.words


def test_cities_stand_in_the_order_of_the_address_and_can_be_swapped() -> None:
    reading = page("?city=shanghai&city=beijing")
    assert columns(reading) == ["Shanghai", "Beijing"]
    assert "/en/compare/?city=beijing&city=shanghai" in hrefs(reading)


def test_one_city_is_completed_and_the_page_says_so() -> None:
    reading = page("?city=shanghai")
    assert columns(reading) == ["Shanghai", "Beijing"]
    assert "Beijing was added" in reading.words


def test_three_cities_have_three_columns() -> None:
    third_city()
    reading = page("?city=guangzhou&city=beijing&city=shanghai")
    assert columns(reading) == ["Guangzhou", "Beijing", "Shanghai"]
    summaries = reading.with_class("compare-part-summary")
    assert len(summaries) == 3
    third = summaries[2].words.split("The text held here does not state it")
    assert ["Guangzhou" in third[0], "Beijing" in third[1], "Shanghai" in third[2]] == [True] * 3


def test_every_cell_says_whose_it_is() -> None:
    reading = page()
    labels = [part.words for part in reading.with_class("cell-label")]
    assert labels == ["Beijing", "Shanghai"] * (len(labels) // 2)
    assert len(labels) > 6


@pytest.mark.parametrize("query", ["", "?show=outcomes"])
def test_an_absence_is_named_once_in_the_first_part_and_in_the_survey(query: str) -> None:
    words = page(query).with_class("compare-group")[2].words
    assert words.count("The text held here does not state it") == 2
    assert "Not entered yet" not in words
    Measure.objects.filter(key="3").update(is_read_whole=False)
    words = page(query).with_class("compare-group")[2].words
    assert words.count("Not entered yet") == 2


def test_the_counts_are_links_to_the_rows_they_count() -> None:
    counts = page().with_class("compare-counts")[0]
    words = " ".join(counts.words.split())
    assert words == "3 entries Both 2 Only Beijing 0 Only Shanghai 1 Neither 0"
    pair = "city=beijing&city=shanghai"
    assert rows(page(f"?{pair}&coverage=all")) == ["1", "2"]
    assert rows(page(f"?{pair}&coverage=only:shanghai")) == ["3"]
    assert f"/en/compare/?{pair}&coverage=only%3Ashanghai" in hrefs(page())
    # What is counted does not depend on what is chosen among them.
    chosen = page(f"?{pair}&coverage=all").with_class("compare-counts")[0]
    assert " ".join(chosen.words.split()) == words


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?category=electricity", ["1", "2"]),
        ("?category=electricity&category=property-registration", ["1", "2", "3"]),
        ("?theme=data-sharing", ["3"]),
        ("?q=双经理", ["2"]),
        ("?outcome=not_stated", []),
        ("?sort=-number", ["3", "2", "1"]),
        ("?unknown=1", ["1", "2", "3"]),
    ],
)
def test_the_filters_are_those_of_the_list(query: str, keys: list[str]) -> None:
    assert rows(page(query)) == keys


def test_the_form_keeps_what_is_chosen_and_has_its_button() -> None:
    reading = page("?city=shanghai&city=beijing&category=electricity&q=电&theme=no-visits")
    checked = [
        (part.attributes["name"], part.attributes["value"])
        for part in reading.of("input")
        if "checked" in part.attributes
    ]
    assert checked == [
        ("city", "shanghai"),
        ("city", "beijing"),
        ("category", "electricity"),
        ("theme", "no-visits"),
        ("by", ""),
    ]
    words = next(part for part in reading.of("input") if part.attributes.get("name") == "q")
    assert words.attributes["value"] == "电"
    assert "Compare" in [part.words.strip() for part in reading.of("button")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?city=beijing&city=atlantis", "City"),
        ("?city=atlantis", "City"),
        ("?category=none-such", "Category"),
        ("?q=" + "a" * 201, "Words"),
        ("?coverage=sideways", "Coverage"),
        ("?page=0", "Page"),
    ],
)
def test_a_bad_value_is_400_with_a_message_and_no_rows(query: str, name: str) -> None:
    reading = page(query, status=400)
    assert rows(reading) == []
    notice = reading.with_class("notice-error")[0]
    assert name in notice.words


def test_the_message_stands_at_its_field() -> None:
    reading = page("?city=atlantis&q=" + "a" * 201, status=400)
    assert "city-error" in reading.ids
    described = [part.attributes.get("aria-describedby", "") for part in reading.elements]
    assert "city-error" in described
    assert "words-error" in described


def test_a_page_beyond_the_end_is_404_with_a_link_to_the_last() -> None:
    reading = page("?page=9&page_size=2", status=404)
    assert "/en/compare/?city=beijing&city=shanghai&page=2&page_size=2" in hrefs(reading)
    assert rows(reading) == []


def test_pages_part_the_rows() -> None:
    assert rows(page("?page_size=2")) == ["1", "2"]
    assert rows(page("?page_size=2&page=2")) == ["3"]


def test_an_empty_comparison_shows_the_ways_out() -> None:
    reading = page("?q=zzzz")
    assert rows(reading) == []
    assert "No measure meets all of these conditions" in reading.words
    assert any(href.startswith("/en/compare/") for href in hrefs(reading))


@pytest.mark.parametrize("query", ["?category=electricity", "?by=theme&theme=no-visits"])
def test_a_table_has_real_headers_and_the_name_of_its_heading(query: str) -> None:
    reading = page(query)
    table = next(part for part in reading.of("table") if "compare-table" in part.classes)
    heading = next(
        part
        for part in reading.of("h2")
        if part.attributes.get("id") == table.attributes["aria-labelledby"]
    )
    assert heading.words.strip()
    tables = "".join(part.words for part in reading.of("thead")).count("What is compared")
    heads = reading.of("th")
    first = next(
        place for place, part in enumerate(heads) if part.words.strip() == "What is compared"
    )
    scopes = [part.attributes.get("scope") for part in heads[first:]]
    assert scopes[:4] == ["col", "col", "col", "row"]
    assert set(scopes) <= {"col", "row", "rowgroup"}
    assert scopes.count("col") == 3 * tables
    spanning = [part for part in heads if part.attributes.get("scope") == "rowgroup"]
    assert all(part.attributes["colspan"] == "3" for part in spanning)


@pytest.mark.parametrize(
    ("query", "are_open"),
    [
        ("", False),
        ("?category=electricity", True),
        ("?q=no", True),
        ("?by=theme", False),
        ("?by=theme&theme=no-visits", True),
    ],
)
def test_rows_are_folded_where_there_are_many_unless_words_are_looked_for(
    query: str, are_open: bool
) -> None:
    folds = page(query).with_class("compare-fold")
    assert folds
    assert {"open" in fold.attributes for fold in folds} == {are_open}


def test_a_measure_alone_is_not_folded() -> None:
    response = Client().get(f"/en/compare/{world.SOURCE}/1/")
    assert not read(response.content.decode()).with_class("compare-fold")


def test_an_erratum_is_marked_and_explained_in_its_cell_and_ids_occur_once() -> None:
    for code in LANGUAGES:
        reading = page(code=code)
        ids = reading.ids
        assert len(ids) == len(set(ids))
        assert f"{world.SOURCE}-erratum-2-1" in ids
        own = [anchor for target, anchor in reading.links(f"/{code}/compare/") if anchor]
        here = [
            anchor
            for target, anchor in reading.links(f"/{code}/compare/")
            if anchor and target == f"/{code}/compare/"
        ]
        assert own
        assert set(here) <= set(ids)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_with_an_erratum_stands_in_both_languages(code: str) -> None:
    measure = Measure.objects.get(key="1")
    erratum = measure.errata.model(
        measure=measure, position=9, as_printed="服务", stands_in="title", reason_zh="例",
        reason_en="Example", spans=[measure.title_spans[0]], confidence="low", decision="open",
    )  # fmt: skip
    erratum.save()
    titles = [part.words for part in page(code=code).with_class("measure-row-title")]
    others = [part.words for part in page(code=code).with_class("measure-row-title-other")]
    assert any(measure.title_zh in words for words in [*titles, *others])
    assert any(measure.title_en in words for words in [*titles, *others])


def test_figures_link_to_their_measure() -> None:
    assert f"/en/measures/{world.SOURCE}/1/#beijing-figure-1" in hrefs(page())


def test_the_canonical_address_has_known_parameters_only() -> None:
    def canonical(query: str) -> str:
        links = page(query).of("link")
        return next(
            part.attributes["href"] for part in links if part.attributes.get("rel") == "canonical"
        )

    base = "http://testserver/en/compare/"
    assert canonical("") == base
    assert canonical("?unknown=1&page=1") == base
    assert (
        canonical("?x=1&category=electricity&city=shanghai&city=beijing")
        == f"{base}?category=electricity&city=shanghai&city=beijing"
    )


@pytest.mark.parametrize(
    "query", ["", "?city=shanghai&city=beijing&category=electricity&q=电&coverage=all"]
)
def test_the_comparison_takes_few_queries_whatever_its_length(query: str) -> None:
    # Vocabularies, sources (2); the words, if any (1); all counts (1); measures, practices with
    # outcomes, figures, points, errata (5); outcomes printed again (1); what was found elsewhere about
    # their sources (1); the last change (1).
    with CaptureQueriesContext(connection) as queries:
        page(query)
    assert len(queries) == 11 + ("q=" in query)


def test_the_page_is_read_without_cookies() -> None:
    response = Client().get("/en/compare/")
    assert not response.cookies
    assert Client().post("/en/compare/").status_code == 405


def test_a_measure_is_shown_once_though_several_of_its_points_match(db: Any) -> None:
    assert rows(page("?theme=no-visits&theme=no-investment")) == ["1"]


def test_points_stand_beside_points_on_the_same_theme() -> None:
    words = [
        " ".join(row.words.split())
        for row in page("?category=electricity").with_class("compare-line")
    ]
    visits = next(row for row in words if row.startswith("No visits"))
    assert "both" in visits
    assert "零上门" in visits
    assert "零见面" in visits
    alone = [row for row in words if "only" in row]
    assert alone
    assert all("no counterpart stated here" in row for row in alone)


def test_figures_stand_beside_figures_of_the_same_indicator_with_their_own_links() -> None:
    reading = page("?category=electricity")
    words = [" ".join(row.words.split()) for row in reading.with_class("compare-line")]
    assert any("not stated here" in row for row in words)
    anchors = [href for href in hrefs(reading) if "-figure-" in href]
    assert len(anchors) == len(set(anchors)) > 2


def test_a_city_without_a_practice_has_nothing_aligned() -> None:
    reading = page("?category=property-registration")
    assert reading.with_class("compare-line")
    assert "no counterpart stated here" not in reading.with_class("compare-group")[0].words


# --- Points and figures ---


def change_figure(city: str, slug: str, **columns: Any) -> None:
    changed = Figure.objects.filter(
        practice__city__slug=city, practice__measure__key="1", indicator__slug=slug
    ).update(**columns)
    assert changed


def test_a_gap_is_ours_and_stands_only_where_the_facts_agree() -> None:
    slug = "connection-time"
    lines = page("?category=electricity").with_class("compare-line")
    assert any("The same as Beijing" in " ".join(line.words.split()) for line in lines)
    change_figure(world.SHANGHAI, slug, value="12")
    words = " ".join(" ".join(x.words.split()) for x in page().with_class("compare-line"))
    assert "our calculation −3 days against Beijing" in words
    change_figure(world.SHANGHAI, slug, unit_zh="工作日", unit_en="working days")
    words = " ".join(" ".join(x.words.split()) for x in page().with_class("compare-line"))
    assert "Not comparable with Beijing not the same: unit" in words
    assert "−3" not in words


def test_near_identical_points_are_marked_and_others_are_said_to_be_unlike() -> None:
    words = " ".join(page("?category=electricity").with_class("compare-group")[0].words.split())
    assert "worded differently throughout" in words
    assert not page().with_class("difference")
    # Both cities state "一次都不跑": points cut to the same words but for the first.
    for city, quote in ((world.BEIJING, "一次都不跑”"), (world.SHANGHAI, "一次都不跑”")):
        point = Point.objects.get(
            practice__measure__key="1", practice__city__slug=city, theme__slug="no-visits"
        )
        point.spans = [list(span) for span in world.place("1", Role.PRACTICE, city, quote)]
        point.save()
    assert "the same words" in page("?category=electricity").with_class("compare-group")[0].words


def test_the_phrases_that_both_share_can_be_seen() -> None:
    phrases = page(code="zh-hans").with_class("shared-phrases")[0]
    assert "一次都不跑" in phrases.words
    assert phrases.attributes["lang"] == "zh-Hans"


# --- Other ways to compare ---


def test_by_theme_a_row_has_the_points_of_every_measure() -> None:
    reading = page("?by=theme")
    themes = [part.words.strip() for part in reading.with_class("compare-theme")]
    assert themes[0] == "No visits"
    assert len(themes) == len(set(themes))
    groups = dict(zip(themes, reading.with_class("compare-group"), strict=True))
    words = " ".join(groups["No visits"].words.split())
    assert "both" in words
    assert "零上门" in words
    assert "零见面" in words
    alone = groups["Data sharing"]
    assert "only Shanghai" in " ".join(alone.words.split())
    assert "no counterpart stated here" in alone.words
    assert rows(reading) == []


def test_by_theme_filters_and_pages_apply_to_the_themes_of_the_measures() -> None:
    chosen = page("?by=theme&theme=data-sharing").with_class("compare-theme")
    assert [part.words for part in chosen] == ["Data sharing"]
    every = [part.words for part in page("?by=theme").with_class("compare-theme")]
    paged = [
        page(f"?by=theme&page_size=1&page={number}").with_class("compare-theme")[0].words
        for number in range(1, len(every) + 1)
    ]
    assert paged == every
    page(f"?by=theme&page_size=1&page={len(every) + 1}", status=404)
    Point.objects.all().delete()
    assert "not been divided into points yet" in page("?by=theme").with_class("empty")[0].words


def test_a_theme_with_more_points_than_a_cell_holds_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr("reforms.compare.themes.MOST_POINTS", 0)
    words = page("?by=theme&theme=no-visits").words
    assert "1 more stands in the measures of this theme" in words


def test_by_theme_takes_few_queries_whatever_its_length() -> None:
    # Vocabularies, sources (2); all counts (1); themes (1); points, measures' sources, errata (3);
    # what the sources were identified with (1); the last change (1).
    with CaptureQueriesContext(connection) as queries:
        page("?by=theme")
    assert len(queries) == 9


def test_outcomes_alone_leave_out_practices_and_points() -> None:
    reading = page("?show=outcomes")
    words = squeezed(reading.words)
    assert "小微企业办电全程不超过15天" in words
    assert "率先推出" not in words
    assert "Points aligned by theme" not in reading.words
    figures = [href for href in hrefs(reading) if "-figure-" in href]
    stated = Figure.objects.filter(stated_in="outcome", practice__measure__source__is_public=True)
    assert len(figures) == stated.count()


def test_one_measure_has_a_comparison_of_its_own() -> None:
    address = f"/en/compare/{world.SOURCE}/1/"
    assert address in hrefs(page())
    response = Client().get(f"{address}?city=shanghai&city=beijing")
    reading = read(response.content.decode())
    assert columns(reading) == ["Shanghai", "Beijing"]
    assert rows(reading) == ["1"]
    assert f"/en/compare/{world.SOURCE}/1/?city=beijing&city=shanghai" in hrefs(reading)
    assert Client().get(f"{address}?city=atlantis").status_code == 400
    assert Client().get(f"/en/compare/{world.SOURCE}/99/").status_code == 404
    Measure.objects.filter(key="1").update(withdrawn_at=timezone.now(), withdrawn_reason_zh="撤回")
    assert Client().get(address).status_code == 410


def test_one_comparison_takes_few_queries() -> None:
    # Measure with all below it (5); vocabularies, sources (2); outcomes printed again (1); what the
    # source was identified with (1); the last change (1).
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(f"/en/compare/{world.SOURCE}/1/").status_code == 200
    assert len(queries) == 10


def test_what_could_not_change_the_result_is_not_offered_and_the_page_says_why() -> None:
    reading = page()
    names = {part.attributes.get("name") for part in reading.of("input")}
    assert {"category", "theme", "coverage"} <= names
    assert not {"source", "year", "status"} & names
    said = " ".join(reading.with_class("compare-not-offered")[0].words.split())
    assert "Source (all: " in said
    assert "Status (all: " in said
    # What is chosen is always offered, so that it can be let go.
    names = {part.attributes.get("name") for part in page("?year=none").of("input")}
    assert "year" in names


def test_coverage_by_category_is_counted_in_links_to_the_rows_they_count() -> None:
    picture = page().with_class("coverage-bars")[0]
    heads = [part.words for part in page().of("th") if "coverage-count" in part.classes]
    assert heads == ["Both", "Only Beijing", "Only Shanghai", "Neither"]
    assert "Getting electricity" in picture.words
    links = [href for href in hrefs(page()) if "category=electricity" in href and "=all" in href]
    assert rows(page(links[0].removeprefix("/en/compare/"))) == ["1", "2"]


@pytest.mark.parametrize("query", ["?by=columns", "?show=nothing", "?figures=alike"])
def test_a_way_to_compare_that_is_not_known_is_refused(query: str) -> None:
    assert page(query, status=400).with_class("notice-error")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_statement_that_is_printed_twice_says_where_it_agrees_more(code: str) -> None:
    # Beijing's limit stands in its outcome; printed in its practice too, with another scope.
    stated = Figure.objects.get(practice__city__slug="beijing", statement="connection-in-15-days")
    stated.pk, stated.position = None, 90
    stated.stated_in, stated.scope_zh, stated.scope_en = "practice", "低压", "low voltage"
    stated.save(force_insert=True)
    words = squeezed(page("?city=shanghai&city=beijing", code).words)
    said = {
        "en": "not the same: scope Stated again here: In the outcome · The same as Shanghai",
        "zh-hans": "不一致之处：范围在此重复载明：在成效中·与上海市相同",
    }
    assert squeezed(said[code]) in words


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_copied_and_cited_says_what_was_asked(code: str) -> None:
    said = {"en": "Category: Getting electricity", "zh-hans": "领域：获得电力"}[code]
    whole, narrowed = page(code=code), page("?category=electricity", code)
    # The link, and the three citations.
    texts = [area.words for area in narrowed.of("textarea")]
    assert any(said in text.splitlines() for text in texts)
    assert narrowed.words.count(said) == whole.words.count(said) + 4


@pytest.mark.parametrize("value", ["same", "different", "not_comparable"])
@pytest.mark.parametrize("rest", ["", "&by=theme", "&show=outcomes", "&by=theme&q=电&page_size=1"])
def test_the_facet_of_figures_goes_with_every_way_to_compare(value: str, rest: str) -> None:
    for path in ("compare/", f"basket/compare/?item={world.SOURCE}:1"):
        mark = "&" if "?" in path else "?"
        assert Client().get(f"/en/{path}{mark}figures={value}{rest}").status_code == 200


def test_outcomes_alone_are_counted_by_their_own_figures() -> None:
    assert rows(page("?figures=not_comparable")) == ["1"]
    assert rows(page("?figures=not_comparable&show=outcomes")) == []
    assert rows(page("?figures=same&show=outcomes")) == ["1"]


def test_the_list_keeps_what_only_the_comparison_shows() -> None:
    response = Client().get("/en/measures/?figures=same")
    fields = [part.attributes for part in read(response.content.decode()).of("input")]
    ours = [found for found in fields if found.get("form") == "filters"]
    kept = [found["value"] for found in ours if found.get("name") == "figures"]
    assert kept == ["same"]
    assert rows(page("?figures=same")) == ["1"]


def test_one_comparison_is_taken_away_and_cited_as_it_stands() -> None:
    address = f"/en/compare/{world.SOURCE}/1/?city=shanghai&city=beijing"
    reading = read(Client().get(address).content.decode())
    files = [href for href in hrefs(reading) if f"/compare/{world.SOURCE}/1." in href]
    query = "?city=shanghai&city=beijing"
    assert [href.partition(query)[::2] for href in files] == [
        (f"/en/compare/{world.SOURCE}/1.docx", "&memo=brief"),
        *((f"/en/compare/{world.SOURCE}/1.{form}", "") for form in ("docx", "xlsx", "csv", "json")),
    ]
    table = b"".join(Client().get(files[3])).decode("utf-8-sig")  # type: ignore[arg-type]
    head = table.splitlines()[0]
    assert 0 < head.index("Shanghai") < head.index("Beijing")
    cited = " ".join(found.words for found in reading.with_class("citation-text"))
    assert "measure 1" in cited.lower()
    assert f"/en/compare/{world.SOURCE}/1/?city=shanghai&city=beijing" in cited
    assert Client().get(f"/en/compare/{world.SOURCE}/9.csv").status_code == 404
    assert Client().get(f"/en/compare/{world.SOURCE}/1.csv?city=atlantis").status_code == 400


def test_the_figures_of_the_measures_are_linked_where_their_list_can_be_asked_for_them() -> None:
    pair = "city=beijing&city=shanghai"
    assert f"/en/figures/?category=electricity&{pair}" in hrefs(page("?category=electricity"))
    assert not [href for href in hrefs(page("?theme=no-visits")) if "/figures/?" in href]
    listed = read(Client().get("/en/measures/?category=electricity").content.decode())
    assert "/en/figures/?category=electricity" in hrefs(listed)
    narrowed = read(Client().get("/en/measures/?q=电").content.decode())
    assert "Their figures" not in narrowed.words


def test_a_long_comparison_leads_to_each_of_its_rows() -> None:
    for query in ("", "?by=theme"):
        reading = page(query)
        jump = reading.with_class("compare-jump")[0]
        targets = [
            href for href in hrefs(reading) if href.startswith("#") and href[1:] in reading.ids
        ]
        assert jump.words.strip()
        heads = [part.attributes["id"] for part in reading.of("table") if "id" in part.attributes]
        assert len(heads) > 2
        assert {f"#{name}" for name in heads} <= set(targets)
    assert not page("?category=property-registration").with_class("compare-jump")
