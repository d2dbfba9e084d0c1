"""Sites and browser pages for the tests of what a person does in Chromium."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    sync_playwright,
)

from tests import chromium, packages
from tests.browser.forked import Forker
from tests.browser.served import (
    EDITOR,
    PASSWORD,
    LoadedCatalog,
    Site,
    forking,
    loaded_catalog,
    served,
)

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# What a page may say in the console without failing its test: Chromium's note on an error status,
# which tests of error pages ask for.
EXPECTED_CONSOLE = "Failed to load resource: the server responded with a status of"

# Playwright runs an event loop in this thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def built_catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedCatalog]:
    """Build one loaded catalog, on the PostgreSQL server of DATABASE_URL or in a SQLite file."""
    address = os.environ.get("DATABASE_URL", "")
    server = address if address.startswith("postgres") else None
    with loaded_catalog(tmp_path_factory.mktemp("var"), server) as built:
        yield built


@pytest.fixture(scope="session")
def site(built_catalog: LoadedCatalog) -> Iterator[Site]:
    """Serve the loaded catalog to all tests that only read it."""
    with served(built_catalog) as running:
        yield running


@pytest.fixture(scope="session")
def forker(built_catalog: LoadedCatalog) -> Iterator[Forker]:
    """Start the process that the sites of single tests are forked from."""
    with forking(built_catalog) as started:
        yield started


@pytest.fixture
def editable_site(built_catalog: LoadedCatalog, forker: Forker) -> Iterator[Site]:
    """Serve a copy of the loaded catalog that belongs to one test."""
    with served(built_catalog, forker) as running:
        yield running


@pytest.fixture(autouse=True)
def whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a click or a key end only when the page that it leads to stands whole.

    Playwright goes on once the answer begins: what follows would now and then read half a page.
    """
    for kind, name in ((Locator, "click"), (Locator, "press"), (Page, "click"), (Page, "press")):
        act = getattr(kind, name)

        def act_and_wait(
            place: Locator | Page, *arguments: Any, act: Any = act, **options: Any
        ) -> None:
            act(place, *arguments, **options)
            shown = place.page if isinstance(place, Locator) else place
            if not shown.is_closed():
                shown.wait_for_load_state()

        monkeypatch.setattr(kind, name, act_and_wait)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start headless Chromium; without one, skip, and in CI fail."""
    program = chromium.find()
    if program is None:
        (pytest.fail if packages.is_required() else pytest.skip)(chromium.NOT_FOUND)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts with any of Playwright's options, and fail where a page complains.

    An error in the console, an exception in a script, a violation of the content security policy
    or a request to another host fails the test. `java_script_enabled=False` is one of the options,
    `viewport={"width": 360, "height": 740}` and `color_scheme="dark"` are others.
    """
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_CONSOLE):
            complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def on_request(address: str) -> None:
        if not address.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            complaints.append(f"asked another host: {address}")

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"locale": "zh-CN", **options})
        context.set_default_timeout(10_000)
        context.on("console", on_console)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: on_request(request.url))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """Open a page 1280 pixels wide, in Chinese, with scripts on."""
    return new_context().new_page()


@pytest.fixture
def signed_in(page: Page, editable_site: Site) -> Page:
    """Open the admin of `editable_site` and sign in as its editor."""
    page.goto(f"{editable_site.address}/admin/login/?next=/admin/")
    page.fill("#id_username", EDITOR)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture(scope="session")
def axe_violations() -> Callable[[Page], list[str]]:
    """Return what checks a page with axe: one line a violation, with its places; none is an empty list."""
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[str]:
        page.evaluate(script)
        result = page.evaluate(
            "() => axe.run(document, {resultTypes: ['violations'], preload: false})"
        )
        return [
            f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:120]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return check


@pytest.fixture(scope="session")
def page_faults(
    axe_violations: Callable[[Page], list[str]],
) -> Callable[[Page], list[str]]:
    """Return what checks a page as it is shown with axe, and that it fits a phone and a wide screen."""

    def check(page: Page) -> list[str]:
        found = axe_violations(page)
        shown = page.viewport_size
        assert shown is not None
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                found.append(f"{wide} pixels wider than a screen of {width}")
        page.set_viewport_size(shown)
        return found

    return check
