"""The text of uploaded documents: every paragraph in its order, numbers that Word counts, hostile files refused."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from itertools import product

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reforms.documents import DocumentError, Kind, kind_of, limits, read_document, reading
from reforms.documents.html import read_html
from reforms.documents.kinds import ERRORS
from reforms.documents.numbering import chinese, formatted
from reforms.documents.pdf import _Line, _over_pages
from reforms.documents.radicals import with_characters
from reforms.documents.word import read_word
from reforms.numerals import numeral_value

NOTICE = "关于推广经验的通知\n一、获得电力（共1项）\n1.网上办理。企业在网上提交申请。\n上海市：压缩至15天。"


def word_file(*paragraphs, change=None):
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if change:
        change(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def packed(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def repacked(content, **parts):
    """Return a packed file with some parts changed: their names without folders and endings."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return packed(
        kept | {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    )


def pdf_file(lines, *, size=12, width=595, left=72):
    """Write a PDF of one page by hand: each line is (words, x, y), in a font that maps to Unicode."""
    text = "".join(words for words, _x, _y in lines)
    codes = {character: number + 1 for number, character in enumerate(dict.fromkeys(text))}
    mapping = "".join(f"<{code:04x}> <{ord(character):04x}>\n" for character, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(codes)} beginbfchar\n{mapping}endbfchar endcmap end end"
    )
    drawn = "".join(
        f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{codes[one]:04x}' for one in words)}> Tj ET\n"
        for words, x, y in lines
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 "
        "/FontDescriptor 8 0 R >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -200 1000 900] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    start = len(content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    content += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    content += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    )
    return content


def code_of(content):
    with pytest.raises(DocumentError) as refused:
        read_document(content)
    assert str(refused.value)
    return refused.value.code


# --- Which kind, and plain text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_is_taken_as_it_is(encoding):
    document = read_document(NOTICE.encode(encoding))
    assert (document.kind, document.text, document.notes) == (Kind.TEXT, NOTICE, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_is_known_by_its_beginning_in_any_encoding(encoding):
    content = f"\n<!-- x --><!DOCTYPE html><html><body><p>{NOTICE}</p></body></html>"
    assert kind_of(content.encode(encoding)) is Kind.HTML


def test_a_text_that_speaks_of_a_page_is_none():
    assert kind_of("本通知载于<html>页面".encode()) is Kind.TEXT


# --- Word ---


def test_a_word_file_is_read_paragraph_by_paragraph():
    document = read_document(word_file(*NOTICE.split("\n")))
    assert (document.kind, document.text) == (Kind.DOCX, NOTICE)


def test_a_table_is_read_cell_by_cell_a_tab_before_all_but_the_first():
    def add_table(document):
        table = document.add_table(2, 3)
        for at, words in enumerate(("序号", "举措", "范围", "1", "在线报装", "全国")):
            table.cell(at // 3, at % 3).text = words

    text, _notes = read_word(word_file("清单", change=add_table))
    assert text == "清单\n序号\n\t举措\n\t范围\n1\n\t在线报装\n\t全国"


def test_numbers_that_word_counts_are_written_out():
    def number(document):
        numbering = document.part.numbering_part.element
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), "77")
        for level, (form, text) in enumerate((("chineseCounting", "%1、"), ("decimal", "%2."))):
            own = OxmlElement("w:lvl")
            own.set(qn("w:ilvl"), str(level))
            for name, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
                child = OxmlElement(f"w:{name}")
                child.set(qn("w:val"), value)
                own.append(child)
            abstract.append(own)
        numbering.insert(0, abstract)
        one = OxmlElement("w:num")
        one.set(qn("w:numId"), "78")
        child = OxmlElement("w:abstractNumId")
        child.set(qn("w:val"), "77")
        one.append(child)
        numbering.append(one)
        for paragraph, level in zip(document.paragraphs, (0, 1, 1, 0, 1), strict=True):
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = 78

    text, notes = read_word(word_file("电力", "报装", "办结", "贸易", "申报", change=number))
    assert text.split("\n") == ["一、电力", "1.报装", "2.办结", "二、贸易", "1.申报"]
    assert [(note.code, note.values) for note in notes] == [("numbers", {"count": 5})]


def test_deleted_and_hidden_words_are_left_out_and_inserted_ones_kept():
    def track(document):
        paragraph = document.paragraphs[0]._p
        for tag, words, text_tag in (("del", "删去", "delText"), ("ins", "补上", "t")):
            change = OxmlElement(f"w:{tag}")
            run = OxmlElement("w:r")
            text = OxmlElement(f"w:{text_tag}")
            text.text = words
            run.append(text)
            change.append(run)
            paragraph.append(change)
        hidden = document.paragraphs[0].add_run("隐藏")
        hidden.font.hidden = True

    text, notes = read_word(word_file("原文", change=track))
    assert text == "原文补上"
    assert "hidden" in {note.code for note in notes}


def test_heads_of_pages_are_said_and_pictures_counted():
    def head(document):
        document.sections[0].header.paragraphs[0].text = "第一版"

    _text, notes = read_word(word_file("甲", change=head))
    assert [note.values["words"] for note in notes if note.code == "page_heads"] == ["第一版"]


def test_numbers_are_written_in_chinese_as_they_are_read():
    assert [numeral_value(chinese(number)) for number in range(1, 1000)] == [*range(1, 1000)]


@pytest.mark.parametrize(
    ("number", "form", "words"),
    [
        (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"),
        (28, "lowerLetter", "bb"),
        (3, "ideographTraditional", "丙"),
        (12, "ideographDigital", "一二"),
        (12, "decimalFullWidth", "１２"),
        (5, "decimalZero", "05"),
        (7, "decimalEnclosedCircle", "⑦"),
        (21, "decimalEnclosedCircle", "21"),
        (110, "chineseCounting", "一百一十"),
        (10, "chineseCounting", "十"),
        (105, "chineseCounting", "一百零五"),
        (5, "some new form", "5"),
    ],
)
def test_the_forms_of_numbers(number, form, words):
    assert formatted(number, form) == words


# --- HTML ---


def test_a_page_is_read_block_by_block():
    page = """<html><head><title>不读</title><script>alert(1)</script></head><body>
    <h1>关于推广
    经验的通知</h1><p>一、电力<br>二、贸易</p><p hidden>隐藏</p>
    <div style="display: none">也隐藏</div>
    <ol><li>报装</li><li>办结</li></ol><ul><li>不编号</li></ul>
    <table><tr><td>序号</td><td><p>举措</p></td></tr><tr><td>1</td><td>A &amp; B</td></tr></table>
    尾&nbsp;文<img src="http://example.org/x.png"></body></html>"""
    text, notes = read_html(page.encode())
    assert text.split("\n") == [
        "关于推广经验的通知",
        "一、电力",
        "二、贸易",
        "1. 报装",
        "2. 办结",
        "不编号",
        "序号",
        "\t举措",
        "1",
        "\tA & B",
        "尾\xa0文",
    ]
    assert {note.code for note in notes} == {"pictures", "numbers", "hidden"}


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "utf-8", "no-such"])
def test_a_page_is_decoded_by_what_it_says_else_as_text_is(charset):
    encoding = "gb18030" if charset.lower().startswith("gb") else "utf-8"
    page = f'<html><meta charset="{charset}"><p>获得电力㐀</p></html>'
    assert read_html(page.encode(encoding))[0] == "获得电力㐀"


def test_a_deep_page_is_read_or_refused_and_breaks_nothing():
    page = "<html>" + "<div>" * 100_000 + "词" + "</div>" * 100_000
    with suppress(DocumentError):
        assert "词" in read_document(page.encode()).text


# --- PDF ---


def test_a_pdf_is_read_with_its_full_lines_joined_and_its_radicals_mended():
    full = "企" * 36
    lines = [
        ("关于推广的通知", 200, 760),
        ("　　" + full[:34], 72, 730),
        (full, 72, 712),
        ("业办理。", 72, 694),
        ("⼯作⻛险，第１项：", 96, 676),
    ]
    document = read_document(pdf_file(lines))
    assert document.kind is Kind.PDF
    assert document.text.split("\n") == [
        "关于推广的通知",
        full[:34] + full + "业办理。",
        "工作风险，第１项：",
    ]
    assert {note.code: dict(note.values) for note in document.notes} == {
        "wrapped": {},
        "radicals": {"count": 2},
    }


def test_a_paragraph_ends_where_the_next_line_stands_further_below_or_a_short_line_ends():
    full = "企" * 36
    lines = [
        (full, 72, 760),
        (full[:34], 72, 742),
        ("询办理。", 72, 724),
        (full[:34] + "。", 72, 700),
        ("办结" + full[:30] + "。", 72, 682),
        (full, 72, 640),
    ]
    assert read_document(pdf_file(lines)).text.split("\n") == [
        full + full[:34] + "询办理。",
        full[:34] + "。" + "办结" + full[:30] + "。",
        full,
    ]


def test_a_paragraph_goes_on_over_a_page_and_its_number_comes_after_it():
    full = "企" * 36
    first = [_Line(full, 72, 504, 100, 12), _Line("- 1 -", 280, 310, 40, 12)]
    second = [_Line("业办理。", 72, 120, 780, 12), _Line(full, 72, 504, 750, 12)]
    found = _over_pages([first, [], second])
    assert [[line.words for line in lines] for lines in found] == [
        [full, "业办理。"],
        ["- 1 -"],
        [full],
    ]
    first[0].words = full[:-1] + "。"
    assert len(_over_pages([first, second])) == 4


def test_radicals_alone_are_changed():
    assert with_characters("⼯⺠⻚﨎１：（Ａ）ﬁ") == ("工民页﨎１：（Ａ）ﬁ", 3)


def test_a_pdf_of_pictures_says_that_it_has_no_text():
    assert code_of(pdf_file([])) == "no_text_layer"


# --- Hostile files ---


def test_what_is_too_large_is_refused_before_it_is_looked_at(monkeypatch):
    monkeypatch.setattr(reading, "kind_of", None)
    assert code_of(b"a" * (limits.MAX_BYTES + 1)) == "too_large"


def test_a_bomb_is_refused_unopened():
    bomb = packed({"word/document.xml": b" " * (limits.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 200_000
    assert code_of(bomb) == "bomb"
    assert (
        code_of(packed({f"word/{number}": b"" for number in range(limits.MAX_FILES + 1)})) == "bomb"
    )


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(packed({"word/document.xml": b" " * 1_000_000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    assert code_of(bytes(content)) == "broken"


def test_macros_and_parts_from_elsewhere_are_refused():
    good = word_file("甲")
    assert code_of(repacked(good, word__vbaProject_dot_bin=b"x")) == "macros"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/{kind}" Target="http://example.org/a" TargetMode="External"/></Relationships>'
    )
    name = "word___rels__settings_dot_xml_dot_rels"
    for kind in ("attachedTemplate", "image", "oleObject", "frame"):
        assert code_of(repacked(good, **{name: relations.format(kind=kind)})) == "external"
    linked = repacked(good, **{name: relations.format(kind="hyperlink")})
    assert read_document(linked).text == "甲"


def test_entities_are_refused():
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    assert code_of(packed({"word/document.xml": laughs + body})) == "entities"
    outside = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html>&a;</html>'
    assert code_of(outside.encode()) == "entities"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_word"),
        (b"{\\rtf1 a}", "rich_text"),
        (packed({"xl/workbook.xml": b"<a/>"}), "not_word"),
        (packed({"word/document.xml": b"<a"}), "broken"),
        (packed({"word/document.xml": b"<a/>"}), "not_word"),
        (b"PK\x03\x04" + b"\0" * 100, "broken"),
        (b"%PDF-1.7\nnothing", "broken"),
        (b"\xff\xff\xff", "not_text"),
        (b" \n ", "empty"),
        (b"<html></html>", "empty"),
        (b"", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content, code):
    assert code_of(content) == code


def test_a_file_cut_off_anywhere_is_read_or_refused():
    for content, step in ((word_file("甲"), 4_001), (pdf_file([("甲", 72, 700)]), 211)):
        for end in range(5, len(content), step):
            with suppress(DocumentError):
                assert read_document(content[:end]).text


def test_a_reader_that_takes_too_long_or_dies_is_a_refusal(monkeypatch):
    class Died:
        returncode = -9
        stderr = b""

    monkeypatch.setattr(reading.subprocess, "run", lambda *given, **options: Died())
    assert code_of(b"<html>a</html>") == "too_slow"

    def slow(*given, **options):
        raise reading.subprocess.TimeoutExpired("worker", 1)

    monkeypatch.setattr(reading.subprocess, "run", slow)
    assert code_of(b"<html>a</html>") == "too_slow"


def test_every_sentence_can_be_said():
    for code, given in product(ERRORS, [{"target": "a"}]):
        assert "%(" not in str(DocumentError(code, **given))


def test_compressed_streams_that_unpack_without_end_are_bounded():
    stream = zlib.compress(b"BT /F1 12 Tf (a) Tj ET " * 4_000_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    content = b"%PDF-1.4\n"
    for number, one in enumerate(objects, start=1):
        content += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    content += b"trailer << /Root 1 0 R >>\n%%EOF"
    assert len(content) < 500_000
    assert code_of(content) in ("too_slow", "too_long", "broken")
