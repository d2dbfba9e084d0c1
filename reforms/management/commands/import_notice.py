"""Read a new notice and save it unpublished, whole and with nothing left open."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max

from catalog.start import refuse_missing_tables
from reforms.documents import MAX_BYTES, DocumentError, read_document
from reforms.exchange import RecordError
from reforms.importing import Result, load_catalog
from reforms.models import Category, City, Source
from reforms.new_notice import Facts, catalog_of, open_questions, printed_facts, verbatim
from reforms.notice import NoticeError, Reading, read_notice
from reforms.records import SLUG, Completeness
from reforms.search import count_rows_anew

SHOWN_CHARACTERS = 40


class Command(BaseCommand):
    """Arguments in, one reading, one load, a report out."""

    help = """Read a notice from a file and save it as a new source, unpublished.

The file is Word (DOCX), PDF with its text, HTML, or plain text in UTF-8, UTF-16 with its mark or GB18030, of
at most 20 MB. Every character is accounted for: the report
says how many measures were found in each section, what the text prints about itself, and in plain
words, with line and column, wherever reading took a judgement. Places and categories come from the
text; what it does not give comes from --city and --category, and is never guessed: with something
left open nothing is saved. One transaction; a second run of the same file changes nothing; what
somebody edited since stays. Readers see the source once a Publisher ticks "public" on its page in
the admin.

  manage.py import_notice notice.txt --dry-run
  manage.py import_notice notice.txt --slug guobanfa-2022-35 --short-name-zh 首批复制推广举措
      --short-name-en "First measures to replicate" --title-en "Notice on ..." --category trade"""

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, what is known of the source, and the dry run."""
        parser.add_argument("file", type=Path, help="the notice; - for standard input")
        parser.add_argument("--slug", help="its name in addresses: small letters, digits, hyphens")
        parser.add_argument("--short-name-zh", help="stands beside its measures' numbers")
        parser.add_argument("--short-name-en", help="the same in English")
        parser.add_argument("--title-zh", help="the title as printed, where it was not found")
        parser.add_argument("--title-en", help="our translation of the title")
        parser.add_argument(
            "--missing-zh", help="what is missing, where the text is only a part of the document"
        )
        parser.add_argument("--missing-en", help="the same in English")
        parser.add_argument("--publication-zh", help="where it was printed, as printed")
        parser.add_argument("--address", help="where it stands on the Web")
        parser.add_argument(
            "--city", help="the place of every measure whose text names none: a slug"
        )
        parser.add_argument(
            "--category", help="the category of every measure whose section names none: a slug"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and write nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Read, report, and save what has nothing open."""
        refuse_missing_tables()
        try:
            document = read_document(_content(options["file"]))
        except DocumentError as error:
            raise CommandError(f"Nothing was saved. {error}") from error
        text = verbatim(document.text)
        for note in document.notes:
            self.stdout.write(f"{document.kind:>10}  {note.template % note.values}")
        cities = {row.name_zh: row.slug for row in City.objects.order_by("position")}
        categories = {row.name_zh: row.slug for row in Category.objects.order_by("position")}
        for name, known in (("city", cities), ("category", categories)):
            given = options[name]
            if given and given not in known.values():
                raise CommandError(
                    f"--{name}: {given} is not in the catalog; it has {', '.join(known.values())}."
                )
        try:
            reading = read_notice(
                text,
                source=options["slug"] or "new-notice",
                places=cities,
                categories=categories,
                default_category=options["category"],
                default_city=options["city"],
            )
        except NoticeError as error:
            raise CommandError(f"Nothing was saved. {error}") from error
        self._report(text, reading)
        questions = open_questions(reading)
        if options["dry_run"] and (questions or not options["slug"]):
            self.stdout.write("Dry run: nothing was written.")
            return
        if questions:
            raise CommandError(
                f"Nothing was saved: {len(questions)} places above have to be decided first "
                "(marked with !). Name --city or --category, or add the place or the category in "
                "the admin and run this again."
            )
        if not reading.measures:
            raise CommandError("Nothing was saved: no measure was found.")
        self._save(text, reading, options)

    def _report(self, text: str, reading: Reading) -> None:
        """Say what was found: the document, sections, measures, roles, warnings."""
        printed = printed_facts(text, reading)
        for label, value in (
            ("title", printed.title_zh),
            ("issuer", printed.issuer_zh),
            ("number", printed.document_number),
            ("date", printed.date_as_printed),
        ):
            self.stdout.write(f"{label:>10}  {value or 'not printed'}")
        by_section = Counter(measure.section for measure in reading.measures)
        for section in reading.sections:
            declared = section.declared_count
            said = f", {declared} declared" if declared is not None else ""
            self.stdout.write(
                f"{section.label:>10}  {section.name_zh}: {by_section[section.label]} found{said}"
            )
        for measure in reading.measures:
            title = (measure.title_zh or "no title")[:SHOWN_CHARACTERS]
            places = ", ".join(part.city or "?" for part in measure.practices) or "no practice"
            self.stdout.write(f"{measure.key:>10}  {title} · {places} · {measure.category or '?'}")
        questions = open_questions(reading)
        for warning in reading.warnings:
            mark = "!" if warning in questions else " "
            where = f"{warning.line}:{warning.column}"
            self.stdout.write(f"{mark}{where:>9}  {warning}")
        characters = sum(not one.isspace() for one in text)
        self.stdout.write(
            f"{len(reading.measures)} measures in {len(reading.sections)} sections; "
            f"all {characters} characters have a place; {len(reading.warnings)} warnings, "
            f"{len(questions)} of them to decide."
        )

    def _save(self, text: str, reading: Reading, options: dict[str, Any]) -> None:
        """Store the source and its measures, or say why not."""
        try:
            facts = self._facts(text, reading, options)
            known = Source.objects.filter(slug=facts.slug).first()
            highest = Source.objects.aggregate(most=Max("position"))["most"] or 0
            position = known.position if known else highest + 1
            catalog = catalog_of(text, reading, facts, position, {})
            report = load_catalog(catalog, by_name="import_notice", is_dry_run=options["dry_run"])
        except RecordError as error:
            raise CommandError(f"Nothing was saved. {error}") from error
        if not options["dry_run"]:
            count_rows_anew()
        own = {facts.slug, *(measure.identity for measure in catalog.measures)}
        counts = Counter(result for result, _what, name in report.lines if name in own)
        said = ", ".join(f"{counts[result]} {result}" for result in Result if counts[result])
        ending = " (dry run: nothing was written)" if options["dry_run"] else ""
        self.stdout.write(self.style.SUCCESS(f"{said}{ending}"))

    def _facts(self, text: str, reading: Reading, options: dict[str, Any]) -> Facts:
        """Return what is known of the source: as given, else as printed."""
        needed = ("slug", "short_name_zh", "short_name_en", "title_en")
        lacking = [f"--{name.replace('_', '-')}" for name in needed if not options[name]]
        printed = printed_facts(text, reading)
        title = options["title_zh"] or printed.title_zh
        if not title:
            lacking.append("--title-zh")
        if bool(options["missing_zh"]) != bool(options["missing_en"]):
            lacking.append("--missing-zh and --missing-en together")
        if lacking:
            raise CommandError(f"Nothing was saved: give {', '.join(lacking)}.")
        if not SLUG.fullmatch(options["slug"]):
            raise CommandError("--slug: use small letters, digits and single hyphens.")
        same = Source.objects.filter(text=text).exclude(slug=options["slug"]).first()
        if same:
            raise CommandError(f"Nothing was saved: {same.slug} has this text already.")
        is_part = bool(options["missing_zh"])
        return Facts(
            slug=options["slug"],
            short_name_zh=options["short_name_zh"],
            short_name_en=options["short_name_en"],
            title_zh=title or "",
            title_en=options["title_en"],
            completeness=Completeness.FRAGMENT if is_part else Completeness.WHOLE,
            missing_zh=options["missing_zh"],
            missing_en=options["missing_en"],
            issuer_zh=printed.issuer_zh,
            document_number=printed.document_number,
            publication_zh=options["publication_zh"],
            date_as_printed=printed.date_as_printed,
            published_on=printed.published_on,
            address=options["address"],
        )


def _content(path: Path) -> bytes:
    """Return the file's bytes; refuse what cannot be read or is too large."""
    try:
        if path == Path("-"):
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise CommandError(f"{path} is larger than {MAX_BYTES} bytes.")
    return content
