"""The paths beside a measure's own, each as a race: proposals, vocabularies, sources, reports, new notices, files."""

from dataclasses import replace
from typing import Any

from django.contrib.admin.models import LogEntry
from django.urls import reverse

from reforms import editing
from reforms.models import Category, Measure, NoticeDraft, Proposal, Report, Source
from reforms.records import MeasureRecord, ProposalState, Step
from tests import world
from tests.forms import fields_of_form
from tests.races import (
    BulkWithdraw,
    ChangeForm,
    LoadCatalog,
    MeasureRace,
    PublishedAndProposed,
    RebuildSearch,
    Recut,
    Restore,
    Revert,
    Table,
    Withdraw,
)
from tests.racing import EDITORS, Race, Site, Try, posting, unlike

PROPOSED = "3"
ACTS = ("approve", "send_back", "reject")
STEPS = {"approve": Step.APPROVED, "send_back": Step.SENT_BACK, "reject": Step.REJECTED}


def propose(author: Any, title: str) -> Proposal:
    """Propose another title of measure 3, from the version that is live."""
    measure = world.get_measure(PROPOSED)
    record = replace(measure.to_record(), title_en=title)
    proposal = editing.propose(record, measure, measure.version, author, title)
    assert proposal is not None
    return proposal


def take_all_back() -> None:
    """Close every open proposal."""
    for row in Proposal.objects.open().select_related("by"):
        editing.take_back(row, row.version, row.by, "")


class ProposalRace(Race):
    """A race for one proposal: its next step must be the winner's."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.author = world.an_editor("author")

    def open(self, number: int) -> list[Try]:
        """Make a proposal to race for."""
        take_all_back()
        self.proposal = propose(self.author, f"proposed for round {number}")
        self.live = self.proposal.measure.version
        return self.tries(number)

    def tries(self, number: int) -> list[Try]:
        """Return what everybody does with it."""
        raise NotImplementedError

    def standing(self, won: Try) -> list[str]:
        """Ask for one step more, the winner's."""
        row = Proposal.objects.get(pk=self.proposal.pk)
        steps = list(row.steps.order_by("version"))
        last = steps[-1]
        return unlike(
            version=(row.version, 2),
            numbers=([step.version for step in steps], [1, 2]),
            by=(last.by_name, won.name),
            comment=(last.comment, won.words),
            record=(last.record, row.record),
        ) + self.content(won, row, last)

    def content(self, won: Try, row: Proposal, last: Any) -> list[str]:
        """Say what is not as the winner left it."""
        raise NotImplementedError


class JudgeOne(ProposalRace):
    """Eight publishers approve, send back or reject the same proposal."""

    def tries(self, number: int) -> list[Try]:
        """Deal the three steps out."""
        address = self.proposal.get_absolute_url()
        fields = fields_of_form(self.site.browsers[0].get(address), "review_form")
        tries = []
        for n, one in enumerate(self.site.sending(number, address, fields, ("comment",))):
            act = ACTS[(n + number) % len(ACTS)]
            sent = {**fields, "comment": one.words, "act": act}
            post = posting(self.site.browsers[n], address, sent)
            tries.append(replace(one, chosen=act, act=post))
        return tries

    def content(self, won: Try, row: Proposal, last: Any) -> list[str]:
        """The measure has a version more where the winner approved, and only there."""
        is_approved = won.chosen == "approve"
        measure = Measure.objects.get(pk=row.measure_id)
        return unlike(
            step=(last.what, STEPS[won.chosen]),
            measure=(measure.version, self.live + is_approved),
            is_published=(measure.title_en == row.reason, is_approved),
        )


class Revise(ProposalRace):
    """An author's eight windows revise the same proposal."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.author = site.accounts[0]

    def tries(self, number: int) -> list[Try]:
        """Type a title and why."""
        address = reverse("admin:reforms_proposal_revise", args=[self.proposal.pk])
        fields = fields_of_form(self.site.browsers[0].get(address), "measure_form")
        name = self.author.get_username()
        tries = []
        for n in range(EDITORS):
            words = f"window-{n} in round {number}"
            sent = {**fields, "title_en": words, "reason": words}
            tries.append(Try(name, words, posting(self.site.browsers[0], address, sent)))
        return tries

    def content(self, won: Try, row: Proposal, last: Any) -> list[str]:
        """The proposal is the winner's, and the measure as it was."""
        return unlike(
            step=(last.what, Step.REVISED),
            title=(editing.read_record(row).title_en, won.words),
            measure=(Measure.objects.get(pk=row.measure_id).version, self.live),
        )


class ApproveEach(MeasureRace):
    """Eight proposals of one base, each approved by another publisher."""

    key = PROPOSED
    has_reason = False

    def open(self, number: int) -> list[Try]:
        """Let every editor propose, and every one's neighbour approve."""
        take_all_back()
        self.proposals = [
            propose(account, f"{account.get_username()} proposed {number}")
            for account in self.site.accounts
        ]
        self.opened_version = self.measure().version
        tries = []
        for n, proposal in enumerate(self.proposals):
            reviewer = (n + 1) % EDITORS
            browser = self.site.browsers[reviewer]
            address = proposal.get_absolute_url()
            words = f"{self.site.accounts[reviewer].get_username()} approves in round {number}"
            sent = {"version": "1", "act": "approve", "comment": words}
            author = proposal.by_name
            tries.append(Try(author, words, posting(browser, address, sent), str(proposal.pk)))
        return tries

    def content(self, won: Try, record: Any) -> list[str]:
        """The title is the approved proposal's; all others still await, as proposed."""
        row = Proposal.objects.get(pk=int(won.chosen))
        others = [one for one in self.proposals if one.pk != row.pk]
        waiting = Proposal.objects.open().filter(
            pk__in=[one.pk for one in others], version=1, state=ProposalState.AWAITING
        )
        return unlike(
            title=(record.title_en, row.reason),
            became=(row.became and row.became.version, self.opened_version + 1),
            waiting=(waiting.count(), EDITORS - 1),
        )


class RowRace(Race):
    """A race for a row with a version: a word, a source, a report."""

    model: Any
    name: str
    field: str

    def row(self) -> Any:
        """Return the row as it stands now."""
        return self.model.objects.order_by("pk").first()

    def address(self) -> str:
        """Return the page of the row."""
        return reverse(f"admin:reforms_{self.name}_change", args=[self.row().pk])

    def open(self, number: int) -> list[Try]:
        """Type into the field."""
        self.before = self.row().version
        self.logged = LogEntry.objects.count()
        fields = fields_of_form(self.site.browsers[0].get(self.address()), f"{self.name}_form")
        return self.site.sending(number, self.address(), fields, (self.field,))

    def standing(self, won: Try) -> list[str]:
        """One version more, what the winner typed, and one line in the log by the winner."""
        row = self.row()
        by = LogEntry.objects.order_by("-pk").values_list("user__username", flat=True)
        return unlike(
            version=(row.version, self.before + 1),
            typed=(getattr(row, self.field), won.words),
            logged=(list(by[: LogEntry.objects.count() - self.logged]), [won.name]),
        )


class CategoryForm(RowRace):
    """The form of a word of a vocabulary."""

    model, name, field = Category, "category", "name_en"


class SourceForm(RowRace):
    """The form of a source, with a claim among its inlines."""

    model, name, field = Source, "source", "title_en"

    def open(self, number: int) -> list[Try]:
        """Type the title, and a claim beside it."""
        self.before = self.row().version
        self.logged = LogEntry.objects.count()
        fields = fields_of_form(self.site.browsers[0].get(self.address()), "source_form")
        typed = ("title_en", "identifications-0-claim_en", "sections-0-name_en")
        return self.site.sending(number, self.address(), fields, typed)

    def standing(self, won: Try) -> list[str]:
        """The title, the claim and the section are all the winner's."""
        claim = self.row().identifications.order_by("position").first()
        section = self.row().sections.order_by("position").first()
        return super().standing(won) + unlike(
            claim=(claim.claim_en, won.words), section=(section.name_en, won.words)
        )


class SourceWithdrawal(RowRace):
    """The page that withdraws a source."""

    model, name, field = Source, "source", "withdrawn_reason_en"

    def open(self, number: int) -> list[Try]:
        """Bring the source back if need be, and type both reasons."""
        row = self.row()
        if row.is_withdrawn:
            editing.restore_source(row, row.version, self.site.accounts[0], "")
        self.before, self.logged = self.row().version, LogEntry.objects.count()
        address = reverse("admin:reforms_source_withdraw", args=[row.pk])
        fields = fields_of_form(self.site.browsers[0].get(address))
        return self.site.sending(number, address, fields, ("reason_zh", "reason_en"))


class HandleReport(RowRace):
    """The page on which a report is handled."""

    model, name, field = Report, "report", "note"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        report = Report(message="Not 56, but 65.", language="en", measure=world.get_measure("1"))
        editing.store_report(report, "192.0.2.7")


class DraftForm(RowRace):
    """The page of a new notice on its way in, with words of it corrected besides."""

    model, name, field = NoticeDraft, "noticedraft", "title_en"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        editing.begin_draft(world.TEXT, "A notice", "", {}, site.accounts[0])

    def open(self, number: int) -> list[Try]:
        """Type a title, and say that the first stretch is a running head."""
        self.before = self.row().version
        self.logged = LogEntry.objects.count()
        fields = fields_of_form(self.site.browsers[0].get(self.address()), "draft_form")
        fields |= {"stretch": "0", "kind": "running_head", "_correct": "1"}
        return self.site.sending(number, self.address(), fields, (self.field,))

    def standing(self, won: Try) -> list[str]:
        """One version more, the winner's title, and one correction more."""
        row = self.row()
        by = LogEntry.objects.order_by("-pk").values_list("user__username", flat=True)
        return unlike(
            version=(row.version, self.before + 1),
            typed=(row.facts["title_en"], won.words),
            corrections=(len(row.decisions["corrections"]), self.before),
            logged=(list(by[: LogEntry.objects.count() - self.logged]), [won.name]),
        )


class BroughtIn(MeasureRace):
    """The rows of lists that were taken away, changed and brought back: a file an editor."""

    def open(self, number: int) -> list[Try]:
        """Bring a file in for each, made from the version that is live, and tick its row."""
        measure = self.measure()
        self.opened_version = measure.version
        tries = []
        for account, browser in zip(self.site.accounts, self.site.browsers, strict=True):
            words = f"{account.get_username()} in round {number}"
            headings = 'Source,Key,Version,"Title, our English"'
            row = f"{measure.source.slug},{measure.key},{measure.version},{words}"
            file = editing.keep_file("list.csv", f"{headings}\n{row}\n".encode(), account)
            address = reverse("admin:reforms_importedfile_change", args=[file.pk])
            fields = {"take": "2", "version-2": measure.version, "reason": words, "_save": "1"}
            tries.append(Try(account.get_username(), words, posting(browser, address, fields)))
        return tries

    def content(self, won: Try, record: MeasureRecord) -> list[str]:
        """The title."""
        return unlike(title=(record.title_en, won.words))


# Eight for one record, of whom one wins.
RACES: tuple[type[Race], ...] = (
    ChangeForm,
    Table,
    Withdraw,
    BulkWithdraw,
    Restore,
    Revert,
    Recut,
    JudgeOne,
    ApproveEach,
    Revise,
    CategoryForm,
    SourceForm,
    SourceWithdrawal,
    HandleReport,
    LoadCatalog,
    DraftForm,
    BroughtIn,
)
# Some of whom compete with nobody: they must always be done, or be told of the winner.
RACES_BESIDE: tuple[type[Race], ...] = (PublishedAndProposed, RebuildSearch)
