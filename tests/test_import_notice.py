"""`manage.py import_notice`: what it finds is said, nothing open is saved, a repeat changes nothing."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reforms import editing
from reforms.models import Measure, MeasureVersion, Passage, Source
from reforms.records import Action, Role
from reforms.versions import check_source
from tests import world
from tests.test_reading_documents import word_file

pytestmark = pytest.mark.django_db
NOTICES = Path(__file__).resolve().parent / "notices"
TITLES = NOTICES / "guobanfa_2022_35_notice_body.txt"
ANNEX = NOTICES / "guobanhan_2019_89_annex_excerpt.txt"
FACTS = {
    "slug": "new-notice",
    "short_name_zh": "新通知",
    "short_name_en": "New notice",
    "title_en": "A new notice",
    "category": "electricity",
}


@pytest.fixture(autouse=True)
def catalog_with_one_source(db: None) -> None:
    world.build_world()


def take_in(file: Path, **options: object) -> str:
    out = StringIO()
    call_command("import_notice", str(file), stdout=out, **{**FACTS, **options})
    return out.getvalue()


def test_a_notice_is_saved_whole_and_unpublished() -> None:
    said = take_in(TITLES)
    assert "50 measures in 9 sections; all 2076 characters have a place" in said
    assert "国办发〔2022〕35号" in said
    source = Source.objects.get(slug="new-notice")
    assert (source.is_public, source.position) == (False, 2)
    assert (source.issuer_zh, source.document_number) == ("国务院办公厅", "国办发〔2022〕35号")
    assert source.title_zh == "国务院办公厅关于复制推广营商环境创新试点改革举措的通知"
    assert source.date_as_printed is None
    assert source.text == TITLES.read_text(encoding="utf-8")
    assert source.measures.count() == 50
    assert set(source.measures.values_list("versions__action", flat=True)) == {Action.LOADED}
    check_source(source)


def test_readers_see_nothing_of_it_until_it_is_public() -> None:
    take_in(TITLES)
    reader = Client()
    addresses = ("sources/new-notice/", "measures/new-notice/1-1/")
    for address in addresses:
        assert reader.get(f"/en/{address}").status_code == 404
    found = reader.get("/api/v1/measures/", {"q": "一照多址"}).json()
    assert found["count"] == 0
    source = Source.objects.get(slug="new-notice")
    source.is_public = True
    editing.save_row(source, source.version, by=world.an_editor(), reason="checked")
    for address in addresses:
        assert reader.get(f"/en/{address}").status_code == 200
    found = reader.get("/api/v1/measures/", {"q": "一照多址"}).json()
    assert [row["key"] for row in found["results"]] == ["1-1"]


def test_a_second_run_changes_nothing_and_what_was_edited_stays() -> None:
    take_in(TITLES)
    editor, measure = world.an_editor(), Measure.objects.get(key="1-1")
    record = Measure.objects.for_record().get(pk=measure.pk).to_record()
    edited = replace(record, title_en="One licence")
    editing.save_measure(edited, measure.version, editor, "translated")
    count = MeasureVersion.objects.count()
    said = take_in(TITLES)
    assert said.strip().endswith("50 unchanged, 1 kept because edited")
    assert MeasureVersion.objects.count() == count
    assert Measure.objects.get(key="1-1").title_en == "One licence"


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    said = take_in(TITLES, dry_run=True)
    assert "51 created (dry run: nothing was written)" in said
    assert not Source.objects.filter(slug="new-notice").exists()


def test_what_is_open_is_marked_and_nothing_is_saved() -> None:
    with pytest.raises(CommandError, match="have to be decided first"):
        take_in(ANNEX, category=None)
    said = take_in(ANNEX, category=None, dry_run=True)
    assert "!" in said
    assert "开办企业 is not known as a category" in said
    assert "Nothing" not in said
    assert not Source.objects.filter(slug="new-notice").exists()


def test_the_opening_of_the_annex_is_taken_in_with_both_cities() -> None:
    missing = {"missing_zh": "其余各项", "missing_en": "all other measures"}
    take_in(ANNEX, title_zh="北京市、上海市优化营商环境典型做法", **missing)
    measure = Measure.objects.get(source__slug="new-notice")
    assert [part.city.slug for part in measure.practices.all()] == ["beijing", "shanghai"]
    assert not measure.is_read_whole
    roles = set(Passage.objects.filter(measure=measure).values_list("role", flat=True))
    assert Role.OUTCOME in roles


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"slug": None}, "give --slug"),
        ({"slug": "Not a slug"}, "--slug: use small letters"),
        ({"city": "atlantis"}, "atlantis is not in the catalog"),
        ({"category": "magic"}, "magic is not in the catalog"),
        ({"missing_zh": "其余"}, "--missing-zh and --missing-en together"),
    ],
)
def test_what_is_wrong_with_what_was_given_is_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        take_in(TITLES, **given)
    assert Source.objects.count() == 1


def test_a_text_that_the_catalog_holds_already_is_not_doubled() -> None:
    take_in(TITLES)
    with pytest.raises(CommandError, match="new-notice has this text already"):
        take_in(TITLES, slug="another")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encodings_of_notices_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "notice.txt"
    text = TITLES.read_text(encoding="utf-8")
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    take_in(file)
    assert Source.objects.get(slug="new-notice").text == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no text"),
        (b"\xff\xff\xff", "no plain text in UTF-8"),
        (b"%PDF-1.7\n\xff\xff", "is damaged"),
        (b"PK\x03\x04\xff\xff", "is damaged"),
        ("一、\x00".encode(), "no part of a text"),
        ("一、<body>甲</body>".encode(), "HTML tag"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "notice.bin"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        take_in(file)


def test_a_word_file_is_taken_in_as_its_text_is(tmp_path: Path) -> None:
    file = tmp_path / "notice.docx"
    lines = [line for line in TITLES.read_text(encoding="utf-8").splitlines() if line.strip()]
    file.write_bytes(word_file(*lines))
    take_in(file)
    assert Source.objects.get(slug="new-notice").text == "\n".join(line.strip() for line in lines)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        take_in(tmp_path / "none.txt")
