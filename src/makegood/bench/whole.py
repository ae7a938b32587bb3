"""The whole product as its owner starts it, and what its processes hold in memory."""

import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from makegood.bench.serving import free_port

PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A product that runs, and how long it took to begin."""

    seconds: float
    process: "subprocess.Popen[bytes]"
    port: int

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def kilobytes(self) -> int:
        """What all of its processes hold together."""
        return sum(map(pss, tree(self.process.pid)))


def start(*words: str, **more: str) -> Whole:
    """Start the product as its owner does; seconds until the first page is there."""
    port, mail = free_port(), free_port()
    environment = {
        **os.environ,
        "MAKEGOOD_SMTP_LISTEN": f"127.0.0.1:{mail}",
        "MAKEGOOD_URL": f"http://127.0.0.1:{port}",
        **more,
    }
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "makegood", "serve", "--port", str(port), *words],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    while not _answers(port):
        if server.poll() is not None or time.perf_counter() - began > PATIENCE:
            raise RuntimeError("The server did not start.")
        time.sleep(0.02)
    return Whole(seconds=time.perf_counter() - began, process=server, port=port)


def _answers(port: int) -> bool:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request("GET", "/accounts/login/")
        return wire.getresponse().status == 200
    except OSError:
        return False
    finally:
        wire.close()


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    found = [root]
    for pid in found:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        found += [int(child) for child in children.read_text().split()]
    return found


def pss(pid: int) -> int:
    """Kilobytes that belong to a process: what is shared is counted in parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
