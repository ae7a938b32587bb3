"""A picture that a telephone reads: an address as a QR code, as one path that any page may draw."""

import segno

QUIET = 4
"""Light modules around it, as ISO/IEC 18004 asks."""


def qr_of(address: str) -> dict[str, int | str]:
    """`size` in modules, and a `path` of the dark ones for an SVG of that size."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    dark = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    ]
    return {"size": len(rows) + 2 * QUIET, "path": "".join(dark)}
