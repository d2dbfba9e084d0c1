"""The Word memo in brief on the small catalog: edited words, gaps, cuts, addresses and links."""

import pytest

from tests import world
from tests.reading import read
from tests.test_downloads import content, get
from tests.test_exports_word import footnotes, open_file, paragraphs
from tests.test_exports_word_brief import lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_catalog(db: None) -> None:
    world.build_world()


def test_a_gap_is_our_calculation() -> None:
    measure = world.get_measure("1")
    beijing, shanghai = (
        measure.practices.get(city__slug=slug).figures.first() for slug in ("beijing", "shanghai")
    )
    facts = ("unit_zh", "unit_en", "before_unit_zh", "before_unit_en", "scope_zh", "scope_en",
             "nature", "bound", "period_zh", "period_from", "period_to", "indicator",
             "qualifier_zh", "qualifier_en")  # fmt: skip
    for fact in facts:
        setattr(shanghai, fact, getattr(beijing, fact))
    shanghai.after = 7
    shanghai.save()
    [line] = [
        line
        for line in lines_of(f"measures/{world.SOURCE}/1.docx?memo=brief")
        if line.startswith(f"• {beijing.indicator.name_en}")
    ]
    assert line.endswith("[our calculation] +2 days against Beijing")


def test_an_erratum_behind_the_cut_has_no_footnote() -> None:
    measure = world.get_measure("1")
    outcome = measure.practices.get(city__slug="beijing").outcome
    ((_start, end),) = outcome.spans
    erratum = measure.errata.first() or world.get_measure("2").errata.first()
    assert erratum is not None
    erratum.measure, erratum.spans, erratum.stands_in = measure, [[end - 3, end]], "outcome"
    erratum.save()
    whole = open_file(f"measures/{world.SOURCE}/1.docx?memo=brief", "zh-hans")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reforms.exports.brief.MOST_CHINESE", 20)
        cut = open_file(f"measures/{world.SOURCE}/1.docx?memo=brief", "zh-hans")
    assert len(footnotes(whole)) == len(footnotes(cut)) + 1
    assert any(line.endswith("小微企业办电全程不超过15天…") for line in paragraphs(cut))


def test_words_that_the_catalog_edited_are_labelled() -> None:
    outcome = world.get_measure("1").practices.get(city__slug="beijing").outcome
    outcome.text_zh = "改写过的成效。"
    outcome.save()
    lines = lines_of(f"measures/{world.SOURCE}/1.docx?memo=brief", "zh-hans")
    assert any(line.endswith("：改写过的成效。") and "原文" not in line for line in lines)


def test_an_outcome_without_english_is_given_as_printed() -> None:
    outcome = world.get_measure("1").practices.get(city__slug="beijing").outcome
    outcome.text_en = None
    outcome.save()
    [line] = [
        line
        for line in lines_of(f"measures/{world.SOURCE}/1.docx?memo=brief")
        if "累计服务超过590户" in line
    ]
    assert line.startswith("Stated outcome [as printed]: ")


ADDRESSES = (
    "measures.docx",
    "compare.docx",
    f"compare/{world.SOURCE}/1.docx",
    "basket.docx",
    "basket/compare.docx",
    f"measures/{world.SOURCE}/1.docx",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_word_file_has_a_memo_in_brief(address: str) -> None:
    query = f"?item={world.SOURCE}:1&item={world.SOURCE}:2:beijing&memo="
    brief = get(f"{address}{query}brief")
    assert "-brief-" in brief.headers["Content-Disposition"]
    assert brief.headers["X-Robots-Tag"] == "noindex"
    assert content(brief)
    full = get(f"{address}{query}full")
    assert "-brief-" not in full.headers["Content-Disposition"]
    get(f"{address}{query}%00", status=400)
    for value in ("short", "BRIEF", "brief%20", "x" * 5000):
        refused = get(f"{address}{query}{value}", status=400)
        assert "Content-Disposition" not in refused.headers
        assert "is not one of the choices" in content(refused).decode()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_other_files_and_pages_know_no_memo(form: str) -> None:
    assert content(get(f"measures.{form}?memo=short"))
    page = content(get("measures/?memo=brief")).decode()
    addresses = [link.attributes.get("href", "") for link in read(page).of("a")]
    assert "/en/measures.docx?memo=brief" in addresses
    lists = [address for address in addresses if address.startswith("/en/measures/?")]
    # Links to this page in another state keep what it is asked; all others drop the unknown.
    assert not any("memo=" in address for address in lists if "item=" not in address)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("measures/", ["Word memo, in brief", "Word memo, full text"]),
        ("chapter/", ["Word memo, in brief", "Word memo, full text"]),
        (f"measures/{world.SOURCE}/1/", ["Word memo, in brief", "Word memo, full text"]),
        ("compare/", ["Word memo, in brief", "Word, a table"]),
        (f"compare/{world.SOURCE}/1/", ["Word memo, in brief", "Word, a table"]),
        (
            f"basket/?item={world.SOURCE}:1",
            ["Word memo, in brief", "Word memo, full text", "Word, a table"],
        ),
    ],
)
def test_pages_offer_both_forms_and_each_is_there(page: str, names: list[str]) -> None:
    found = [
        link
        for link in read(content(get(page)).decode()).of("a")
        if ".docx" in link.attributes.get("href", "")
    ]
    assert [link.words.replace(".docx", "").strip() for link in found] == names
    for link in found:
        assert content(get(link.attributes["href"].removeprefix("/en/")))


def test_a_list_without_entries_says_so() -> None:
    lines = lines_of("measures.docx?theme=two-managers&kind=share&memo=brief")
    assert "Nothing fits what was asked." in lines
