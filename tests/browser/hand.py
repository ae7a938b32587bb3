"""A hand inside the product: one command line that stays open, for setting scenes quickly."""

import json
import subprocess
import sys

from tests.served import Served

LISTENS = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
        trouble = ""
    except Exception:
        trouble = traceback.format_exc()
    print(json.dumps([said.getvalue(), trouble]), flush=True)
"""


class Hand:
    """Runs Python in the product, as `Served.ask` does, without starting it each time."""

    def __init__(self, served: Served) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "makegood", "shell", "--no-imports", "-c", LISTENS],
            env=served.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, code: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        said, trouble = json.loads(self.process.stdout.readline())
        assert not trouble, trouble
        return str(said).strip()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=120)
