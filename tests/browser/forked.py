"""Start sites as forks of one process that has the whole program loaded: each stands in a moment.

`python -m tests.browser.forked` is that process. It reads a line of JSON for each site, with its
database, port and log, and answers with a line: the process id.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class Fork:
    """A process that is no child of this one: it is asked about by its number."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while the process lives, else a number that says nothing."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def wait(self, timeout: float) -> None:
        """Return once the process is gone; fail where it lives on for `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            assert time.monotonic() < deadline, f"Process {self.pid} does not end."
            time.sleep(0.01)


class Forker:
    """The process that sites are forked from; all of them have its settings but database and port."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.forked"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fork(self, database: str, port: int, log: Path) -> Fork:
        """Let a site listen on `port` and work on the database of that name; return its process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([database, port, str(log)]) + "\n")
        self.process.stdin.flush()
        return Fork(int(self.process.stdout.readline()))

    def close(self) -> None:
        """End the process; sites that it started go on."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def load() -> None:
    """Load what a site loads at its first requests: apps, pages, templates, words, dictionaries."""
    import django

    django.setup()

    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    import catalog.wsgi
    from reforms.text import sound, tokenise

    assert catalog.wsgi.application
    assert get_resolver().url_patterns
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in Path(folder).rglob("*.html"):
            get_template(str(file.relative_to(folder)))
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Search")
    for token in tokenise("獲得電力 getting electricity"):
        sound(token.code)


def serve(database: str, port: int, log: str) -> None:
    """Be a site: what `python -m gunicorn` is with another database and port; never returns."""
    from django.conf import settings
    from gunicorn.app.wsgiapp import run

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(log, "ab") as opened, open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(opened.fileno(), 1)
        os.dup2(opened.fileno(), 2)
    # Connections read this same dictionary, and none was opened yet.
    chosen: dict[str, Any] = settings.DATABASES["default"]
    chosen["NAME"] = database
    os.environ["PORT"] = str(port)
    sys.argv = ["gunicorn"]
    run()


def main() -> None:
    """Load everything, then fork a site for each line that comes in."""
    load()
    # Nobody waits for a site here: when it ends it is gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            serve(*json.loads(line))
        print(pid, flush=True)


if __name__ == "__main__":
    main()
