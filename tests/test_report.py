"""Errors that readers report: the form, its limits, what is stored, and what no input can do."""

import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing
from django.db.models import F
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from reforms import editing
from reforms.filters import Item, read_public_page
from reforms.models import Measure, Report, Source
from reforms.records import ReportState
from reforms.views.report_form import SALT
from tests import world
from tests.at_once import AtOnce
from tests.forms import fields_of_form
from tests.reading import Reading, read

pytestmark = pytest.mark.django_db
FORM = "/en/report/"
PAGE = f"/en/measures/{world.SOURCE}/1/"
NAMED = f"{FORM}?measure={world.SOURCE}:1&version=1"
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def small() -> None:
    world.build_world()


def opened(seconds_ago: float = 10) -> str:
    """Return what the form says of a moment it was opened at."""
    stamp = int((time.time() - seconds_ago) * 1000)
    return signing.Signer(salt=SALT).sign(str(stamp))


def send(client: Client, address: str = NAMED, **values: str) -> Any:
    """Open the form, type into it and send it, as somebody who took ten seconds."""
    fields = fields_of_form(client.get(address), "report")
    typed = {**fields, "message": "The number is wrong.", "opened": opened(), **values}
    return client.post(address, typed)


def a_report(message: str = "wrong", **values: Any) -> Report:
    return Report(**{"address": PAGE, "message": message, "language": "en", **values})


def reading_of(response: Any) -> Reading:
    return read(response.content.decode())


def made_earlier(hours: float) -> None:
    """Let every report that is stored have come that much earlier."""
    Report.objects.update(made_at=F("made_at") - timedelta(hours=hours))


# --- From a page to the queue ---


def test_a_report_from_a_measures_page_keeps_what_was_read(small: None, client: Client) -> None:
    links = [link for link, _anchor in reading_of(client.get(PAGE)).links(PAGE)]
    assert links.count(NAMED) == 2
    form = client.get(f"{NAMED}&words={quote('市政审批')}")
    assert fields_of_form(form, "report")["words"] == "市政审批"
    answer = send(
        client, words="市政审批\r\n时间", message=" Not 56, but 65. ", contact="li@example.org"
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/en/report/thanks/?address={quote(PAGE, safe='')}"
    report = Report.objects.get()
    assert (report.measure, report.measure_version) == (world.get_measure("1"), 1)
    assert (report.address, report.language) == (PAGE, "en")
    assert (report.words, report.message) == ("市政审批\n时间", "Not 56, but 65.")
    assert (report.contact, report.state) == ("li@example.org", ReportState.OPEN)
    thanks = client.get(answer.headers["Location"])
    assert (PAGE, "") in reading_of(thanks).links(FORM)


@pytest.mark.parametrize(
    ("address", "measure"),
    [
        ("", None),
        (f"/zh-hans/sources/{world.SOURCE}/?span=3-9", None),
        ("/en/measures/?q=%E7%94%B5&city=beijing", None),
        (f"/en/compare/{world.SOURCE}/2/?city=beijing", "2"),
        (f"/en/measures/{world.SOURCE}/2.json", "2"),
        (f"http://testserver{PAGE}#beijing", "1"),
        (f"/en/measures/{world.SOURCE}/no-such-key/", None),
    ],
)
def test_a_report_is_about_the_page_it_names(
    small: None, client: Client, address: str, measure: str | None
) -> None:
    assert send(client, f"{FORM}?address={quote(address)}").status_code == 302
    report = Report.objects.select_related("measure").get()
    assert report.address == address.removeprefix("http://testserver").partition("#")[0]
    assert (report.measure.key if report.measure else None) == measure
    assert report.measure_version is None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "page",
    [
        "",
        "measures/?city=beijing&q=%E7%94%B5&page_size=2",
        "figures/?kind=time",
        "compare/",
        f"compare/{world.SOURCE}/1/?city=beijing&city=shanghai",
        f"sources/{world.SOURCE}/",
        f"basket/?item={world.SOURCE}:1&item={world.SOURCE}:2:beijing",
    ],
)
def test_every_page_leads_to_a_form_that_names_it(
    small: None, client: Client, code: str, page: str
) -> None:
    shown = reading_of(client.get(f"/{code}/{page}"))
    links = {
        found.attributes["href"] for found in shown.of("a") if "data-report" in found.attributes
    }
    assert len(links) == 1
    form = client.get(links.pop())
    assert form.status_code == 200
    assert fields_of_form(form, "report")["address"] == f"/{code}/{page}"


def test_an_address_too_long_for_a_link_is_named_without_its_query(
    small: None, client: Client
) -> None:
    address = f"/en/measures/?q={quote('电' * 200)}&unknown={'%25' * 400}"
    link = next(
        found.attributes["href"]
        for found in reading_of(client.get(address)).of("a")
        if "data-report" in found.attributes
    )
    assert link == "/en/report/?address=/en/measures/"


def test_a_failed_address_leads_to_a_form_that_names_no_page(client: Client) -> None:
    for address in ("/en/nothing/", f"/en/measures/{world.SOURCE}/9/"):
        page = client.get(address)
        assert page.status_code == 404
        assert "/en/report/" in [link.partition("?")[0] for link, _a in reading_of(page).links("/")]


# --- Addresses ---


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example/en/",
        "https://evil.example/en/measures/",
        "http://testserver@evil.example/en/measures/",
        "http://testserver.evil.example/en/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\\evil.example/en/",
        "\\\\evil.example",
        "http:///en/measures/",
        "http:/en/measures/",
        "http://[::1",
        "/admin/",
        "/admin/reforms/measure/",
        "/api/v1/measures/",
        "/livez",
        "/static/icon.svg",
        "/measures/",
        "/fr/measures/",
        "/en/nothing/",
        "/en/report/?address=/en/",
        "/en/report/thanks/",
        "/en/suggestions/?q=a",
        "en/measures/",
        "?q=1",
        "/en/measures/\n",
        "/en/measures/?q=\u202e",
        "/en/measures/?q=\ud800",
        "/en/measures/%00/",
        "/en/measures/?q=" + "x" * 2000,
    ],
    ids=ascii,
)
def test_an_address_that_is_no_public_page_is_none(rf: RequestFactory, text: str) -> None:
    assert read_public_page(text, rf.get("/en/")) is None


def test_a_public_address_is_read_in_either_language(rf: RequestFactory) -> None:
    for code in LANGUAGES:
        page = read_public_page(f"/{code}/measures/a-source/fragment-1/?q=1#x", rf.get("/"))
        assert page is not None
        assert page.address == f"/{code}/measures/a-source/fragment-1/?q=1"
        assert page.measure == Item("a-source", "fragment-1")
    far = read_public_page(f"/en/measures/a/{'9' * 81}/", rf.get("/"))
    assert far is not None
    assert far.measure is None


def test_a_refused_address_is_shown_and_may_be_mended(small: None, client: Client) -> None:
    form = client.get(f"{FORM}?address=//evil.example/&words=these")
    assert form.status_code == 400
    fields = fields_of_form(form, "report")
    assert (fields["address"], fields["words"]) == ("//evil.example/", "these")
    answer = client.post(FORM, {**fields, "opened": opened(), "message": "kept"})
    assert answer.status_code == 400
    assert fields_of_form(answer, "report")["message"] == "kept"
    assert not Report.objects.exists()
    thanks = client.get("/en/report/thanks/?address=//evil.example/")
    assert "Back to the page" not in thanks.content.decode()
    assert 'href="//evil' not in thanks.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "measure=x",
        f"measure={world.SOURCE}:99",
        f"measure={world.SOURCE}:1:beijing",
        f"measure={world.SOURCE}:1&version=2",
        f"measure={world.SOURCE}:1&version=0",
        f"measure={world.SOURCE}:1&version=" + "9" * 6000,
        "words=" + "x" * 2001,
    ],
    ids=lambda query: query[:40],
)
def test_a_form_named_wrongly_says_so_and_can_be_used(
    small: None, client: Client, query: str
) -> None:
    form = client.get(f"{FORM}?{query}")
    assert form.status_code == 400
    assert reading_of(form).with_class("field-error")
    assert client.get(f"{FORM}?{query}&unknown=1").status_code == 400


def test_a_source_that_is_not_public_is_not_told_of(small: None, client: Client) -> None:
    Source.objects.update(is_public=False)
    form = client.get(NAMED)
    assert form.status_code == 400
    assert "微" not in form.content.decode().split("<main", 1)[1]


# --- What is refused loses nothing ---


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"message": " \r\n "}, "message"),
        ({"message": "m" * 5001}, "message"),
        ({"words": "w" * 2001}, "words"),
        ({"contact": "nobody"}, "contact"),
        ({"contact": "a" * 250 + "@example.org"}, "contact"),
    ],
)
def test_a_refused_field_is_named_and_everything_typed_is_kept(
    small: None, client: Client, values: dict[str, str], field: str
) -> None:
    typed = {"words": "these", "message": "kept", "contact": "li@example.org", **values}
    answer = send(client, **typed)
    assert answer.status_code == 400
    assert not Report.objects.exists()
    kept = fields_of_form(answer, "report")
    assert {name: kept[name] for name in typed} == typed
    assert reading_of(answer).with_class("field-error")
    assert f'id="report-{field}-error"' in answer.content.decode()


def test_texts_as_long_as_they_may_be_are_taken(small: None, client: Client) -> None:
    words, message = "电\r\n" * 999 + "电", "𠀀" * 5000
    assert send(client, words=words, message=message).status_code == 302
    report = Report.objects.get()
    assert (report.words, report.message) == (words.replace("\r\n", "\n"), message)


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (lambda: opened(0), "sooner than anybody can type"),
        (lambda: opened(25 * 3600), "more than a day"),
        (lambda: "", "more than a day"),
        (lambda: opened()[:-1] + "_", "more than a day"),
        (lambda: signing.Signer(salt="other").sign("1"), "more than a day"),
        (lambda: signing.Signer(salt=SALT).sign("x"), "more than a day"),
    ],
)
def test_a_form_sent_at_once_or_after_a_day_is_shown_again(
    small: None, client: Client, token: Any, said: str
) -> None:
    sent = token()
    answer = send(client, opened=sent, words="these")
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Report.objects.exists()
    fields = fields_of_form(answer, "report")
    assert (fields["words"], fields["message"]) == ("these", "The number is wrong.")
    # One that came too soon counts from when it was opened, so that it can soon be sent again.
    assert (fields["opened"] == sent) == (said == "sooner than anybody can type")


def test_a_program_that_fills_in_everything_is_thanked_and_set_aside(
    small: None, client: Client
) -> None:
    hidden = reading_of(client.get(FORM)).with_class("decoy")[0]
    assert hidden.attributes["aria-hidden"] == "true"
    answer = send(client, website="https://spam.example/")
    assert answer.headers["Location"].startswith("/en/report/thanks/")
    assert Report.objects.get().state == ReportState.NOT_A_REPORT


# --- Limits ---


def test_a_report_sent_twice_is_stored_once(
    small: None, client: Client, settings: Settings
) -> None:
    settings.REPORTS_PER_HOUR = 1
    for _time in range(3):
        assert send(client).status_code == 302
    assert Report.objects.count() == 1
    # A day later it is news again.
    made_earlier(25)
    assert send(client).status_code == 302
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "age_hours", "least_wait"),
    [
        ("REPORTS_PER_HOUR", 0.5, 1790),
        ("REPORTS_PER_DAY", 20, 4 * 3600 - 10),
        ("ALL_REPORTS_PER_HOUR", 0.25, 2690),
    ],
)
def test_beyond_a_limit_nothing_is_stored_and_nothing_typed_is_lost(
    small: None, client: Client, settings: Settings, name: str, age_hours: float, least_wait: int
) -> None:
    setattr(settings, name, 2)
    for number in range(2):
        sender = f"10.0.0.{number}" if name.startswith("ALL") else "127.0.0.1"
        editing.store_report(a_report(str(number)), sender)
    made_earlier(age_hours)
    answer = send(client, words="these", contact="li@example.org")
    assert answer.status_code == 429
    assert least_wait <= int(answer.headers["Retry-After"]) <= least_wait + 11
    fields = fields_of_form(answer, "report")
    assert (fields["words"], fields["contact"]) == ("these", "li@example.org")
    assert fields["message"] == "The number is wrong."
    assert Report.objects.count() == 2
    # When the wait is over, it goes in.
    made_earlier(int(answer.headers["Retry-After"]) / 3600)
    assert client.post(FORM, fields).status_code == 302


def test_limits_of_one_sender_leave_others_alone(
    small: None, client: Client, settings: Settings
) -> None:
    settings.REPORTS_PER_HOUR = 1
    editing.store_report(a_report(), "10.0.0.1")
    with pytest.raises(editing.TooManyReports):
        editing.store_report(a_report("more"), "10.0.0.1")
    assert send(client).status_code == 302


def test_the_limits_stand_on_the_page(client: Client, settings: Settings) -> None:
    settings.REPORTS_PER_HOUR, settings.REPORTS_PER_DAY = 17, 71
    settings.ALL_REPORTS_PER_HOUR = 717
    words = reading_of(client.get(FORM)).words
    assert "at most 17 reports an hour and 71 a day" in words
    assert "at most 717 an hour" in words
    assert "2000 characters" in words
    assert "5000 characters" in words


def test_of_ten_reports_at_once_exactly_as_many_as_the_limit_go_in(
    transactional_db: None, tmp_path: Any, settings: Settings
) -> None:
    settings.REPORTS_PER_HOUR = 5
    at_once = AtOnce(tmp_path)

    def storing(number: int) -> Any:
        return lambda: editing.store_report(a_report(str(number)), "10.0.0.1")

    answers = at_once(*(storing(number) for number in range(10)))
    assert sum(isinstance(answer, Report) for answer in answers) == 5
    assert sum(isinstance(answer, editing.TooManyReports) for answer in answers) == 5
    assert at_once(Report.objects.count) == [5]
    same = at_once(*[lambda: editing.store_report(a_report("0"), "10.0.0.2")] * 4)
    assert len({report.pk for report in same}) == 1
    assert at_once(Report.objects.count) == [6]


# --- Whose it is ---


def test_a_network_address_is_kept_as_a_checksum_for_a_day(settings: Settings) -> None:
    report = editing.store_report(a_report(), "192.0.2.7")
    assert re.fullmatch("[0-9a-f]{64}", report.sender)
    assert report.sender != editing.store_report(a_report(), "192.0.2.8").sender
    assert report.sender == editing.store_report(a_report("more"), "192.0.2.7").sender
    made_earlier(24)
    fresh = editing.store_report(a_report("later"), "192.0.2.7")
    assert set(Report.objects.exclude(pk=fresh.pk).values_list("sender", flat=True)) == {""}
    assert Report.objects.get(pk=fresh.pk).sender == report.sender
    settings.SECRET_KEY = "another secret key, as long as one has to be"
    assert editing.store_report(a_report("other"), "192.0.2.7").sender != report.sender


# --- What every public page keeps ---


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_answer_asks_for_a_cookie_or_a_session(small: None, code: str) -> None:
    client = Client(enforce_csrf_checks=True)
    address = f"/{code}/report/?measure={world.SOURCE}:1"
    fields = {"message": "wrong", "opened": opened()}
    answers = [
        client.get(address),
        client.post(address, {}),
        client.post(address, fields),
        client.get(f"/{code}/report/thanks/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 302, 200]
    for answer in answers:
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answers[0].headers["Cache-Control"] == "no-cache"
    assert ["no-store" in answer.headers.get("Cache-Control", "") for answer in answers] == [
        False,
        True,
        True,
        False,
    ]


def test_only_the_methods_of_a_form_are_answered(client: Client) -> None:
    head = client.head(FORM)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        refused = client.generic(method, FORM)
        assert refused.status_code == 405, method
        assert refused.headers["Allow"] == "GET, HEAD, POST"
    assert client.post("/en/report/thanks/").status_code == 405


def test_the_form_costs_few_queries(
    small: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The last change, for the foot.
    with django_assert_num_queries(1):
        client.get(FORM)
    # And the measure.
    with django_assert_num_queries(2):
        client.get(NAMED)
    fields = {"message": "wrong", "opened": opened()}
    # The measure; the lock, the same report, three limits, checksums to blank, the report; and the
    # two ends of the transaction, which within a test are statements; who is told by mail.
    with django_assert_num_queries(11):
        client.post(NAMED, fields | {"measure": f"{world.SOURCE}:1"})
    with django_assert_num_queries(1):
        client.get("/en/report/thanks/")


def test_the_basket_is_carried_through_the_form(small: None, client: Client) -> None:
    item = f"item={world.SOURCE}:2"
    answer = send(client, f"{NAMED}&{item}")
    assert answer.headers["Location"].endswith(f"&{item}")
    assert client.post(f"{FORM}?item=x", {}).status_code == 400


# --- Bad input ---

ODD_TEXTS = [
    "\0",
    "a\0b",
    "\ud800",
    "\x01\x1f\x7f",
    "\ufffe",
    "‮​",
    "𠀀" * 100,
    "<script>alert(1)</script>",
    "%00%ff",
    "9" * 6000,
    "-1",
    "1e999",
    "٣",
    "x" * 200_000,
]


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=lambda odd: ascii(odd)[:16])
def test_no_text_breaks_the_form(small: None, client: Client, odd: str) -> None:
    client.raise_request_exception = False
    usual = {"measure": f"{world.SOURCE}:1", "version": "1", "message": "m", "opened": opened()}
    names = ("address", "measure", "version", "words", "message", "contact", "website", "opened")
    bodies = [{**usual, name: odd} for name in names] + [dict.fromkeys(names, odd), {odd: odd}]
    for fields in bodies:
        body = "&".join(
            f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
            for name, value in fields.items()
        )
        answer = client.generic("POST", FORM, body, "application/x-www-form-urlencoded")
        assert answer.status_code in (302, 400, 429), fields
        assert "<script>alert" not in answer.content.decode()
        if len(body) < 8000:
            assert client.get(f"{FORM}?{body}").status_code in (200, 400)


def test_no_body_breaks_the_form(small: None, client: Client) -> None:
    client.raise_request_exception = False
    form = "application/x-www-form-urlencoded"
    bodies = [
        (b"message=" + b"x" * 10_500_000, form),
        (b"message=%ff%fe%ED%A0%80&opened=%C0%80", form),
        (b"\xff\xfe\x00", form),
        (b"&".join(b"message=%d" % number for number in range(25_000)), form),
        (b"message=a&message=b&address=/en/&address=//evil.example/", form),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"message=x", "application/x-www-form-urlencoded; charset=nonsense"),
        (b'{"message": "x"}', "application/json"),
        (b"", ""),
    ]
    for body, kind in bodies:
        answer = client.generic("POST", FORM, body, kind)
        assert answer.status_code in (400, 413), (body[:40], kind)
    assert not Report.objects.exists()


def test_a_report_of_a_withdrawn_measure_still_comes_in(small: None, client: Client) -> None:
    Measure.objects.filter(key="1").update(
        withdrawn_at=timezone.now(), withdrawn_reason_zh="重复", withdrawn_reason_en="Twice"
    )
    gone = client.get(PAGE)
    assert gone.status_code == 410
    assert send(client).status_code == 302
    assert Report.objects.get().measure == Measure.objects.get(key="1")
