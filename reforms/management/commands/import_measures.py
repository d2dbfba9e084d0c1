"""Change measures by a file that was taken away from a list and edited."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.start import refuse_missing_tables
from reforms import editing, importing, versions
from reforms.exchange import RecordError
from reforms.exports import FileError, ReadRow, RowResult, read_back
from reforms.models import Measure
from reforms.records import MeasureRecord


class Command(BaseCommand):
    """Arguments in, one file read, one save a row, a report out."""

    help = """Change measures by a CSV, XLSX or JSON file.

The file is one that was taken away from a list of measures and edited, or an array of measures in the
exchange shape. Each row is compared with the measure at the version that the row names: the report says
per row, with its line, whether it creates, updates, changes nothing, conflicts with what somebody saved
since, or is wrong, and why. Rows that create or update are saved one by one in the name of the account
given by --by: what an Editor saves becomes a proposal. A second run of the same file changes nothing.
Words of a source are never changed by a file.

  manage.py import_measures measures.csv --dry-run
  manage.py import_measures measures.csv --by mei --reason "English of the summaries revised" """

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Keep the line breaks of the help."""
        parser = super().create_parser(*arguments, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, in whose name, why, and the dry run."""
        parser.add_argument("file", type=Path, help="a CSV, XLSX or JSON file of measures")
        parser.add_argument("--by", help="the name of the account that changes the measures")
        parser.add_argument("--reason", default="", help="kept in the history of each measure")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and write nothing"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Read, report, and save the rows that change something."""
        refuse_missing_tables()
        account = None
        if not options["dry_run"]:
            account = get_user_model().objects.filter(username=options["by"] or "").first()
            if account is None:
                raise CommandError("Give --by with the name of an account, or --dry-run.")
        try:
            read = read_back(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except FileError as error:
            raise CommandError(f"Nothing was saved. {error}") from error
        failed = 0
        for row in tqdm(read.rows, disable=None, unit="row"):
            failed += not self._row(row, account, options["reason"])
        said = ", ".join(f"{read.count(one)} {one}" for one in RowResult if read.count(one))
        ending = " (dry run: nothing was written)" if options["dry_run"] else ""
        self.stdout.write(f"{said or 'no rows'}{ending}")
        if failed:
            raise CommandError(f"{failed} rows were not saved; see above.")

    def _row(self, row: ReadRow, account: Any, reason: str) -> bool:
        """Report a row, and save it where it changes something; tell whether it stands as it says."""
        if row.result is not RowResult.UNCHANGED:
            self.stdout.write(
                f"line {row.line:>5}  {row.result:<9}  {row.name}  {row.problem}".rstrip()
            )
        if row.result in (RowResult.CONFLICT, RowResult.ERROR):
            return False
        if row.result is RowResult.UNCHANGED or account is None or row.record is None:
            return True
        try:
            said = self._save(row.record, row.measure, account, reason)
        except PermissionDenied:
            self.stdout.write("            not saved: the account may not change measures.")
        except versions.VersionConflict:
            self.stdout.write("            not saved: somebody saved it meanwhile.")
        except (RecordError, editing.OpenProposal) as error:
            self.stdout.write(f"            not saved: {error}")
        else:
            self.stdout.write(f"            {said}")
            return True
        return False

    def _save(
        self, record: MeasureRecord, measure: Measure | None, account: Any, reason: str
    ) -> str:
        """Save what a row makes of a measure, or the new one that it is; return what became of it."""
        if measure is not None:
            submitted = editing.submit(record, measure, measure.version, account, reason)
            return "proposed: a second person approves it." if submitted.proposal else "saved."
        if not editing.may_publish_at_once(account):
            raise PermissionDenied
        importing.add_measure(record, account.get_username())
        return "saved."
