"""Scripts, styles, fonts: gathered once per version into one folder named by its content.

Every asset lives under `/static/<build>/…`: addresses never change meaning, may be cached
for ever, and relative references between sheets, fonts and modules work as written. No
manifest, no rewriting of files.
"""

import gzip
import hashlib
import os
import posixpath
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
COMPRESSED = {".css", ".js", ".svg", ".txt", ".json"}
ALL_SHEETS = "all.css"
KEPT_BUILDS = 4


def folders() -> list[Path]:
    """The static folder of every app, in the order of their names; `kit` first."""
    found = sorted(SOURCE.glob("*/static"))
    return sorted(found, key=lambda folder: folder.parent.name != "kit")


def sources() -> dict[str, Path]:
    """Each asset's name (`kit/tokens.css`) and where it is."""
    found: dict[str, Path] = {}
    for folder in folders():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path
    return found


@lru_cache(maxsize=1)
def build_name() -> str:
    """Twelve hex digits that change when any asset does."""
    total = hashlib.sha256()
    for name, path in sources().items():
        total.update(name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def gather(root: Path) -> Path:
    """Copy every asset to `root/<build>`, with gzip beside text; long gone builds are removed.

    Safe to run by several processes at once: the folder appears whole or not at all.
    """
    target = root / build_name()
    if target.is_dir():
        return target
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=root))
    for name, path in sources().items():
        _write(work / name, path.read_bytes())
    _write(work / ALL_SHEETS, one_sheet().encode())
    work.chmod(0o755)
    try:
        os.rename(work, target)
    except OSError:  # another process was first
        shutil.rmtree(work)
    _forget_old_builds(root)
    return target


def _write(copy: Path, content: bytes) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(content)
    if copy.suffix in COMPRESSED:
        copy.with_name(copy.name + ".gz").write_bytes(gzip.compress(content, 9))


def _forget_old_builds(root: Path) -> None:
    """Keep the last few: pages that are still open may ask for theirs."""
    builds = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime)
    for folder in builds[:-KEPT_BUILDS]:
        shutil.rmtree(folder, ignore_errors=True)


def one_sheet() -> str:
    """All stylesheets as one, so that a page asks once; what they refer to is found again."""
    return "\n".join(_moved(name, sources()[name].read_text()) for name in sheets())


def _moved(name: str, text: str) -> str:
    """A sheet as it reads from the build's root: `url("x")` beside it becomes its place."""
    first, *rest = text.split('url("')
    folder = posixpath.dirname(name)
    moved = [
        posixpath.normpath(posixpath.join(folder, each)) if _is_near(each) else each
        for each in (piece.partition('"')[0] for piece in rest)
    ]
    tails = ['"' + piece.partition('"')[2] for piece in rest]
    return first + "".join(f'url("{place}{tail}' for place, tail in zip(moved, tails, strict=True))


def _is_near(place: str) -> bool:
    return not place.startswith(("/", "#", "data:"))


def sheets() -> list[str]:
    """Every stylesheet, the layers' order first; `kit` before the apps."""
    names = [name for name in sources() if name.endswith(".css")]
    first = ["kit/layers.css", "kit/tokens.css", "kit/reset.css", "kit/base.css", "kit/layout.css"]
    return [n for n in first if n in names] + [n for n in names if n not in first]


def elements() -> list[str]:
    """Every custom element: one file each."""
    return [name for name in sources() if name.endswith(".js") and "/elements/" in name]
