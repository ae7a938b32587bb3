"""The mails of a file or a folder: single mails, mbox files, Maildirs, one after the other."""

from collections.abc import Iterator
from pathlib import Path

_SKIPPED = (".json", ".py", ".md", ".toml", ".html", ".yml", ".yaml", ".lock", ".sqlite3")


def mails_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, raw mail) of everything below a path, in the order of names."""
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if not entry.name.startswith(".") and not entry.is_symlink():
                yield from mails_in(entry)
    elif path.suffix.lower() not in _SKIPPED:
        yield from _mails_of(path)


def _mails_of(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        is_box = file.read(5) == b"From "
    if not is_box:
        yield str(path), path.read_bytes()
        return
    for number, raw in enumerate(_split_box(path), start=1):
        yield f"{path}#{number}", raw


def _split_box(path: Path) -> Iterator[bytes]:
    """Cut an mbox file at its `From ` lines. Lines that were marked for it are freed again."""
    gathered: list[bytes] = []
    after_blank = True
    with path.open("rb") as file:
        for line in file:
            if after_blank and _begins_a_mail(line):
                if gathered:
                    yield b"".join(gathered)
                gathered = []
                continue
            after_blank = not line.strip()
            gathered.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
    if gathered:
        yield b"".join(gathered)


def _begins_a_mail(line: bytes) -> bool:
    """`From ida@example.org Mon Mar  2 09:00:00 2026`: a time of day, and a year."""
    words = line.split()
    return line.startswith(b"From ") and len(words) >= 3 and any(b":" in word for word in words[2:])
