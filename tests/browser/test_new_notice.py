"""A new notice comes in: the opening of the annex is pasted, looked through, saved, made public, and stands everywhere."""

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reforms.documents import read_document
from reforms.notice import read_notice
from tests.browser.served import PASSWORD, LoadedCatalog, Site, served

Contexts = Callable[..., BrowserContext]
ANNEX = Path(__file__).resolve().parent.parent / "notices/guobanhan_2019_89_annex_excerpt.txt"
FIRST, NEW = "fuzhi-tuiguang-gaige-jucuo", "guobanhan-2019-89"
STAFF = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
for name, role in {{"li": "Editor", "mei": "Publisher"}}.items():
    account = get_user_model().objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    account.groups.add(Group.objects.get(name=role))
"""
TITLE = "北京市、上海市优化营商环境典型做法"
FACTS = {
    "slug": NEW,
    "short_name_zh": "典型做法",
    "short_name_en": "Typical practices",
    "title_zh": TITLE,
    "title_en": "Typical practices of Beijing and Shanghai",
    "missing_zh": "其余各项举措",
    "missing_en": "All other measures",
}


@pytest.fixture
def office(built_catalog: LoadedCatalog) -> Iterator[Site]:
    """A site with an editor and a publisher."""
    with served(built_catalog, REFORMS_PUBLISH_OWN_CHANGES="0") as site:
        site.manage("shell", "-v", "0", "-c", STAFF)
        yield site


def sign_in(context: BrowserContext, site: Site, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.address}/admin/login/?next=/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.locator("[type=submit]").last.click()
    return page


def add_category(page: Page, site: Site) -> None:
    """Add the category that the annex needs and the catalog has not, as a publisher does."""
    page.goto(f"{site.address}/admin/reforms/category/add/")
    for name, text in {
        "slug": "starting-a-business",
        "name_zh": "开办企业",
        "name_en": "Starting a business",
    }.items():
        page.fill(f"[name={name}]", text)
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.smoke
@pytest.mark.parametrize("has_script", [True, False])
def test_the_opening_of_the_annex_comes_in_and_stands_on_every_page(
    office: Site,
    new_context: Contexts,
    axe_violations: Callable[[Page], list[str]],
    has_script: bool,
) -> None:
    options = {"locale": "en-GB", "java_script_enabled": has_script}
    editor = sign_in(new_context(**options), office, "li")
    publisher = sign_in(new_context(**options), office, "mei")

    # Pasted and looked through.
    editor.goto(f"{office.address}/admin/reforms/noticedraft/add/")
    editor.fill("[name=pasted]", ANNEX.read_text(encoding="utf-8"))
    editor.locator("[name=_save]").click()
    expect(editor.get_by_text("each of the 715 characters")).to_be_visible()
    expect(editor.locator(".draft-warnings .is-open")).to_have_count(1)
    expect(editor.locator(".stretch.is-practice")).to_have_count(2)
    if has_script:
        assert axe_violations(editor) == []

    # Corrected by hand: the title, which was taken for a running head, and one category, added by a
    # publisher. Nothing else was taken for another thing.
    first = editor.locator(".stretch").first
    expect(first).to_have_class("stretch is-running_head")
    if has_script:
        editor.wait_for_load_state("load")
        first.locator(".stretch-words").select_text()
        expect(editor.locator("[data-selected-words]")).to_have_text(TITLE)
    else:
        first.locator("[name=stretch]").check()
    editor.select_option("[name=kind]", "document_head")
    editor.locator("[name=_correct]").click()
    expect(editor.locator(".stretch").first).to_have_class("stretch is-document_head")
    expect(editor.get_by_text("1 stretch corrected by hand")).to_be_visible()
    add_category(publisher, office)
    editor.reload()
    expect(editor.locator(".draft-warnings .is-open")).to_have_count(0)
    for name, text in FACTS.items():
        editor.fill(f"[name={name}]", text)
    editor.locator("[name=_save_notice]").click()

    # Saved, and nobody sees it.
    reader = new_context(**options).new_page()
    assert reader.goto(f"{office.address}/en/sources/{NEW}/").status == 404

    # Made public by another person.
    publisher.goto(f"{office.address}/admin/reforms/source/?q={NEW}")
    publisher.locator("#result_list tbody th a").first.click()
    publisher.check("[name=is_public]")
    publisher.locator("[name=_save]").click()
    expect(publisher.locator(".messagelist .success")).to_be_visible()

    # The catalog holds two sources, and says of each measure which it is of.
    reader.goto(f"{office.address}/en/measures/")
    expect(reader.get_by_text("Typical practices").first).to_be_visible()
    assert reader.goto(f"{office.address}/en/sources/{NEW}/").status == 200
    assert reader.goto(f"{office.address}/en/measures/{NEW}/1/").status == 200
    expect(reader.locator("h1")).to_contain_text("开办企业全程网上办")
    assert reader.goto(f"{office.address}/en/compare/{NEW}/1/").status == 200
    for query, count in (
        ("source=" + NEW, 1),
        ("source=" + FIRST, 19),
        ("category=starting-a-business", 1),
        ("q=一窗通", 1),
        ("", 20),
    ):
        answer = reader.request.get(f"{office.address}/api/v1/measures/?{query}").json()
        assert answer["count"] == count, query
    table = reader.request.get(f"{office.address}/en/measures.csv?source={NEW}").text()
    assert "依托政务服务平台" in table
    assert office.manage("check_catalog").strip().endswith("20 measures keep every rule")


@pytest.mark.parametrize("notice", sorted(ANNEX.parent.glob("*.txt")), ids=lambda path: path.stem)
def test_what_a_browser_prints_as_pdf_is_read_as_the_text_is(
    new_context: Contexts, notice: Path
) -> None:
    text = notice.read_text(encoding="utf-8")
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())
    page = new_context().new_page()
    page.set_content(f"<html><body>{paragraphs}</body></html>")
    page.evaluate("document.body.style.font = '12pt/1.8 serif'")
    printed = read_document(page.pdf(format="A4", margin={"top": "2cm", "bottom": "2cm"})).text
    assert "".join(printed.split()) == "".join(text.split())
    titles = [
        [one.title_zh for one in read_notice(each, source="new", places={}, categories={}).measures]
        for each in (text, printed)
    ]
    assert titles[0] == titles[1]
