"""Logging in: who is slowed down and who is not, what is written down, what an address proves."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from catalog.accounts import limits
from catalog.accounts.known_browser import COOKIE
from catalog.addresses import client_address
from catalog.models import PasswordChange
from tests.forms import fields_of_form

PASSWORD = "correct horse battery staple"
OFFICE, HOME, STRANGER = "192.0.2.1", "198.51.100.2", "203.0.113.3"
LOG_IN = "/admin/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def colleagues() -> None:
    """Make three accounts that may log in."""
    for name in ("wang", "li", "zhao"):
        User.objects.create_superuser(name, password=PASSWORD)


def try_(
    name: str = "wang",
    password: str = PASSWORD,
    address: str = OFFICE,
    client: Client | None = None,
) -> HttpResponse:
    """Try to log in from an address, in a browser of its own unless one is given."""
    return (client or Client()).post(
        LOG_IN, {"username": name, "password": password}, REMOTE_ADDR=address
    )


def is_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"] == "/admin/"


def guess(times: int, **options: Any) -> list[int]:
    return [try_(password=f"guess {number}", **options).status_code for number in range(times)]


def move_time(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let everything that asks Django for the time find it that much later."""
    now = timezone.now() + by
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: now)


# --- Who is slowed down ---


def test_fifty_wrong_passwords_stop_only_who_typed_them() -> None:
    assert guess(50, address=STRANGER) == [200] * 4 + [429] * 46
    assert not is_in(try_(address=STRANGER)), "not even with the right password"
    assert is_in(try_(address=OFFICE))
    assert is_in(try_(address=HOME))


@pytest.mark.parametrize(
    "known_bad",
    [
        # What django-axes does by itself, where all come through one proxy: REMOTE_ADDR is the same.
        {"AXES_LOCKOUT_PARAMETERS": ["ip_address"], "AXES_CLIENT_IP_CALLABLE": lambda _: OFFICE},
        {"AXES_LOCKOUT_PARAMETERS": ["username"], "AXES_CLIENT_IP_CALLABLE": None},
    ],
    ids=["stock behind a proxy", "by name alone"],
)
def test_the_stock_rules_would_let_a_stranger_lock_a_colleague_out(
    settings: Settings, known_bad: dict[str, Any]
) -> None:
    settings.AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
    settings.AXES_FAILURE_LIMIT = 3
    for name, setting in known_bad.items():
        setattr(settings, name, setting)
    guess(50, address=STRANGER)
    assert not is_in(try_(address=OFFICE))


def test_guesses_at_many_names_from_one_address_stop_only_that_address_for_each() -> None:
    for name in ("wang", "li", "nobody"):
        assert guess(6, name=name, address=STRANGER)[-1] == 429
    assert is_in(try_("zhao", address=STRANGER)), "a name that was not tried there"
    assert is_in(try_("wang", address=OFFICE))
    assert is_in(try_("li", address=OFFICE))


def test_a_wait_ends_and_tries_during_it_do_not_make_it_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guess(5)
    move_time(monkeypatch, timedelta(minutes=10))
    refused = try_()
    assert refused.status_code == 429
    assert 290 <= int(refused.headers["Retry-After"]) <= 300
    monkeypatch.undo()
    move_time(monkeypatch, timedelta(minutes=15, seconds=1))
    assert is_in(try_())


def test_failures_far_apart_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert guess(4) == [200] * 4
    move_time(monkeypatch, timedelta(minutes=16))
    assert guess(4) == [200] * 4
    assert is_in(try_())


def test_a_right_password_forgives_the_wrong_ones() -> None:
    guess(4)
    assert is_in(try_())
    assert guess(4) == [200] * 4


def test_a_known_browser_is_not_stopped_by_others_at_the_same_address() -> None:
    known = Client()
    assert is_in(try_(client=known))
    known.post("/admin/logout/")
    assert guess(6)[-1] == 429, "a colleague at the same office's address"
    assert is_in(try_(client=known))
    cookie = known.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Strict")


def test_a_known_browser_has_a_limit_of_its_own_wherever_it_is() -> None:
    known = Client()
    try_(client=known)
    assert guess(4, client=known) == [200] * 4
    assert guess(2, client=known, address=HOME) == [429, 429]
    assert is_in(try_(address=HOME)), "another browser there"


def test_a_known_browser_of_one_account_is_a_stranger_to_the_others() -> None:
    own = Client()
    try_("li", client=own)
    assert guess(6, client=own)[-1] == 429
    assert guess(1) == [429], "counted by address, for all that are strangers there"


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "a:b:c", "null:1:2"])
def test_a_forged_cookie_proves_nothing(cookie: str) -> None:
    forger = Client()
    forger.cookies[COOKIE] = cookie
    assert guess(5, client=forger)[-1] == 429
    assert not AccessFailureLog.objects.filter(user_agent__startswith="known browser").exists()


def test_a_stranger_cannot_pass_for_a_known_browser_by_its_name() -> None:
    known = Client()
    try_(client=known)
    guess(1, client=known)
    mark = AccessFailureLog.objects.get().user_agent
    assert mark.startswith("known browser ")
    for _number in range(6):
        Client(headers={"user-agent": mark}).post(LOG_IN, {"username": "wang", "password": "x"})
    assert guess(3, client=known) == [200] * 3


def test_many_addresses_that_guess_at_one_account_have_fewer_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_in(try_(address=OFFICE))
    for number in range(10):
        guess(1, address=f"203.0.113.{number}")
    assert guess(3, address="203.0.113.100") == [200, 200, 429]
    for number in range(10, 50):
        guess(1, address=f"203.0.113.{number}")
    answers = guess(1, address="203.0.113.101")
    assert answers == [429]
    refused = try_(address="203.0.113.101")
    assert int(refused.headers["Retry-After"]) > 11 * 3600
    assert is_in(try_(address=HOME)), "the right password from a new address, at the first try"
    assert guess(4, address=OFFICE) == [200] * 4, "an address that is known"
    assert guess(4, name="li", address="203.0.113.101") == [200] * 4, "another account"
    move_time(monkeypatch, timedelta(days=1, minutes=1))
    assert guess(4, address="203.0.113.102") == [200] * 4, "the attack is over"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_is_a_page_that_says_when_to_try_again(language: str) -> None:
    client = Client(headers={"accept-language": language})
    guess(4, client=client)
    for response in (
        try_(password="wrong", client=client),
        try_(client=client),
        try_(name="wang", client=client),
    ):
        assert response.status_code == 429
        assert 0 < int(response.headers["Retry-After"]) <= 900
        assert "no-store" in response.headers["Cache-Control"]
        html = response.content.decode()
        assert f'lang="{language}"' in html
        seconds = int(response.headers["Retry-After"])
        until = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
        assert any(f"{until - timedelta(seconds=late):%H:%M}" in html for late in (0, 2))


def test_a_refusal_does_not_tell_whether_the_account_exists() -> None:
    guess(5, name="wang")
    guess(5, name="nobody")
    assert_same(try_("wang"), try_("nobody"))
    assert_same(try_("wang", "x", HOME), try_("nobody", "x", HOME))


def assert_same(first: HttpResponse, second: HttpResponse) -> None:
    """Assert that two answers differ in the name typed and the token of the form alone."""
    texts = [
        "\n".join(
            line
            for line in response.content.decode().replace("nobody", "wang").splitlines()
            if "csrfmiddlewaretoken" not in line
        )
        for response in (first, second)
    ]
    assert first.status_code == second.status_code
    assert texts[0] == texts[1]


# --- What an address proves ---


@pytest.mark.parametrize(
    ("count", "forwarded", "direct", "address"),
    [
        (0, None, OFFICE, OFFICE),
        (0, STRANGER, OFFICE, OFFICE),
        (1, STRANGER, "127.0.0.1", STRANGER),
        (1, f"{OFFICE}, {STRANGER}", "127.0.0.1", STRANGER),
        (1, f"{OFFICE},{HOME}, {STRANGER}", "", STRANGER),
        (2, f"{OFFICE}, {STRANGER}, 10.0.0.1", "127.0.0.1", STRANGER),
        (2, STRANGER, "10.0.0.1", "10.0.0.1"),
        (1, None, HOME, HOME),
        (1, "", "", None),
        (1, "unknown", HOME, HOME),
        (1, f"{STRANGER}:4711", HOME, STRANGER),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", HOME, "2001:db8:1:2::"),
        (1, "2001:db8:1:2::99", HOME, "2001:db8:1:2::"),
        (1, f"::ffff:{STRANGER}", HOME, STRANGER),
        (1, "fe80::1%eth0", HOME, "fe80::"),
        (1, "\x00", HOME, HOME),
        (1, "9" * 5000, HOME, HOME),
        (0, None, "::1", "::1"),
    ],
)
def test_the_address_is_what_the_nearest_trusted_proxy_saw(
    rf: RequestFactory,
    settings: Settings,
    count: int,
    forwarded: str | None,
    direct: str,
    address: str | None,
) -> None:
    settings.PROXY_COUNT = count
    meta = {"REMOTE_ADDR": direct}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(rf.get("/", **meta)) == address


def through_proxy(password: str, forged: str, address: str) -> HttpResponse:
    """Log in through one proxy, which adds the address that it was asked from."""
    return Client().post(
        LOG_IN,
        {"username": "wang", "password": password},
        REMOTE_ADDR="127.0.0.1",
        headers={"x-forwarded-for": f"{forged}, {address}".removeprefix(", ")},
    )


def test_behind_a_proxy_each_visitor_has_an_address_and_forging_gains_nothing(
    settings: Settings,
) -> None:
    settings.PROXY_COUNT = 1
    answers = [through_proxy("x", f"10.1.1.{n}", STRANGER).status_code for n in range(8)]
    assert answers == [200] * 4 + [429] * 4
    assert is_in(through_proxy(PASSWORD, "", OFFICE))


def test_whoever_forges_a_colleagues_address_stops_only_itself(settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    for _number in range(8):
        through_proxy("x", OFFICE, STRANGER)
    assert is_in(through_proxy(PASSWORD, "", OFFICE))
    settings.PROXY_COUNT = 0
    for number in range(8):
        response = Client().post(
            LOG_IN,
            {"username": "li", "password": "x"},
            REMOTE_ADDR=STRANGER,
            headers={"x-forwarded-for": f"10.1.1.{number}"},
        )
    assert response.status_code == 429, "without a proxy the header is not read"


# --- What is written down ---


def test_log_ins_log_outs_and_failures_are_written_down() -> None:
    client = Client(headers={"user-agent": "Firefox"})
    try_(password="wrong", client=client)
    try_(client=client)
    log_in = AccessLog.objects.get()
    assert (log_in.username, log_in.ip_address, log_in.user_agent) == ("wang", OFFICE, "Firefox")
    assert log_in.logout_time is None
    failure = AccessFailureLog.objects.get()
    assert (failure.username, failure.ip_address, failure.locked_out) == ("wang", OFFICE, False)
    client.post("/admin/logout/")
    log_in.refresh_from_db()
    assert log_in.logout_time is not None


def test_tries_of_somebody_who_has_to_wait_are_written_down_once_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guess(5)
    assert AccessFailureLog.objects.count() == 5
    guess(20)
    assert AccessFailureLog.objects.count() == 5, "the fifth failure says that a wait began"
    move_time(monkeypatch, timedelta(minutes=2))
    guess(20)
    assert AccessFailureLog.objects.filter(locked_out=True).count() == 2


def test_neither_password_nor_code_is_kept() -> None:
    try_(password="a secret that was mistyped")
    Client().post(f"{LOG_IN}code/", {"code": "123456"})
    for model in (AccessFailureLog, AccessAttempt):
        assert model.objects.count() == 1
        assert "a secret" not in repr(model.objects.values().get())


ODD_NAMES = ["x" * 10_000, "\x00", "a\x00", "\ud800", "电" * 151, "", " ", "'\"<script>", "\u202e"]


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
@pytest.mark.parametrize("step", [LOG_IN, "/admin/login/code/"])
def test_no_odd_name_is_a_server_error(name: str, step: str) -> None:
    data = {"username": name, "password": name, "code": name, "next": name}
    encoded = "&".join(f"{key}={quoted(text)}" for key, text in data.items())
    response = Client().generic(
        "POST", step, encoded, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code < 500
    assert not AccessFailureLog.objects.filter(username__contains="x" * 200).exists()


def quoted(text: str) -> str:
    """Return a form's text as sent, lone surrogates too."""
    return quote(text, errors="surrogatepass")


@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "\ud800", "x" * 5000, "known browser x"])
def test_no_odd_header_is_a_server_error(odd: str) -> None:
    odd = odd.encode("utf-8", "surrogatepass").decode("latin-1")
    for password in ("wrong", PASSWORD):
        response = Client().post(
            LOG_IN,
            {"username": "wang", "password": password},
            HTTP_USER_AGENT=odd,
            HTTP_ACCEPT=odd,
            HTTP_X_FORWARDED_FOR=odd,
        )
        assert response.status_code in {200, 302}
    lone = Client().post(LOG_IN, {"username": "li", "password": "x"}, HTTP_USER_AGENT="\ud800\x00")
    assert lone.status_code == 200


# --- The records in the admin ---

RECORDS = ("login", "failedlogin", "countedfailure")


@pytest.fixture
def administrator(client: Client) -> Client:
    guess(6, name="li", address=STRANGER)
    client.force_login(User.objects.get(username="zhao"))
    return client


@pytest.mark.parametrize("record", RECORDS)
def test_the_records_are_read_and_never_changed(administrator: Client, record: str) -> None:
    listed = administrator.get(f"/admin/catalog/{record}/")
    assert listed.status_code == 200
    row = listed.context["cl"].result_list[0]
    address = f"/admin/catalog/{record}/{row.pk}"
    shown = administrator.get(f"{address}/change/")
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    assert administrator.post(f"{address}/change/", {"username": "x"}).status_code == 403
    assert administrator.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert administrator.get(f"/admin/catalog/{record}/add/").status_code == 403


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?q=li", 200),
        ("?period=7", 200),
        ("?period=8", 302),
        ("?attempt_time__year=x", 400),
        ("?username__regex=(", 400),
        (f"?q={'a+' * 2000}", 200),
        ("?q=%00", 400),
        ("?p=99999999999999999999", 200),
    ],
)
def test_the_records_take_only_their_filters(
    administrator: Client, record: str, query: str, status: int
) -> None:
    assert administrator.get(f"/admin/catalog/{record}/{query}").status_code == status


def test_an_editor_without_the_right_sees_no_records(client: Client) -> None:
    editor = User.objects.create_user("editor", is_staff=True)
    client.force_login(editor)
    for record in RECORDS:
        assert client.get(f"/admin/catalog/{record}/").status_code == 403
    editor.user_permissions.add(Permission.objects.get(codename="view_login"))
    assert client.get("/admin/catalog/login/").status_code == 200


@pytest.mark.parametrize("device", ["otp_totp/totpdevice", "otp_static/staticdevice"])
def test_no_page_of_the_admin_shows_a_secret(administrator: Client, device: str) -> None:
    assert administrator.get(f"/admin/{device}/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_records_are_named_in_the_reader_s_language(
    administrator: Client, language: str
) -> None:
    for record in RECORDS:
        html = administrator.get(
            f"/admin/catalog/{record}/", headers={"accept-language": language}
        ).content.decode()
        for english in ("User Agent", "IP Address", "access log", "access failure"):
            assert english not in html


@pytest.mark.parametrize("page", ["user/1", "group/add"])
def test_rights_are_named_in_the_readers_language_and_only_where_a_page_asks_for_them(
    administrator: Client, page: str
) -> None:
    page = page.replace("1", f"{User.objects.get(username='li').pk}/change")
    html = administrator.get(
        f"/admin/auth/{page}/", headers={"accept-language": "zh-hans"}
    ).content.decode()
    for english in ("Can add", "Can view", "TOTP", "access log", "session</option>"):
        assert english not in html
    assert re.search(r"<option[^>]*>[^<]*\| [^<]*: [^<]+</option>", html)


# --- Passwords and sessions ---


def change_password(client: Client, old: str, new: str) -> HttpResponse:
    return client.post(
        "/admin/password_change/",
        {"old_password": old, "new_password1": new, "new_password2": new},
    )


NEW = "another horse on a battery"


def test_a_changed_password_ends_every_other_session_and_keeps_one_s_own() -> None:
    own, other = Client(), Client()
    try_(client=own)
    try_(client=other, address=HOME)
    assert change_password(own, PASSWORD, NEW).status_code == 302
    assert own.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_an_account_that_is_closed_is_out_at_once() -> None:
    one, two, administrator = Client(), Client(), Client()
    try_(client=one)
    try_(client=two, address=HOME)
    try_("zhao", client=administrator)
    user = User.objects.get(username="wang")
    page = f"/admin/auth/user/{user.pk}/change/"
    data = fields_of_form(administrator.get(page), "user_form")
    del data["is_active"]
    assert administrator.post(page, data).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    for client in (one, two):
        assert client.get("/admin/").status_code == 302
    assert not is_in(try_())


@pytest.fixture
def complexity(settings: Settings) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [
        *settings.AUTH_PASSWORD_VALIDATORS,
        {"NAME": "catalog.accounts.passwords.KindsOfCharacters"},
    ]


@pytest.mark.usefixtures("complexity")
@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("horsebatterystaple", False),
        ("horse battery staple", False),
        ("Horse battery staple", True),
        ("horsebattery5staple", False),
        ("horse battery 5 staple", True),
        ("HORSE BATTERY 5 STAPLE", True),
        ("电池 horse 电池 battery", False),
    ],
)
def test_kinds_of_characters_are_asked_for_where_the_setting_is_on(
    password: str, is_taken: bool
) -> None:
    client = Client()
    try_(client=client)
    assert (change_password(client, PASSWORD, password).status_code == 302) is is_taken


def test_neither_kinds_nor_an_age_is_asked_for_by_default(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (settings.PASSWORD_COMPLEXITY, settings.PASSWORD_MAXIMUM_DAYS) == (False, 0)
    client = Client()
    try_(client=client)
    assert change_password(client, PASSWORD, "horsebatterystaple").status_code == 302
    User.objects.update(date_joined=timezone.now() - timedelta(days=4000))
    assert client.get("/admin/").status_code == 200


def test_a_password_never_changed_is_as_old_as_its_account(settings: Settings) -> None:
    settings.PASSWORD_MAXIMUM_DAYS = 90
    client = Client()
    try_(client=client)
    assert client.get("/admin/").status_code == 200
    User.objects.update(date_joined=timezone.now() - timedelta(days=91))
    assert client.get("/admin/").headers["Location"] == "/admin/password_change/"


def test_a_password_that_is_too_old_is_changed_before_anything_else(settings: Settings) -> None:
    settings.PASSWORD_MAXIMUM_DAYS = 90
    settings.AUTH_PASSWORD_VALIDATORS = [
        *settings.AUTH_PASSWORD_VALIDATORS,
        {"NAME": "catalog.accounts.passwords.NotThePasswordBefore"},
    ]
    user = User.objects.get(username="wang")
    user.set_password(PASSWORD)
    user.save()
    PasswordChange.objects.filter(user=user).update(changed_at=timezone.now() - timedelta(days=91))
    client = Client()
    try_(client=client)
    for page in ("/admin/", "/admin/reforms/measure/", "/admin/auth/user/"):
        response = client.get(page)
        assert (response.status_code, response.headers["Location"]) == (
            302,
            "/admin/password_change/",
        )
    assert change_password(client, PASSWORD, PASSWORD).status_code == 200, "the same is no change"
    assert change_password(client, PASSWORD, NEW).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_rules_fit_together(settings: Settings) -> None:
    assert settings.AXES_COOLOFF_TIME == limits.LONGEST_WAIT
    assert isinstance(AxesProxyHandler.get_implementation(), limits.LogInLimits)
    least = [addresses for addresses, _rule in limits.RULES]
    assert least == sorted(least)
    assert least[0] == 0


def test_public_pages_ask_nothing_of_the_accounts(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    known = Client()
    try_(client=known)
    with django_assert_num_queries(0):
        response = known.get("/en/nowhere/")
    assert response.status_code == 404
    assert not response.cookies
