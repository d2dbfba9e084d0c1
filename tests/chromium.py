"""Find headless Chromium for the browser tests, or install it: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys

from tests import packages

# The same program built without windows comes first: it takes two thirds of the time.
WITHOUT_WINDOWS = "chromium-headless-shell"
NAMES = (
    WITHOUT_WINDOWS,
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"),
)
PACKAGES = {
    "apt-get": ["chromium", "fonts-noto-cjk"],
    "dnf": ["chromium", "google-noto-sans-cjk-fonts"],
    "zypper": ["chromium", "google-noto-sans-cjk-fonts"],
    "pacman": ["chromium", "noto-fonts-cjk"],
    "apk": ["chromium", "font-noto-cjk"],
}
# Nothing is asked of any host but the tests' own; root can have no sandbox.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
NOT_FOUND = (
    "No Chromium was found, and none could be installed. Install it (Debian: apt-get install chromium "
    "fonts-noto-cjk), or set CHROMIUM to the program's path."
)


def find() -> str | None:
    """Return the path of Chromium: what CHROMIUM names, else the first known name on the path."""
    given = os.environ.get("CHROMIUM", "").strip()
    return next(
        (path for name in ([given] if given else NAMES) if (path := shutil.which(name))), None
    )


def has_chinese_font() -> bool:
    """Say whether Chinese text can be drawn; true where nobody can say."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    return bool(
        subprocess.run([lister, ":lang=zh-cn"], capture_output=True, text=True).stdout.strip()
    )


def is_offered(package: str) -> bool:
    """Say whether the system's lists of packages, as they are, name one; only Debian's are asked."""
    lists = shutil.which("apt-cache")
    asked = lists and subprocess.run([lists, "show", package], capture_output=True, text=True)
    return bool(asked and asked.stdout.strip())


def main() -> int:
    """Install what is missing, where this account may; print the path, or what could not be found."""
    if find() is None or not has_chinese_font():
        packages.install(PACKAGES)
    is_chosen = shutil.which(WITHOUT_WINDOWS) or os.environ.get("CHROMIUM")
    # Where lists were fetched above they are new; without the package, Chromium itself is used.
    if not is_chosen and is_offered(WITHOUT_WINDOWS):
        packages.install({"apt-get": [WITHOUT_WINDOWS]})
    path = find()
    if path is None:
        print(NOT_FOUND, file=sys.stderr)
        return 1 if packages.is_required() else 0
    if not has_chinese_font():
        print("No Chinese font was found: the pages' pictures will show boxes.", file=sys.stderr)
    print(f"Browser tests use {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
