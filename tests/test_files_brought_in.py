"""Lists taken away, changed and brought back: what each row would do, and nothing over what nobody saw."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from reforms import editing, importing
from reforms.exchange import RecordError
from reforms.exports import FileError, RowResult, read_back
from reforms.exports.reading_back import template_rows
from reforms.exports.returned_sheets import MAX_ROWS
from reforms.models import ImportedFile, Measure, Proposal
from tests import world
from tests.forms import fields_of_form
from tests.test_admin import ODD_TEXTS, text_of
from tests.test_reading_documents import packed, repacked

pytestmark = pytest.mark.django_db
ADD = "/admin/reforms/importedfile/add/"


@pytest.fixture
def reader(db):
    world.build_world()
    return Client()


def taken(reader, form="csv", language="en", page="measures"):
    """Return a list taken away."""
    answer = reader.get(f"/{language}/{page}.{form}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def changed(content, key, cells):
    """Return a CSV file with some cells of the row with a key changed, by their headings."""
    rows = csv_rows(content)
    headings = rows[0]
    at = headings.index("Key" if "Key" in headings else "键")
    row = next(row for row in rows[1:] if row[at] == key)
    for heading, text in cells.items():
        row[headings.index(heading)] = text
    return as_csv(rows)


def results(content):
    return [row.result for row in read_back(content).rows]


def row_of(content, key="1"):
    return next(row for row in read_back(content).rows if row.name.endswith(f" {key}"))


# --- Reading ---


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("csv", "measures"),
        ("xlsx", "measures"),
        ("json", "measures"),
        ("csv", "compare"),
        ("xlsx", "compare"),
    ],
)
def test_a_file_that_nobody_changed_changes_nothing(reader, language, form, page):
    found = results(taken(reader, form, language, page))
    assert found
    assert set(found) == {RowResult.UNCHANGED}


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("gb18030", ";"), ("utf-16", "\t")]
)
def test_a_list_saved_by_another_program_is_read(reader, encoding, delimiter):
    rows = csv_rows(taken(reader))
    assert set(results(as_csv(rows, encoding, delimiter))) == {RowResult.UNCHANGED}


def test_a_changed_cell_changes_its_field_and_the_state_of_the_translation(reader):
    content = changed(
        taken(reader),
        "1",
        {
            "Title, our English": "A better title",
            "Beijing · our summary, English": "Shorter",
            "Beijing · practice, unofficial translation": "All of it",
        },
    )
    row = row_of(content)
    assert row.result is RowResult.UPDATE
    (beijing,) = [one for one in row.record.practices if one.city == "beijing"]
    assert (row.record.title_en, beijing.summary_en, beijing.practice_en) == (
        "A better title",
        "Shorter",
        "All of it",
    )
    assert results(content).count(RowResult.UPDATE) == 1


def test_a_category_is_named_in_either_language(reader):
    for name in ("Registering property", "登记财产"):
        assert (
            row_of(changed(taken(reader), "1", {"Category": name})).record.category
            == "property-registration"
        )
    row = row_of(changed(taken(reader), "1", {"Category": "Nothing"}))
    assert (row.result, "no category" in row.problem) == (RowResult.ERROR, True)


@pytest.mark.parametrize("heading", ["Title, as printed", "Beijing · practice, as printed"])
def test_words_of_the_source_are_never_changed_by_a_file(reader, heading):
    row = row_of(changed(taken(reader), "1", {heading: "改写"}))
    assert row.result is RowResult.ERROR
    assert "words of the source" in row.problem


def test_columns_that_are_not_read_are_named(reader):
    content = changed(taken(reader), "1", {"Citation": "Mine"})
    read = read_back(content)
    assert "Citation" in read.not_read
    assert read.count(RowResult.UNCHANGED) == len(read.rows)


def test_a_workbook_is_read_from_the_list_and_from_the_practices(reader):
    book = openpyxl.load_workbook(io.BytesIO(taken(reader, "xlsx")))
    measures, practices = book["Measures"], book["Practices"]
    headings = [cell.value for cell in measures[1]]
    measures.cell(2, headings.index("Title, our English") + 1).value = "From the list"
    headings = [cell.value for cell in practices[1]]
    practices.cell(2, headings.index("our summary, English") + 1).value = "From the practices"
    content = io.BytesIO()
    book.save(content)
    row = next(row for row in read_back(content.getvalue()).rows if row.result is RowResult.UPDATE)
    assert row.record.title_en == "From the list"
    assert "From the practices" in {one.summary_en for one in row.record.practices}


def edit_since(key="1", **fields):
    measure = world.get_measure(key)
    by = world.an_editor("other")
    editing.save_measure(replace(measure.to_record(), **fields), measure.version, by, "")


def test_a_change_of_another_field_since_is_kept_beside_the_row_s(reader):
    content = changed(taken(reader), "1", {"Title, our English": "Mine"})
    edit_since(category="property-registration")
    row = row_of(content)
    assert row.result is RowResult.UPDATE
    assert (row.record.title_en, row.record.category) == ("Mine", "property-registration")


def test_a_change_of_the_same_field_since_is_a_conflict_and_both_are_there(reader):
    content = changed(taken(reader), "1", {"Title, our English": "Mine"})
    edit_since(title_en="Theirs")
    row = row_of(content)
    assert row.result is RowResult.CONFLICT
    assert (row.live.title_en, row.record.title_en) == ("Theirs", "Mine")
    assert "version 1" in row.problem


def test_json_creates_what_is_not_there_and_updates_what_is(reader):
    values = json.loads(taken(reader, "json"))
    values[0]["title_en"] = "From JSON"
    read = read_back(json.dumps(values).encode())
    assert [row.result for row in read.rows[:2]] == [RowResult.UPDATE, RowResult.UNCHANGED]
    values[0]["key"] = "99"
    assert read_back(json.dumps(values).encode()).rows[0].result is RowResult.CREATE
    del values[0]["category"]
    (first, *_rest) = read_back(json.dumps(values).encode()).rows
    assert (first.result, "category" in first.problem) == (RowResult.ERROR, True)


def test_a_measure_twice_in_a_file_is_an_error_with_its_line(reader):
    rows = csv_rows(taken(reader))
    found = read_back(as_csv([*rows, rows[1]])).rows
    assert (found[-1].result, "line 2" in found[-1].problem) == (RowResult.ERROR, True)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Key": "77"}, "no such measure"),
        ({"Source": "Another"}, "no such measure"),
        ({"Version": "x"}, "is no number"),
        ({"Version": "９"}, "is no number"),
        ({"Version": "12"}, "no version 12"),
        ({"Title, our English": "x" * 3000}, ""),
    ],
)
def test_what_is_wrong_with_a_row_is_said(reader, cells, said):
    content = changed(taken(reader), "1", cells)
    (row,) = [row for row in read_back(content).rows if row.result is not RowResult.UNCHANGED]
    assert said in row.problem


def formula():
    book = openpyxl.Workbook()
    book.active.append(["Source", "Key", "Version"])
    book.active.append(["a", "=1+1", "1"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook():
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "no headings"),
        (lambda: b"a,b\n1,2\n", "no headings"),
        (lambda: b"Source,Key,Version\na,b,c,d\n", "Line 2 has more cells"),
        (lambda: b'Source,Key,Version\na,"b\n', "is no CSV"),
        (lambda: b"Source,Key,Version,Key\na,b,c,d\n", "stands twice"),
        (lambda: b"Source,Key,Version\n" + b"a,b,c\n" * (MAX_ROWS + 1), "more than 5000 rows"),
        (lambda: b"\xff\xff\xff", "no plain text"),
        (lambda: b"Source,Key,Version\na,\x00,1\n", "NUL character"),
        (lambda: b"a" * 20_000_001, "larger than 20 MB"),
        (lambda: b"[" * 100_000, "no JSON"),
        (lambda: b"[NaN]", "no JSON"),
        (formula, "B2"),
        (lambda: packed({"word/document.xml": b"<a/>"}), "no workbook"),
        (lambda: repacked(workbook(), xl__vbaProject_dot_bin=b"x"), "macros"),
        (lambda: repacked(workbook(), xl__externalLinks__a_dot_xml=b"x"), "other files"),
        (lambda: repacked(workbook(), xl__workbook_dot_xml=b"<"), "damaged"),
        (lambda: packed({"xl/workbook.xml": b" " * 100_000_001}), "unpacks"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(db, content, said):
    with pytest.raises(FileError) as refused:
        read_back(content())
    assert said in str(refused.value)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_itself_a_list_that_changes_nothing(reader, language):
    rows = template_rows(language)
    assert len(rows) == 2
    assert results(as_csv(rows)) == [RowResult.UNCHANGED]
    assert not read_back(as_csv(rows)).not_read


# --- In the admin ---


def signed_in(name, role):
    account = world.an_editor(name)
    account.is_superuser = False
    account.save()
    account.groups.add(Group.objects.get(name=role))
    browser = Client()
    browser.force_login(account)
    browser.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def mei(reader, settings):
    settings.PUBLISH_OWN_CHANGES = True
    return signed_in("mei", "Publisher")


def brought_in(browser, content, name="measures.csv"):
    answer = browser.post(ADD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, text_of(answer)
    return reverse("admin:reforms_importedfile_change", args=[ImportedFile.objects.latest("pk").pk])


def take(browser, address, lines, **more):
    fields = fields_of_form(browser.get(address), "rows_form")
    chosen = {"take": [str(line) for line in lines], "reason": "Revised", "_save": "1"}
    return browser.post(address, {**fields, **chosen, **more})


def test_rows_are_shown_with_their_differences_and_saved_when_ticked(mei, reader):
    content = changed(taken(reader), "1", {"Title, our English": "A better title"})
    address = brought_in(mei, content)
    shown = text_of(mei.get(address))
    assert "A better title" in shown
    assert "Unchanged" in shown
    line = row_of(content).line
    assert world.get_measure("1").version == 1
    assert take(mei, address, [line]).status_code == 302
    measure = world.get_measure("1")
    assert (measure.version, measure.title_en) == (2, "A better title")
    assert measure.versions.get(version=2).reason == "Revised"
    assert "No row changes anything" in text_of(mei.get(address))


def test_an_editor_s_rows_become_proposals(reader):
    li = signed_in("li", "Editor")
    content = changed(taken(reader), "1", {"Title, our English": "Proposed"})
    address = brought_in(li, content)
    assert take(li, address, [row_of(content).line]).status_code == 302
    assert Proposal.objects.get().record["title_en"] == "Proposed"
    assert world.get_measure("1").version == 1


def test_nothing_is_saved_over_what_was_not_shown(mei, reader):
    content = changed(taken(reader), "1", {"Title, our English": "Mine"})
    address = brought_in(mei, content)
    fields = fields_of_form(mei.get(address), "rows_form")
    edit_since(category="property-registration")
    posted = {**fields, "take": str(row_of(content).line), "reason": "Typed", "_save": "1"}
    answer = mei.post(address, posted)
    assert answer.status_code == 409
    assert "look at it again" in text_of(answer)
    assert fields_of_form(answer, "rows_form")["reason"] == "Typed"
    assert world.get_measure("1").title_en != "Mine"


def test_a_conflict_is_shown_with_both_and_cannot_be_ticked(mei, reader):
    content = changed(taken(reader), "1", {"Title, our English": "Mine"})
    edit_since(title_en="Theirs")
    address = brought_in(mei, content)
    shown = text_of(mei.get(address))
    assert "What they changed" in shown
    assert "Theirs" in shown
    answer = mei.post(address, {"take": str(row_of(content).line), "reason": "x", "_save": "1"})
    assert answer.status_code == 409
    assert world.get_measure("1").title_en == "Theirs"


def test_a_reason_and_a_row_are_needed(mei, reader):
    content = changed(taken(reader), "1", {"Title, our English": "Mine"})
    address = brought_in(mei, content)
    assert take(mei, address, []).status_code == 400
    assert take(mei, address, [row_of(content).line], reason="").status_code == 400


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_no_input_breaks_the_pages(mei, reader, odd):
    rows = csv_rows(taken(reader))
    for at in range(len(rows[0])):
        row = [*rows[1]]
        row[at] = odd
        assert mei.post(
            ADD, {"file": SimpleUploadedFile("x.csv", as_csv([rows[0], row], "utf-8"))}
        ).status_code in (302, 400)
    address = brought_in(mei, changed(taken(reader), "1", {"Title, our English": "Mine"}))
    assert mei.get(address, {"p": odd}).status_code in (200, 400)
    for fields in ({"take": odd, "reason": "x"}, {"take": "2", "version-2": odd, "reason": odd}):
        assert mei.post(address, {**fields, "_save": "1"}).status_code in (302, 400, 409)


def test_a_file_that_is_no_list_is_refused_at_its_field(mei):
    answer = mei.post(ADD, {"file": SimpleUploadedFile("x.csv", b"a,b\n")})
    assert answer.status_code == 400
    assert "no headings" in " ".join(answer.context["form"].errors["file"])
    assert not ImportedFile.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_downloaded_and_brought_back(mei, form):
    answer = mei.get(f"/admin/reforms/importedfile/template.{form}")
    assert answer.headers["Content-Disposition"].endswith(f'template.{form}"')
    assert results(answer.content) == [RowResult.UNCHANGED]


def test_who_may_not_propose_brings_nothing_in(reader):
    account = world.an_editor("stranger")
    account.is_superuser = False
    account.save()
    stranger = Client()
    stranger.force_login(account)
    for address in (
        ADD,
        "/admin/reforms/importedfile/",
        "/admin/reforms/importedfile/template.csv",
    ):
        assert stranger.get(address).status_code == 403


# --- The command ---


def test_the_command_reports_saves_and_repeats(reader, tmp_path, settings, capsys):
    settings.PUBLISH_OWN_CHANGES = True
    world.an_editor("mei")
    file = tmp_path / "measures.csv"
    file.write_bytes(changed(taken(reader), "1", {"Title, our English": "By command"}))
    call_command("import_measures", file, "--dry-run")
    assert "1 update" in capsys.readouterr().out
    assert world.get_measure("1").version == 1
    call_command("import_measures", file, "--by", "mei", "--reason", "Revised")
    measure = world.get_measure("1")
    assert (measure.title_en, measure.versions.get(version=2).reason) == ("By command", "Revised")
    capsys.readouterr()
    call_command("import_measures", file, "--by", "mei")
    assert "update" not in capsys.readouterr().out
    assert world.get_measure("1").version == 2


def test_the_command_says_what_it_did_not_save(reader, tmp_path, capsys):
    file = tmp_path / "measures.csv"
    file.write_bytes(changed(taken(reader), "1", {"Category": "Nothing"}))
    with pytest.raises(CommandError, match="1 rows were not saved"):
        call_command("import_measures", file, "--dry-run")
    assert "no category" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Give --by"):
        call_command("import_measures", file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_measures", tmp_path / "none.csv", "--dry-run")


def test_a_new_measure_that_does_not_fit_its_source_is_refused_whole(reader, settings):
    settings.PUBLISH_OWN_CHANGES = True
    mei = world.an_editor("mei")
    values = json.loads(taken(reader, "json"))
    read = read_back(json.dumps(values).encode())
    record = replace(read.rows[0].record, key="99")
    with pytest.raises(RecordError):
        importing.add_measure(record, mei.get_username())
    assert not Measure.objects.filter(key="99").exists()
