"""A Word document in the making: paragraphs in named styles, real footnotes, links, tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from reforms.exports import styles
from reforms.exports.entries import Asked
from reforms.models.fields import in_english

A4 = (Cm(21), Cm(29.7))
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
TWIP = 635
FOOTER_TITLE = 40

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Run:
    """A stretch of words in one character style.

    ``notes`` are the texts of the footnotes whose marks follow it; ``to`` is the name of a place in
    the document, or an address, that it leads to.
    """

    text: str
    style: str = ""
    notes: tuple[str, ...] = ()
    to: str = ""


@dataclass(frozen=True)
class Shape:
    """How a document lies, how large its words are in points, and its margins in centimetres.

    ``line`` is the distance of running lines in points, where it is the same in every face: a page
    then holds as many lines whatever faces a reader has. Else it follows from the face.
    """

    size: float = 10.5
    is_landscape: bool = False
    across: float = 2.5
    down: float = 2.2
    line: float = 0


class WordFile:
    """A document to which paragraphs and tables are added in their order, then saved."""

    def __init__(self, asked: Asked, shape: Shape) -> None:
        self.document = docx.Document()
        self.part = self.document.part
        self.shape = shape
        self._footnotes: list[Any] = []
        self._places = 0
        self._addresses: dict[str, str] = {}
        second = styles.SOURCE if in_english() else styles.TRANSLATION
        styles.set_styles(
            self.document, shape.size, second, is_dense=shape.is_landscape, line=shape.line
        )
        self._ids = {str(style.name): style.style_id for style in self.document.styles}
        self._end: Any = self.document.element.body.sectPr
        self._set_page()
        self._set_properties(asked)
        self._set_settings()
        self._set_font_table()
        self._add_footer(asked)

    # --- Paragraphs ---

    def add(
        self,
        style: str,
        *pieces: Run | str,
        into: Any = None,
        place: str = "",
        on_new_page: bool = False,
        is_kept: bool = False,
    ) -> None:
        """Add a paragraph in a style, at the end or into a cell.

        ``place`` names it, so that a run can lead to it. One that ``is_kept`` stands on the page of
        what follows. A line feed begins a new line.
        """
        paragraph = self._paragraph(style)
        if is_kept:
            paragraph.pPr.append(OxmlElement("w:keepNext"))
        if on_new_page:
            paragraph.pPr.append(OxmlElement("w:pageBreakBefore"))
        if place:
            paragraph.extend(self._bookmark(place))
        for piece in pieces:
            self._add_run(paragraph, Run(piece) if isinstance(piece, str) else piece)
        if into is None:
            self._end.addprevious(paragraph)
        else:
            into.append(paragraph)

    def _paragraph(self, style: str) -> Any:
        paragraph = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        properties.append(_valued("w:pStyle", self._ids[style]))
        paragraph.append(properties)
        return paragraph

    def _bookmark(self, name: str) -> list[Any]:
        self._places += 1
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        begin.set(qn("w:id"), str(self._places))
        begin.set(qn("w:name"), name)
        end.set(qn("w:id"), str(self._places))
        return [begin, end]

    def _add_run(self, paragraph: Any, run: Run) -> None:
        if run.text:
            element = self._run(run.text, run.style)
            paragraph.append(self._link(element, run.to) if run.to else element)
        for note in run.notes:
            paragraph.append(self._footnote(note))

    def _run(self, text: str, style: str = "") -> Any:
        """Return a run; mostly Chinese words take the Chinese face for their quotation marks too."""
        run = OxmlElement("w:r")
        properties = OxmlElement("w:rPr")
        if style:
            properties.append(_valued("w:rStyle", self._ids[style]))
        chinese = len(_CHINESE.findall(text))
        if chinese and chinese * 2 > len(_LATIN.findall(text)):
            fonts = OxmlElement("w:rFonts")
            fonts.set(qn("w:hint"), "eastAsia")
            properties.append(fonts)
        if len(properties):
            run.append(properties)
        for number, line in enumerate(_NOT_XML.sub("\ufffd", text).split("\n")):
            if number:
                run.append(OxmlElement("w:br"))
            if line:
                words = OxmlElement("w:t")
                words.text = line
                words.set(qn("xml:space"), "preserve")
                run.append(words)
        return run

    def _link(self, run: Any, to: str) -> Any:
        link = OxmlElement("w:hyperlink")
        if to.startswith(("http://", "https://")):
            if to not in self._addresses:
                self._addresses[to] = self.part.relate_to(
                    to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
                )
            link.set(qn("r:id"), self._addresses[to])
        else:
            link.set(qn("w:anchor"), to)
        link.set(qn("w:history"), "1")
        link.append(run)
        return link

    def _footnote(self, text: str) -> Any:
        """Keep a new footnote with this text; return its mark."""
        number = str(len(self._footnotes) + 1)
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), number)
        paragraph = self._paragraph(styles.FOOTNOTE_TEXT)
        own_mark = self._run("", styles.FOOTNOTE_REFERENCE)
        own_mark.append(OxmlElement("w:footnoteRef"))
        paragraph.extend([own_mark, self._run(f" {text}")])
        note.append(paragraph)
        self._footnotes.append(note)
        mark = self._run("", styles.FOOTNOTE_REFERENCE)
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), number)
        mark.append(reference)
        return mark

    # --- Tables ---

    def table(self, widths: Sequence[float], head: Sequence[str]) -> Any:
        """Add a table whose first row repeats on every page, and return it.

        ``widths`` are shares of the width between the margins.
        """
        section = self.document.sections[0]
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        columns = [round(room * width / sum(widths) / TWIP) for width in widths]
        grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
        table = parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{self._ids[styles.TABLE_GRID]}"/>'
            f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
            '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>"
        )
        self._end.addprevious(table)
        for cell, words in zip(self.row(table, is_head=True), head, strict=True):
            self.add(styles.TABLE_HEAD, words, into=cell)
        return table

    def row(self, table: Any, *, is_head: bool = False, is_whole: bool = False) -> list[Any]:
        """Add a row to a table; return its cells, each to be given one paragraph at least.

        A row that ``is_whole`` has one cell across all columns, and stays on one page.
        """
        row = OxmlElement("w:tr")
        if is_head or is_whole:
            properties = OxmlElement("w:trPr")
            properties.append(OxmlElement("w:cantSplit"))
            if is_head:
                properties.append(OxmlElement("w:tblHeader"))
            row.append(properties)
        widths = [int(column.get(qn("w:w"))) for column in table.tblGrid.gridCol_lst]
        cells = []
        for room in [sum(widths)] if is_whole else widths:
            cell = OxmlElement("w:tc")
            properties = OxmlElement("w:tcPr")
            width = _valued("w:tcW", str(room), "w:w")
            width.set(qn("w:type"), "dxa")
            properties.append(width)
            if is_whole:
                properties.append(_valued("w:gridSpan", str(len(widths))))
            if is_head or is_whole:
                shading = _valued("w:shd", "clear")
                shading.set(qn("w:color"), "auto")
                shading.set(qn("w:fill"), "DCE3EA" if is_head else "F2F4F7")
                properties.append(shading)
            cell.append(properties)
            row.append(cell)
            cells.append(cell)
        table.append(row)
        return cells

    # --- The file ---

    def save(self) -> bytes:
        """Return the document as the bytes of a .docx file."""
        if self._footnotes:
            self._add_footnotes()
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _add_footnotes(self) -> None:
        """Add the part that holds the footnotes, for which python-docx has no words.

        ECMA-376, part 1, 11.3.7 and 17.11: two separators, which the settings name, then the notes.
        """
        root = parse_xml(
            f"<w:footnotes {nsdecls('w')}>"
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p>'
            '</w:footnote><w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
            "<w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
        )
        root.extend(self._footnotes)
        blob = serialize_part_xml(root)
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, blob, self.part.package)
        self.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        named = parse_xml(
            f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
            "</w:footnotePr>"
        )
        self.document.settings.element.find(qn("w:compat")).addprevious(named)

    def _set_page(self) -> None:
        section = self.document.sections[0]
        width, height = A4
        if self.shape.is_landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = Cm(self.shape.across)
        section.top_margin = section.bottom_margin = Cm(self.shape.down)
        section.header_distance = section.footer_distance = Cm(1.1)

    def _set_properties(self, asked: Asked) -> None:
        properties = self.document.core_properties
        properties.title = _NOT_XML.sub("\ufffd", asked.title)[:255]
        properties.author = properties.last_modified_by = _("Reform Measures Catalog")
        properties.comments = _NOT_XML.sub("\ufffd", asked.address)[:255]
        properties.language = asked.language
        properties.created = properties.modified = asked.made_at.astimezone(UTC).replace(
            tzinfo=None
        )

    def _set_settings(self) -> None:
        """Say that the document is of today's Word, and which languages it is in."""
        settings = self.document.settings.element
        for setting in settings.iter(qn("w:compatSetting")):
            if setting.get(qn("w:name")) == "compatibilityMode":
                setting.set(qn("w:val"), "15")
        for language in settings.iter(qn("w:themeFontLang")):
            language.set(qn("w:eastAsia"), "zh-CN")

    def _set_font_table(self) -> None:
        """Tell what else the Chinese faces are called, and which of a reader's own may stand in.

        ECMA-376, part 1, 17.8.3.1: alternative names, between commas.
        """
        part = self.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
            f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
            for name, (others, family) in styles.OTHER_NAMES.items()
        )
        part._blob = serialize_part_xml(parse_xml(f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"))

    def _add_footer(self, asked: Asked) -> None:
        """Name the document, the catalog, the day and the page at the foot of every page."""
        footer = self.document.sections[0].footer.paragraphs[0]
        properties = footer._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:pos="{self._width()}"/></w:tabs>'
            )
        )
        catalog = _("Reform Measures Catalog")
        today = _("As of %(today)s") % {"today": asked.made_on}
        title = f"{asked.title[:FOOTER_TITLE]}…" if len(asked.title) > FOOTER_TITLE else asked.title
        names = dict.fromkeys((title, catalog, today))
        footer._p.append(self._run(" · ".join(names)))
        tab = OxmlElement("w:r")
        tab.append(OxmlElement("w:tab"))
        footer._p.append(tab)
        for piece in ("PAGE", None, "NUMPAGES"):
            if piece is None:
                footer._p.append(self._run(" / "))
                continue
            field = _valued("w:fldSimple", f" {piece} ", "w:instr")
            field.append(self._run("1"))
            footer._p.append(field)

    def _width(self) -> int:
        section = self.document.sections[0]
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        return round(room / TWIP)


def _valued(tag: str, value: str, attribute: str = "w:val") -> Any:
    element = OxmlElement(tag)
    element.set(qn(attribute), value)
    return element
