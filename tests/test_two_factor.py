"""The second factor: set up by each person, asked for after the password, reset by an administrator."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from catalog.accounts import log_in, two_factor

PASSWORD = "correct horse battery staple"
OFFICE, STRANGER = "192.0.2.1", "203.0.113.3"
PAGE = "/admin/two-factor/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang() -> User:
    return User.objects.create_superuser("wang", password=PASSWORD)


@pytest.fixture
def staff(wang: User, client: Client) -> Client:
    """Return a browser in which wang is logged in, without a second factor yet."""
    log_in_with_password(client)
    return client


def log_in_with_password(
    client: Client, name: str = "wang", password: str = PASSWORD, address: str = OFFICE
) -> HttpResponse:
    return client.post(
        "/admin/login/",
        {"username": name, "password": password, "next": "/admin/auth/user/"},
        REMOTE_ADDR=address,
    )


def type_code(client: Client, code: str, address: str = OFFICE) -> HttpResponse:
    return client.post("/admin/login/code/", {"code": code}, REMOTE_ADDR=address)


def code_now(device: TOTPDevice) -> str:
    """Return the authenticator's next code; codes before it may be used by the test itself."""
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    return f"{totp(device.bin_key):06d}"


def set_up(client: Client) -> tuple[TOTPDevice, list[str]]:
    """Set the second factor up as a person does; return the device and the recovery codes."""
    begun = client.post(PAGE)
    assert begun.headers["Location"] == f"{PAGE}set-up/"
    device = TOTPDevice.objects.get()
    proof = {"password": PASSWORD, "code": code_now(device)}
    shown = client.post(begun.headers["Location"], proof)
    assert shown.status_code == 200, shown.context["form"].errors
    codes = re.findall(r'<li><code class="code">(\w+)</code>', shown.content.decode())
    device.refresh_from_db()
    return device, codes


# --- Setting up ---


def test_the_secret_is_shown_as_a_code_and_as_text_and_nothing_is_on_before_it_works(
    staff: Client, wang: User
) -> None:
    staff.post(PAGE)
    html = staff.get(f"{PAGE}set-up/").content.decode()
    device = TOTPDevice.objects.get()
    assert "<svg" in html
    assert "style=" not in html.partition("<svg")[2].partition("</svg>")[0]
    assert two_factor.secret_of(device) in html
    assert not two_factor.has_two_factor(wang)
    for proof in (
        {"password": PASSWORD, "code": "000000"},
        {"password": "wrong", "code": code_now(device)},
    ):
        assert "errornote" in staff.post(f"{PAGE}set-up/", proof).content.decode()
        assert not two_factor.has_two_factor(wang)
    assert staff.get(f"{PAGE}set-up/").content.decode().count(two_factor.secret_of(device)) == 1


def test_recovery_codes_are_shown_once_with_a_file_of_them(staff: Client) -> None:
    staff.post(PAGE)
    proof = {"password": PASSWORD, "code": code_now(TOTPDevice.objects.get())}
    response = staff.post(f"{PAGE}set-up/", proof)
    html = response.content.decode()
    codes = set(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == 10
    assert all(code in html for code in codes)
    file = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)" download', html)
    assert file
    assert codes <= set(unquote(file[1]).split())
    assert "no-store" in response.headers["Cache-Control"]
    for page in (PAGE, f"{PAGE}codes/", f"{PAGE}set-up/", f"{PAGE}remove/"):
        html = staff.get(page, follow=True).content.decode()
        assert not any(code in html for code in codes)


def test_setting_it_up_ends_the_sessions_that_were_opened_without(staff: Client) -> None:
    other = Client()
    log_in_with_password(other)
    assert other.get("/admin/").status_code == 200
    set_up(staff)
    assert staff.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


# --- Logging in ---


def test_the_code_is_asked_for_after_the_password_and_lets_in(staff: Client) -> None:
    device, _codes = set_up(staff)
    client = Client()
    first = log_in_with_password(client)
    assert first.headers["Location"] == "/admin/login/code/"
    assert client.get("/admin/").status_code == 302, "the password alone does not let in"
    assert client.get("/admin/login/code/").status_code == 200
    second = type_code(client, code_now(device))
    assert second.headers["Location"] == "/admin/auth/user/"
    assert client.get("/admin/").status_code == 200
    assert AccessLog.objects.count() == 2


@pytest.mark.parametrize(
    "spelling",
    [lambda c: f"{c[:3]} {c[3:]}", lambda c: c.translate(FULL_WIDTH), lambda c: f" {c} "],
)
def test_a_code_is_read_however_it_is_spaced(staff: Client, spelling: Any) -> None:
    device, _codes = set_up(staff)
    client = Client()
    log_in_with_password(client)
    assert type_code(client, spelling(code_now(device))).status_code == 302


FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def test_a_code_works_once(staff: Client) -> None:
    device, _codes = set_up(staff)
    code = code_now(device)
    first, second = Client(), Client()
    for client in (first, second):
        log_in_with_password(client)
    assert type_code(first, code).status_code == 302
    assert type_code(second, code).status_code == 200


def test_a_recovery_code_works_once(staff: Client, wang: User) -> None:
    _device, codes = set_up(staff)
    first, second = Client(), Client()
    for client in (first, second):
        log_in_with_password(client)
    assert type_code(first, codes[3].upper()).status_code == 302
    assert type_code(second, codes[3]).status_code == 200
    state = two_factor.state_of(wang)
    assert state
    assert state.codes_left == 9


def test_nothing_tells_who_has_a_second_factor_before_the_password_is_right(staff: Client) -> None:
    set_up(staff)
    User.objects.create_superuser("li", password=PASSWORD)
    texts = set()
    for name in ("wang", "li", "nobody"):
        response = log_in_with_password(Client(), name, "wrong")
        html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        texts.add((response.status_code, html.replace(f'value="{name}"', "")))
    assert len(texts) == 1
    assert Client().get("/admin/login/code/").headers["Location"] == "/admin/login/"


def test_wrong_codes_wait_longer_and_longer_and_then_stop_the_visitor(staff: Client) -> None:
    device, _codes = set_up(staff)
    client = Client()
    log_in_with_password(client, address=STRANGER)
    TOTPDevice.objects.update(last_t=-1)
    assert type_code(client, "000000", STRANGER).status_code == 200
    right = f"{totp(device.bin_key):06d}"
    waiting = type_code(client, right, STRANGER)
    assert waiting.status_code == 200, "the wait after a wrong code"
    assert AccessFailureLog.objects.filter(path_info="/admin/login/code/").count() == 1
    for _number in range(4):
        TOTPDevice.objects.update(throttling_failure_count=0)
        last = type_code(client, "000000", STRANGER)
    assert last.status_code == 429
    assert type_code(client, code_now(device), STRANGER).status_code == 429
    owner = Client()
    log_in_with_password(owner)
    assert type_code(owner, code_now(device)).status_code == 302


def test_the_wait_between_codes_ends_after_minutes_however_many_were_wrong(wang: User) -> None:
    device = TOTPDevice.objects.create(
        user=wang,
        throttling_failure_count=1_000_000,
        throttling_failure_timestamp=timezone.now(),
    )
    assert 250 <= two_factor.check(wang, "000000").wait_seconds <= 256
    device.throttling_failure_timestamp = timezone.now() - timedelta(seconds=257)
    device.save()
    assert two_factor.check(wang, f"{totp(device.bin_key):06d}").device == device


def test_a_password_that_was_right_counts_for_five_minutes_and_no_other_account(
    staff: Client, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, _codes = set_up(staff)
    for happens in ("late", "closed", "new password"):
        client = Client()
        log_in_with_password(client)
        if happens == "late":
            late = log_in.time.time() + 301
            monkeypatch.setattr(log_in.time, "time", lambda late=late: late)
        elif happens == "closed":
            User.objects.update(is_active=False)
        else:
            User.objects.update(is_active=True)
            client = Client()
            log_in_with_password(client)
            wang.set_password("another password")
            wang.save()
        response = type_code(client, code_now(device))
        assert response.headers["Location"] == "/admin/login/", happens
        monkeypatch.undo()


@pytest.mark.parametrize(
    "code", ["", "\ud800", "x" * 10_000, "1e5", "-00001", "１２３４５６", "⑥⑥⑥"]
)
def test_no_odd_code_is_a_server_error(staff: Client, code: str) -> None:
    set_up(staff)
    client = Client()
    log_in_with_password(client)
    body = {"code": code.encode("utf-8", "replace").decode()}
    assert client.post("/admin/login/code/", body).status_code == 200
    for page in ("codes", "remove"):
        assert staff.post(f"{PAGE}{page}/", {**body, "password": PASSWORD}).status_code == 200


# --- Keeping, removing, resetting ---


def test_new_recovery_codes_replace_the_old_ones(staff: Client) -> None:
    device, codes = set_up(staff)
    page = f"{PAGE}codes/"
    assert staff.post(page, {"password": "wrong", "code": code_now(device)}).status_code == 200
    assert set(StaticToken.objects.values_list("token", flat=True)) == set(codes)
    staff.post(page, {"password": PASSWORD, "code": code_now(device)})
    new = set(StaticToken.objects.values_list("token", flat=True))
    assert len(new) == 10
    assert not new & set(codes)


def test_removing_it_asks_for_password_and_code(staff: Client, wang: User) -> None:
    device, _codes = set_up(staff)
    for proof in ({"password": "wrong"}, {"code": "000000"}, {"password": "", "code": ""}):
        given = {"password": PASSWORD, "code": code_now(device), **proof}
        assert staff.post(f"{PAGE}remove/", given).status_code == 200
        assert two_factor.has_two_factor(wang)
    response = staff.post(f"{PAGE}remove/", {"password": PASSWORD, "code": code_now(device)})
    assert response.headers["Location"] == PAGE
    assert not two_factor.has_two_factor(wang)
    assert not StaticToken.objects.exists()
    assert log_in_with_password(Client()).headers["Location"] == "/admin/auth/user/"
    assert LogEntry.objects.filter(object_id=str(wang.pk)).count() == 2


def test_an_administrator_resets_a_colleague_s_and_it_is_recorded(
    staff: Client, wang: User
) -> None:
    set_up(staff)
    li = User.objects.create_superuser("li", password=PASSWORD)
    administrator = Client()
    administrator.force_login(li)
    page = f"{PAGE}reset/{wang.pk}/"
    change = administrator.get(f"/admin/auth/user/{wang.pk}/change/").content.decode()
    assert page in change
    assert administrator.get(page).status_code == 200
    assert two_factor.has_two_factor(wang), "looking changes nothing"
    assert administrator.post(page).status_code == 302
    assert not two_factor.has_two_factor(wang)
    assert staff.get("/admin/").status_code == 302, "the colleague's sessions have ended"
    entry = LogEntry.objects.filter(object_id=str(wang.pk)).latest("pk")
    assert entry.user == li
    history = administrator.get(f"/admin/auth/user/{wang.pk}/history/").content.decode()
    assert entry.change_message in history
    assert administrator.get(page).status_code == 200
    assert administrator.get(f"{PAGE}reset/99999999999999999999/").status_code == 404


def test_only_who_may_change_accounts_resets_and_a_superuser_s_only_a_superuser(
    staff: Client, wang: User
) -> None:
    set_up(staff)
    page = f"{PAGE}reset/{wang.pk}/"
    editor = User.objects.create_user("editor", is_staff=True)
    client = Client()
    client.force_login(editor)
    assert client.post(page).status_code == 403
    editor.user_permissions.add(Permission.objects.get(codename="change_user"))
    assert client.post(page).status_code == 403
    assert two_factor.has_two_factor(wang)
    User.objects.filter(pk=wang.pk).update(is_superuser=False)
    assert client.post(page).status_code == 302
    assert not two_factor.has_two_factor(wang)


def test_the_command_resets_an_account_and_says_what_it_would_do(staff: Client, wang: User) -> None:
    set_up(staff)
    said = StringIO()
    call_command("reset_two_factor", "wang", "--dry-run", stdout=said)
    assert two_factor.has_two_factor(wang)
    call_command("reset_two_factor", "wang", stdout=said)
    assert not two_factor.has_two_factor(wang)
    call_command("reset_two_factor", "wang", stdout=said)
    assert [line.split()[0] for line in said.getvalue().splitlines()] == ["Would", "Reset", "wang"]
    assert staff.get("/admin/").status_code == 302
    with pytest.raises(CommandError, match="no account named 'nobody'"):
        call_command("reset_two_factor", "nobody")


# --- Required by a setting ---


@pytest.mark.parametrize(
    ("required", "name", "is_asked"),
    [
        ("off", "wang", False),
        ("administrators", "wang", True),
        ("administrators", "chief", True),
        ("administrators", "editor", False),
        ("everyone", "editor", True),
        ("everyone", "wang", True),
    ],
)
def test_who_has_to_have_it_sets_it_up_before_anything_else(
    settings: Settings, wang: User, required: str, name: str, is_asked: bool
) -> None:
    settings.REQUIRE_TWO_FACTOR = required
    User.objects.create_user("editor", password=PASSWORD, is_staff=True)
    chief = User.objects.create_user("chief", password=PASSWORD, is_staff=True)
    chief.user_permissions.add(Permission.objects.get(codename="change_user"))
    client = Client()
    log_in_with_password(client, name)
    pages = (
        "/admin/",
        f"{PAGE}reset/{wang.pk}/",
        "/admin/reforms/measure/",
        "/admin/autocomplete/",
    )
    for page in pages if is_asked else pages[:1]:
        response = client.get(page)
        assert (response.status_code == 302 and response.headers["Location"] == PAGE) is is_asked
    assert client.get(PAGE).status_code == 200
    assert client.get("/admin/password_change/").status_code == 200
    if is_asked:
        set_up(client)
        assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", ["", "set-up/", "codes/", "remove/", "reset/1/"])
def test_nobody_sees_the_pages_without_logging_in(client: Client, page: str) -> None:
    for answer in (client.get(f"{PAGE}{page}"), client.post(f"{PAGE}{page}")):
        assert answer.headers["Location"].startswith("/admin/login/")


def test_the_pages_are_kept_by_no_cache(staff: Client) -> None:
    set_up(staff)
    for page in ("", "codes/", "remove/"):
        assert "no-store" in staff.get(f"{PAGE}{page}").headers["Cache-Control"]
