"""The named styles of a Word document, in fonts that Word and WPS share, for a person to restyle."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

# The Chinese and the Latin face of each voice: the source's words, headings and ours, remarks.
SONG, HEI, FANG = ("宋体", "Times New Roman"), ("黑体", "Arial"), ("仿宋", "Times New Roman")
# What else a Chinese face is called, on systems without Chinese names or without the face, and its kind.
OTHER_NAMES = {
    SONG[0]: ("SimSun,Songti SC,Noto Serif CJK SC,Source Han Serif SC", "roman"),
    HEI[0]: ("SimHei,Heiti SC,Noto Sans CJK SC,Source Han Sans SC", "swiss"),
    FANG[0]: ("FangSong,STFangsong,Noto Serif CJK SC,Source Han Serif SC", "roman"),
}
INK, QUIET, LINK = RGBColor(0, 0, 0), RGBColor(0x44, 0x4A, 0x52), RGBColor(0x1F, 0x4E, 0x79)

# The names of the styles, as a person finds them in the list of styles.
NORMAL, TITLE, HEADING_1, HEADING_2 = "Normal", "Title", "Heading 1", "Heading 2"
HEADING_3, HEADING_4 = "Heading 3", "Heading 4"
SOURCE, TRANSLATION, OURS = "Source Words", "Translation", "Our Words"
FIGURE, BESIDE, FACTS = "Figure", "Figure Compared", "Facts"
ABSENCE, CITATION = "Absence", "Citation"
TABLE_HEAD, ROW_HEAD, TABLE_GRID = "Table Head", "Row Head", "Table Grid"
LABEL, STRONG, LINKED = "Whose Words", "Strong", "Hyperlink"
FOOTNOTE_TEXT, FOOTNOTE_REFERENCE = "footnote text", "footnote reference"
HEADER, FOOTER = "Header", "Footer"

# Name, faces, size against that of running text, colour, space before and after in points, indent
# in points, bold.
_PARAGRAPHS: tuple[tuple[Any, ...], ...] = (
    (NORMAL, SONG, 1.0, INK, 0, 3, 0, False),
    (TITLE, HEI, 1.8, INK, 0, 6, 0, False),
    (HEADING_1, HEI, 1.5, INK, 16, 6, 0, False),
    (HEADING_2, HEI, 1.25, INK, 14, 4, 0, False),
    (HEADING_3, HEI, 1.15, INK, 12, 3, 0, False),
    (HEADING_4, HEI, 1.0, INK, 8, 2, 0, False),
    (SOURCE, SONG, 1.0, INK, 0, 4, 0, False),
    (TRANSLATION, FANG, 1.0, INK, 0, 4, 0, False),
    (OURS, HEI, 1.0, INK, 8, 4, 0, False),
    (FIGURE, SONG, 1.0, INK, 0, 2, 12, False),
    (BESIDE, HEI, 0.86, INK, 0, 3, 12, False),
    (FACTS, FANG, 0.9, QUIET, 0, 3, 0, False),
    (ABSENCE, FANG, 1.0, QUIET, 0, 4, 0, False),
    (CITATION, SONG, 0.9, INK, 0, 3, 20, False),
    (TABLE_HEAD, HEI, 1.0, INK, 0, 0, 0, False),
    (ROW_HEAD, HEI, 0.86, QUIET, 0, 1, 0, False),
    (FOOTNOTE_TEXT, FANG, 0.86, INK, 0, 1, 0, False),
    (HEADER, FANG, 0.86, QUIET, 0, 0, 0, False),
    (FOOTER, FANG, 0.86, QUIET, 0, 0, 0, False),
)
SECOND = 0.9
# The share of the room around paragraphs that a document with set lines keeps.
CLOSE = 0.4
# The sizes of its title and headings against running text.
_CLOSE_SHARES = {TITLE: 1.6, HEADING_1: 1.25, HEADING_2: 1.1}
_HEADINGS = {TITLE, HEADING_1, HEADING_2, HEADING_3, HEADING_4}


def set_styles(document: Any, size: float, second: str, *, is_dense: bool, line: float = 0) -> None:
    """Give an empty document its styles; ``size`` is that of running text, in points.

    ``second`` is the style of the words in the language that the reader asked for second: smaller.
    ``is_dense`` takes the room above the headings that stand in a table. ``line`` is the distance of
    running lines in points, the same in every face, with less room between paragraphs; 0 leaves
    both as they are.
    """
    styles = document.styles
    _set_defaults(styles.element)
    for name, faces, share, colour, before, after, indent, is_bold in _PARAGRAPHS:
        style = _style(styles, name, WD_STYLE_TYPE.PARAGRAPH)
        _set_faces(style, faces)
        before = 0 if is_dense and name in (HEADING_3, OURS) else before
        share = SECOND if name == second else share
        share = _CLOSE_SHARES.get(name, share) if line else share
        style.font.size = Pt(round(size * share * 2) / 2)
        style.font.color.rgb = colour
        style.font.bold, style.font.italic = is_bold, False
        shape = style.paragraph_format
        _set_distances(shape, name, before, after, share, line)
        shape.left_indent = Pt(indent)
        # The first line hangs, as an item of a list does; a remark on one stands under its words.
        shape.first_line_indent = Pt(0 if name == BESIDE else -indent)
        shape.keep_with_next = name in _HEADINGS
        shape.widow_control = True
        _drop(style.element, "w:pBdr", "w:contextualSpacing", "w:tabs")
        _drop(style.element.rPr, "w:spacing", "w:kern")
    label = _style(styles, LABEL, WD_STYLE_TYPE.CHARACTER)
    _set_faces(label, FANG)
    label.font.color.rgb = QUIET
    label.font.size = Pt(round(size * 0.86 * 2) / 2)
    label.font.bold = False
    linked = _style(styles, LINKED, WD_STYLE_TYPE.CHARACTER)
    linked.font.color.rgb, linked.font.underline = LINK, True
    _style(styles, STRONG, WD_STYLE_TYPE.CHARACTER).font.bold = True
    mark = _style(styles, FOOTNOTE_REFERENCE, WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True


def _set_distances(
    shape: Any, name: str, before: float, after: float, share: float, line: float
) -> None:
    """Set the room around a style's paragraphs and between its lines."""
    if line:
        shape.space_before, shape.space_after = Pt(before * CLOSE), Pt(after * CLOSE)
        shape.line_spacing = Pt(round(line * share * 2) / 2)
        return
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.15 if name in (TITLE, FOOTNOTE_TEXT, FOOTER) else 1.3


def _style(styles: Any, name: str, kind: Any) -> Any:
    known = {style.name for style in styles}
    if name in known:
        return styles[name]
    is_built_in = name in (FOOTNOTE_TEXT, FOOTNOTE_REFERENCE, LINKED)
    style = styles.add_style(name, kind, builtin=is_built_in)
    if kind == WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = styles[NORMAL]
    style.quick_style = True
    style.hidden = style.unhide_when_used = False
    return style


def _set_faces(style: Any, faces: tuple[str, str]) -> None:
    """Name the faces of a style, and take away those of the theme, which would go before them."""
    chinese, latin = faces
    style.font.name = latin
    fonts = style.element.rPr.rFonts
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute, name in (
        ("w:ascii", latin),
        ("w:hAnsi", latin),
        ("w:eastAsia", chinese),
        ("w:cs", latin),
    ):
        fonts.set(qn(attribute), name)


def _set_defaults(styles: Any) -> None:
    """Set faces and languages of whatever has no style of its own."""
    defaults = styles.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(properties):
        if child.tag in (qn("w:rFonts"), qn("w:lang")):
            properties.remove(child)
    fonts = OxmlElement("w:rFonts")
    for attribute, name in zip(
        ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"),
        (SONG[1], SONG[1], SONG[0], SONG[1]),
        strict=True,
    ):
        fonts.set(qn(attribute), name)
    properties.insert(0, fonts)
    language = OxmlElement("w:lang")
    for attribute, code in (("w:val", "en-US"), ("w:eastAsia", "zh-CN"), ("w:bidi", "ar-SA")):
        language.set(qn(attribute), code)
    properties.append(language)


def _drop(element: Any, *names: str) -> None:
    for name in names:
        for found in list(element.iter(qn(name))):
            found.getparent().remove(found)
