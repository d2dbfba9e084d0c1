"""A whole export rebuilds the catalog: records, vocabularies, sources, findings, errata and what is withdrawn."""

from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from reforms.exports import whole_catalog
from reforms.models import (
    Category,
    City,
    Erratum,
    Identification,
    Indicator,
    Measure,
    MeasureVersion,
    Passage,
    Practice,
    Source,
    Synonym,
    Theme,
)
from reforms.records import CatalogRecord, Decision, TranslationState
from tests.test_filter_promises import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalog")]


def exported() -> str:
    """Return what the command prints."""
    output = StringIO()
    call_command("export_catalog", "--whole", stdout=output)
    return output.getvalue()


def empty() -> None:
    """Remove everything that the catalog holds."""
    MeasureVersion.objects.all().delete()
    Passage.objects.all().delete()
    Measure.objects.all().delete()
    Source.objects.all().delete()
    for model in (Category, City, Theme, Indicator, Synonym):
        model._default_manager.all().delete()


def change_what_the_fixtures_leave_alone() -> None:
    """Give every kind of record a state that the fixtures do not have."""
    source = Source.objects.get()
    Identification.objects.create(
        source=source, position=99, kind="issuer", claim_zh="某部门印发", claim_en="Issued by an office",
        found_in_zh="某网站", found_in_en="A site", address="https://example.org/a", confidence="low",
    )  # fmt: skip
    Synonym.objects.create(
        slug="window", position=9999, words=["窗口", "柜台"], means=["一窗受理", "综合窗口"]
    )
    Erratum.objects.filter(pk=Erratum.objects.order_by("pk")[0].pk).update(
        decision=Decision.REFUSED
    )
    Practice.objects.filter(measure__key="7").update(translation_state=TranslationState.OUTDATED)
    Measure.objects.filter(key="23").update(
        withdrawn_at=timezone.now(),
        withdrawn_reason_zh="错录",
        withdrawn_reason_en="Entered in error",
    )
    Measure.objects.filter(key="22").update(is_read_whole=False)


def test_an_export_of_the_whole_rebuilds_the_same_catalog(tmp_path: Path) -> None:
    change_what_the_fixtures_leave_alone()
    before, text = whole_catalog(), exported()
    found = [measure.key for measure in ask("q=审批").qs]
    file = tmp_path / "whole.json"
    file.write_text(text, encoding="utf-8")
    empty()
    assert not any(getattr(whole_catalog(), field.name) for field in fields(CatalogRecord))
    call_command("load_catalog", str(file), stdout=StringIO())
    after = whole_catalog()
    for field in fields(CatalogRecord):
        assert getattr(after, field.name) == getattr(before, field.name), field.name
    assert exported() == text
    assert [measure.key for measure in ask("q=审批").qs] == found


def test_an_export_of_the_whole_holds_every_kind_of_record() -> None:
    change_what_the_fixtures_leave_alone()
    whole = whole_catalog()
    assert all(getattr(whole, field.name) for field in fields(CatalogRecord))
    [source] = whole.sources
    assert source.identifications[-1].claim_en == "Issued by an office"
    assert any(synonym.slug == "window" for synonym in whole.synonyms)
    errata = [erratum for measure in whole.measures for erratum in measure.errata]
    assert len(errata) == Erratum.objects.count()
    assert any(erratum.decision == Decision.REFUSED for erratum in errata)
    assert [measure.key for measure in whole.measures if measure.withdrawn_at] == ["23"]
