"""What a child that reads mail may use, and how it is shut in."""

import ctypes
import os
import resource
import signal
import time

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 10
OPEN_FILES = 16

_MAILS = 50
"""So many mails are read in one child; the next ones in another."""
_LIFE_SECONDS = 2 * CPU_SECONDS
_QUICK_SECONDS = 0.25
_MODEST_KILOBYTES = 64 * 1024
"""A mail that needs more of either has its child to itself from there on: none comes after it."""

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_NOBODY = 65534


def shut_in() -> None:
    """For the server, once: no network, no rights. What the system does not allow is left out."""
    libc = ctypes.CDLL(None, use_errno=True)
    is_root = os.geteuid() == 0
    libc.unshare(_CLONE_NEWNET if is_root else _CLONE_NEWUSER | _CLONE_NEWNET)
    if is_root:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


class Allowance:
    """What a child may use: little memory, no files, no children, and little time for each mail."""

    def __init__(self) -> None:
        self.mails = 0
        self.begun = 0.0
        self.is_odd = False
        for limit, value in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, _LIFE_SECONDS),
        ):
            resource.setrlimit(limit, (value, value))
        # Their default action ends the process: no code of ours need run.
        for ending in (signal.SIGALRM, signal.SIGPROF):
            signal.signal(ending, signal.SIG_DFL)
        self.memory = _most_memory()

    def lasts(self) -> bool:
        """Whether another mail may be read here. Each mail had its own whole allowance."""
        return not self.is_odd and self.mails < _MAILS and time.process_time() < CPU_SECONDS

    def __enter__(self) -> None:
        self.mails += 1
        self.begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        took_long = time.process_time() - self.begun > _QUICK_SECONDS
        self.is_odd = took_long or _most_memory() - self.memory > _MODEST_KILOBYTES


def _most_memory() -> int:
    """Kilobytes that this process ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
