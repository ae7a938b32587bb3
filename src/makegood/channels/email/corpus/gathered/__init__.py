"""Mails written down one by one as programs and people write them, with what must be understood.

Each file holds mails by name: `raw`, and beside it what is expected (see `checking`). In
`wrecks.toml` the bytes stand as latin-1, and `{H}` for the usual headers.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from makegood.channels.email.corpus.case import Case

_HEAD = (
    "From: Ida <ida@customer.test>\r\nTo: support@lantern.test\r\nSubject: Lamp\r\n"
    "Date: Mon, 02 Mar 2026 10:15:00 +0100\r\nMessage-ID: <x@customer.test>\r\n"
    "MIME-Version: 1.0\r\n"
)


def gathered() -> Iterator[Case]:
    """Every one of them."""
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        kind = path.stem
        for name, found in tomllib.loads(path.read_text("utf-8")).items():
            raw = str(found.pop("raw"))
            if kind == "wrecks":
                data = raw.replace("{H}", _HEAD).encode("latin-1")
            else:
                data = raw.encode()
            yield Case(f"{kind}-{name}", data, found, ("gathered", kind))
