"""What a Word file must be for Word to open it without repair: parts, relationships, ids, the order of elements."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

# ECMA-376, part 1, 17: the order in which the schema lets children stand.
ORDERS = {
    "w:pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "w:rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "w:tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription tblPrChange"
    ),
    "w:tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
    "w:sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid printerSettings sectPrChange"
    ),
    "w:style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed "
        "qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr "
        "tblStylePr"
    ),
    "w:settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime "
        "doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText "
        "printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts "
        "saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges "
        "bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors "
        "hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate "
        "linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView "
        "trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride "
        "styleLockTheme styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit "
        "hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle "
        "defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting "
        "bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing "
        "displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery "
        "doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin "
        "drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning "
        "characterSpacingControl printTwoOnOne strictFirstAndLastChars noLineBreaksAfter "
        "noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema "
        "saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml "
        "saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace "
        "updateFields hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr "
        "attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats "
        "doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
        "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator"
    ),
    "w:font": (
        "altName panose1 charset family notTrueType pitch sig embedRegular embedBold embedItalic "
        "embedBoldItalic"
    ),
}
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def faults(body: bytes) -> list[str]:
    """Return what is wrong with a .docx file, one sentence a fault; empty where nothing is."""
    package = zipfile.ZipFile(io.BytesIO(body))
    names = package.namelist()
    found = [] if package.testzip() is None else ["A part does not match its checksum."]
    if len(names) != len(set(names)):
        found.append("A part stands twice in the package.")
    # Raises for a part that is not well-formed.
    parts = {
        name: parse_xml(package.read(name)) for name in names if name.endswith((".xml", ".rels"))
    }
    found += _untyped(names, parts["[Content_Types].xml"])
    for name, root in parts.items():
        found += _unrelated(name, root, names) if name.endswith(".rels") else _unordered(name, root)
    found += [*_undefined(parts), *_unnumbered(parts), *_unfinished(parts["word/document.xml"])]
    return found


def _untyped(names: list[str], types: Any) -> Iterator[str]:
    endings = {part.get("Extension") for part in types.iter(f"{TYPES}Default")}
    named = [part.get("PartName") for part in types.iter(f"{TYPES}Override")]
    if len(named) != len(set(named)):
        yield "A part has two types."
    yield from (f"{name} is typed, and is no part." for name in named if name[1:] not in names)
    for name in names:
        if name != "[Content_Types].xml" and f"/{name}" not in named:
            if name.rpartition(".")[2] not in endings:
                yield f"{name} has no type."
            elif name.startswith("word/") and name.endswith(".xml"):
                yield f"{name} has the type of any XML."


def _unrelated(name: str, root: Any, names: list[str]) -> Iterator[str]:
    ids = [part.get("Id") for part in root.iter(RELATIONSHIPS)]
    if len(ids) != len(set(ids)):
        yield f"{name} has an id twice."
    base = posixpath.dirname(posixpath.dirname(name))
    for part in root.iter(RELATIONSHIPS):
        target = part.get("Target")
        if part.get("TargetMode") == "External":
            continue
        path = posixpath.normpath(posixpath.join(base, target)).lstrip("/")
        if (target.lstrip("/") if target.startswith("/") else path) not in names:
            yield f"{name} leads to {target}, which is no part."


def _unordered(name: str, root: Any) -> Iterator[str]:
    for tag, order in ORDERS.items():
        places = {qn(f"w:{child}"): place for place, child in enumerate(order.split())}
        for element in root.iter(qn(tag)):
            held = [places.get(child.tag, -1) for child in element if _is_of_word(child)]
            if -1 in held:
                yield f"{name}: {tag} has a child that it may not have."
            if held != sorted(held):
                yield f"{name}: the children of {tag} stand in no order of the schema."


def _is_of_word(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(qn("w:p")[:-1])


def _undefined(parts: dict[str, Any]) -> Iterator[str]:
    """Yield the styles, numberings, relationships and places that are used and nowhere defined."""
    styles = {
        (style.get(qn("w:type")), style.get(qn("w:styleId")))
        for style in parts["word/styles.xml"].iter(qn("w:style"))
    }
    numbered = {
        number.get(qn("w:numId"))
        for number in parts.get("word/numbering.xml", parts["word/styles.xml"]).iter(qn("w:num"))
    }
    kinds = {"w:pStyle": "paragraph", "w:rStyle": "character", "w:tblStyle": "table"}
    for name, root in parts.items():
        if not name.startswith("word/") or name.endswith(".rels"):
            continue
        for tag, kind in kinds.items():
            for use in root.iter(qn(tag)):
                if (kind, use.get(qn("w:val"))) not in styles:
                    yield f"{name}: no {kind} style is called {use.get(qn('w:val'))}."
        for use in root.iter(qn("w:numId")):
            if use.get(qn("w:val")) not in numbered | {"0"}:
                yield f"{name}: there is no numbering {use.get(qn('w:val'))}."
        related = parts.get(f"word/_rels/{posixpath.basename(name)}.rels")
        ids = {part.get("Id") for part in related} if related is not None else set()
        for element in root.iter():
            if (link := element.get(qn("r:id"))) and link not in ids:
                yield f"{name}: there is no relationship {link}."


def _unnumbered(parts: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the numbers of footnotes and of bookmarks."""
    document = parts["word/document.xml"]
    marks = [mark.get(qn("w:id")) for mark in document.iter(qn("w:footnoteReference"))]
    if marks and "word/footnotes.xml" not in parts:
        yield "There are marks without footnotes."
    elif marks:
        notes = parts["word/footnotes.xml"]
        separators = [note.get(qn("w:id")) for note in notes if note.get(qn("w:type"))]
        ids = [note.get(qn("w:id")) for note in notes if not note.get(qn("w:type"))]
        named = parts["word/settings.xml"].find(qn("w:footnotePr"))
        if separators != ["-1", "0"] or ids != marks or len(ids) != len(set(ids)):
            yield "Footnotes and their marks do not match."
        if named is None or [note.get(qn("w:id")) for note in named] != separators:
            yield "The settings do not name the separators."
    elif "word/footnotes.xml" in parts:
        yield "There are footnotes without marks."
    begun = [mark.get(qn("w:id")) for mark in document.iter(qn("w:bookmarkStart"))]
    ended = [mark.get(qn("w:id")) for mark in document.iter(qn("w:bookmarkEnd"))]
    names = [mark.get(qn("w:name")) for mark in document.iter(qn("w:bookmarkStart"))]
    if begun != ended or len(set(begun)) != len(begun) or len(set(names)) != len(names):
        yield "Bookmarks do not match."
    for link in document.iter(qn("w:hyperlink")):
        if (anchor := link.get(qn("w:anchor"))) and anchor not in names:
            yield f"A link leads to {anchor}, which is no place."


def _unfinished(document: Any) -> Iterator[str]:
    """Yield cells that do not end in a paragraph, rows that do not fill their table, a body without end."""
    for cell in document.iter(qn("w:tc")):
        if cell[-1].tag != qn("w:p"):
            yield "A cell does not end in a paragraph."
    for table in document.iter(qn("w:tbl")):
        columns = len(table.find(qn("w:tblGrid")))
        for row in table.iter(qn("w:tr")):
            spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in row.tc_lst]
            if columns != sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans):
                yield "A row does not fill its table."
        if table.getnext() is None or table.getnext().tag != qn("w:p"):
            yield "A table is not followed by a paragraph."
    if document.body[-1].tag != qn("w:sectPr"):
        yield "The body does not end in a section."
