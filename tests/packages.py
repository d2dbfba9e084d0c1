"""Install what the tests need from the system's packages, where this account may."""

import os
import shutil
import subprocess

PACKAGE_MANAGERS: dict[str, list[list[str]]] = {
    "apt-get": [
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-yq", "--no-install-recommends"],
    ],
    "dnf": [["dnf", "install", "-yq"]],
    "zypper": [["zypper", "--non-interactive", "install"]],
    "pacman": [["pacman", "-Sy", "--noconfirm"]],
    "apk": [["apk", "add", "--no-progress"]],
}


def is_required() -> bool:
    """Say whether a missing tool fails the run (in CI) instead of leaving its tests out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def may_install() -> list[str] | None:
    """Return what to put before a command to run it as root; None where this account may not."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(packages: dict[str, list[str]]) -> bool:
    """Install `packages`, listed by package manager, with the one found; return whether it worked."""
    prefix = may_install()
    manager = next((name for name in PACKAGE_MANAGERS if shutil.which(name)), None)
    if prefix is None or manager is None or manager not in packages:
        return False
    *before, install_command = PACKAGE_MANAGERS[manager]
    wanted = packages[manager]
    print(f"Installing {' '.join(wanted)} with {manager} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in [*before, [*install_command, *wanted]]:
        done = subprocess.run(
            [*prefix, *command],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        print(done.stdout[-2000:])
    return done.returncode == 0
