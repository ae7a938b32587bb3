"""The product's own settings, over a data folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

if "MAKEGOOD_TEST_DATA" not in os.environ:
    # Set by the first process; the workers of pytest-xdist inherit it.
    _folder = tempfile.mkdtemp(prefix="makegood-tests-")
    os.environ["MAKEGOOD_TEST_DATA"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ.setdefault("MAKEGOOD_TEST_MOULDS", f"{_folder}/moulds")

# A developer's own desk is never the place where tests run.
os.environ["MAKEGOOD_DATA"] = os.environ["MAKEGOOD_TEST_DATA"]

if databases := os.environ.get("MAKEGOOD_TEST_DATABASES", "").split():
    # One cluster a worker: see bin/_postgres.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["DATABASE_URL"] = databases[worker % len(databases)]

from makegood.config.settings import *  # noqa: F403

WHITENOISE_AUTOREFRESH = True
"""Files are looked for when asked for: every new client of a test would read the whole folder."""
