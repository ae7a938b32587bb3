"""Words by which machines, devices and their reports are known: `phrases.toml`, read once."""

import tomllib
from pathlib import Path

_HERE = Path(__file__).parent
_PHRASES: dict[str, list[str]] = tomllib.loads((_HERE / "phrases.toml").read_text("utf-8"))

CHALLENGES = tuple(_PHRASES["challenges"])
DEVICES = tuple(_PHRASES["devices"])
GUARDS = tuple(_PHRASES["guards"])
FOOTERS = tuple(_PHRASES["footers"])
DAEMONS = tuple(_PHRASES["daemons"])
DAEMON_NAMES = tuple(_PHRASES["daemon_names"])
FAILED = tuple(_PHRASES["failed"])
WAITS = tuple(_PHRASES["waits"])
COPIES = tuple(_PHRASES["copies"])
FORWARD_PREFIXES = frozenset(_PHRASES["forward_prefixes"])
FORM_LABELS = frozenset(_PHRASES["form_labels"])
BELOW = tuple(_PHRASES["below"])
ANSWERING = tuple(_PHRASES["answering"])
INSIDE = tuple(_PHRASES["inside"])
PRINTS = tuple(_PHRASES["prints"])
SPARES = tuple(_PHRASES["spares"])
BEFOREHAND = tuple(_PHRASES["beforehand"])
BY_ITSELF = tuple(_PHRASES["by_itself"])
OFFICES = tuple(_PHRASES["offices"])
CHALLENGES_ALONE = tuple(_PHRASES["challenges_alone"])
