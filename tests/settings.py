"""The site's settings for tests: nothing of the developer's own data or environment is touched."""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("REFORMS_")]:
    # What a test needs set, it sets; REFORMS_TEST_... speaks to the tests themselves.
    if not _name.startswith("REFORMS_TEST_"):
        del os.environ[_name]
os.environ["REFORMS_VAR"] = tempfile.mkdtemp(prefix="reforms-tests-")
atexit.register(shutil.rmtree, os.environ["REFORMS_VAR"], ignore_errors=True)

from catalog.settings import *  # noqa: E402, F403
from catalog.settings import STORAGES  # noqa: E402

# Unit tests build no static files; the browser tests run a served site with the real manifest.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Only speed: these passwords protect nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
