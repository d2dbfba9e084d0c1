"""What every answer carries and what no request can do: probes, headers, bad input, sessions of staff."""

import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from catalog import sessions
from catalog.middleware import bodiless_heads

LANGUAGES = ("zh-hans", "en")


def test_liveness_asks_nothing_of_the_database_or_the_host_name(client: Client) -> None:
    # Without the django_db mark any query would fail this test.
    response = client.get("/livez", headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, b"live\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readiness_names_what_is_missing(
    client: Client, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz", headers={"host": "10.0.0.7"}).status_code == 200
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "static files are not built" in response.content.decode()

    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "the database does not answer" in response.content.decode()
    assert "refused" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/livez", "/zh-hans/", "/zh-hans/nowhere/", "/admin/login/", "/static/none.css"]
)
def test_every_answer_carries_the_security_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    if address != "/livez":
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepts", "language"), [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh-hans"), ("fr", "zh-hans")]
)
def test_an_address_without_language_goes_to_the_readers(
    client: Client, accepts: str, language: str
) -> None:
    for address in ("/", "/measures/", "/measures/?q=a%26b"):
        response = client.get(address, headers={"accept-language": accepts})
        assert response.status_code == 302
        assert response.headers["Location"] == f"/{language}{address}"
        assert response.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("answer", [HttpResponse("page"), StreamingHttpResponse(["pa", "ge"])])
def test_a_head_keeps_its_headers_and_loses_its_body(
    answer: HttpResponseBase, rf: RequestFactory
) -> None:
    # Called directly: Django's test client takes the body off by itself.
    answer.headers["Content-Length"] = "4"
    assert b"".join(bodiless_heads(lambda request: answer)(rf.get("/"))) == b"page"
    answer = type(answer)("page") if isinstance(answer, HttpResponse) else type(answer)(["page"])
    answer.headers["Content-Length"] = "4"
    assert b"".join(bodiless_heads(lambda request: answer)(rf.head("/"))) == b""
    assert answer.headers["Content-Length"] == "4"


@pytest.mark.django_db
def test_public_pages_are_the_same_for_everyone(
    client: Client, django_user_model: type[User]
) -> None:
    address = "/zh-hans/"
    before = client.get(address)
    client.force_login(django_user_model.objects.create_superuser("editor"))
    client.cookies["django_language"] = "en"
    after = client.get(address)
    assert before.content == after.content
    for response in (before, after):
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert "no-store" not in response.headers.get("Cache-Control", "")


ODD = [
    "\x00",
    "\x00.csv",
    "a\x00b",
    "\ud800",
    "%",
    "%zz",
    "\\",
    "\r\nSet-Cookie: a=b",
    "..",
    "//x.org",
]


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_no_odd_address_or_parameter_is_a_server_error(client: Client, odd: str) -> None:
    escaped = quote(odd, safe="", errors="surrogatepass")
    for address in (
        f"/{escaped}",
        f"/{escaped}/",
        f"/zh-hans/{escaped}/",
        f"/zh-hans/measures/{escaped}/",
        f"/zh-hans/measures/{escaped}/{escaped}/",
        f"/zh-hans/sources/{escaped}/",
        f"/en/measures/?q={escaped}&page={escaped}&{escaped}=1",
        f"/admin/{escaped}/",
        f"/admin/login/?next={escaped}",
        f"/static/{escaped}",
        f"/livez/{escaped}",
    ):
        response = client.get(address)
        assert response.status_code < 500, address
        assert "Set-Cookie" not in response.headers, address
        if odd.startswith("\x00") and not address.startswith("/static/"):
            assert response.status_code == 400, address
    raw = client.generic("GET", "/zh-hans/measures/", QUERY_STRING="q=%ff%fe&city=\xff&%=%&&=")
    assert raw.status_code < 500


@pytest.mark.django_db
def test_a_nul_in_a_posted_form_is_a_bad_request(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "a\x00", "password": "b"})
    assert response.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/login/", "/zh-hans/measures/", "/nowhere/"])
def test_half_a_character_of_an_odd_charset_is_a_bad_request(client: Client, address: str) -> None:
    odd = "multipart/form-data; boundary=x; charset=unicode-escape"
    form = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n{}\r\n--x--\r\n'
    for place, text in ((address, r"a\ud800"), (f"{address}?q=%5Cud800", "a")):
        assert client.generic("POST", place, form.format(text), odd).status_code == 400
    # A form whose characters are whole is read.
    whole = client.generic("POST", "/admin/login/", form.format(r"a\u4e00"), odd)
    assert whole.context["form"]["username"].value() == "a一"


@pytest.fixture
def staff(client: Client, django_user_model: type[User]) -> Client:
    """Return a client whose person is signed in."""
    client.force_login(django_user_model.objects.create_superuser("editor", password="a password"))
    return client


def is_signed_in(client: Client) -> bool:
    """Say whether the admin lets the client in."""
    return bool(client.get("/admin/password_change/").status_code == 200)


@pytest.mark.django_db
def test_a_session_ends_when_it_is_not_used(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.time()
    for minutes in (20, 40, 60):
        monkeypatch.setattr(sessions.time, "time", lambda: start + minutes * 60)  # noqa: B023
        assert is_signed_in(staff)
    monkeypatch.setattr(sessions.time, "time", lambda: start + 91 * 60)
    assert not is_signed_in(staff)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_session_ends_after_its_hours_even_in_use(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = time.time()
    for minutes in range(0, 12 * 60, 25):
        monkeypatch.setattr(sessions.time, "time", lambda: start + minutes * 60)  # noqa: B023
        assert is_signed_in(staff), minutes
    monkeypatch.setattr(sessions.time, "time", lambda: start + 12 * 3600 + 1)
    assert not is_signed_in(staff)


@pytest.mark.django_db
def test_a_new_password_ends_the_other_sessions(staff: Client) -> None:
    assert is_signed_in(staff)
    person = User.objects.get()
    person.set_password("another password")
    person.save()
    assert not is_signed_in(staff)


@pytest.mark.django_db
def test_disabling_an_account_ends_its_sessions(staff: Client) -> None:
    User.objects.update(is_active=False)
    assert not is_signed_in(staff)


@pytest.mark.django_db
def test_pages_of_staff_are_kept_by_no_cache(staff: Client) -> None:
    assert "no-store" in staff.get("/admin/password_change/").headers["Cache-Control"]


@pytest.mark.parametrize(("address", "said"), [("/en/", "is too large"), ("/zh-hans/", "太大")])
def test_a_body_that_is_too_large_is_refused_unread_in_the_reader_s_language(
    client: Client, address: str, said: str
) -> None:
    body = bytes(26 * 1024 * 1024)
    answer = client.post(address, body, content_type="application/octet-stream")
    assert answer.status_code == 413
    assert said in answer.content.decode()


@pytest.mark.parametrize("length", ["", "x", "-1", "９"])
def test_a_length_that_is_no_number_is_left_to_django(client: Client, length: str) -> None:
    answer = client.post("/en/", {"a": "b"}, headers={"content-length": length})
    assert answer.status_code in (400, 405)
