"""A server killed at any moment loses nothing that it answered "saved" to."""

import random
import re
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest

from tests.browser.served import EDITOR, PASSWORD, LoadedCatalog, Site, served
from tests.forms import fields_of_form

ROUNDS = 2
LIVE = """
from reforms.models import MeasureVersion
for row in MeasureVersion.objects.filter(measure__key="7").order_by("version"):
    print(row.version, row.record["title_en"])
"""


class Answer:
    """An answer as the reader of forms takes it."""

    def __init__(self, content: bytes) -> None:
        self.content = content


class Editor:
    """Somebody who saves over and over, and remembers each title that was answered to be saved."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.saved: list[str] = []

    def open(self, path: str, fields: dict[str, object] | None = None) -> bytes:
        body = urlencode(fields, doseq=True).encode() if fields else None
        address = f"{self.site.address}{path}"
        request = urllib.request.Request(address, body, {"Referer": address})
        with self.browser.open(request, timeout=10) as answer:
            content: bytes = answer.read()
            return content

    def log_in(self) -> str:
        fields = fields_of_form(Answer(self.open("/admin/login/")), "login-form")
        self.open(
            "/admin/login/?next=/admin/", {**fields, "username": EDITOR, "password": PASSWORD}
        )
        found = re.search(
            rb"/admin/reforms/measure/\d+/change/", self.open("/admin/reforms/measure/?q=7")
        )
        assert found
        return found[0].decode()

    def save_until_killed(self, path: str, name: str) -> None:
        number = 0
        try:
            while True:
                number += 1
                title = f"Title {name}-{number}"
                fields = fields_of_form(Answer(self.open(path)), "measure_form")
                shown = self.open(path, {**fields, "title_en": title, "_continue": "1"})
                if b"Saved as version" in shown or "已保存为第".encode() in shown:
                    self.saved.append(title)
        except (OSError, HTTPException):
            return


@pytest.mark.smoke
def test_what_was_answered_to_be_saved_stands_after_a_kill(built_catalog: LoadedCatalog) -> None:
    for round_number in range(ROUNDS):
        with served(built_catalog) as site:
            editor = Editor(site)
            path = editor.log_in()
            saving = threading.Thread(
                target=editor.save_until_killed, args=(path, str(round_number))
            )
            saving.start()
            saving.join(timeout=random.uniform(2, 4))
            site.kill()
            saving.join(timeout=30)
            assert editor.saved, "nothing was saved before the kill"
            stored = site.manage("shell", "-v", "0", "-c", LIVE)
            for title in editor.saved:
                assert title in stored
            site.manage("check_catalog", "-v", "0")
            site.manage("rebuild_search", "--check", "-v", "0")
