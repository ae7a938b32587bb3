"""A picture that somebody sent, made small and square: its pixels, and nothing else of it.

Where it was taken, by which camera, and whatever hides behind the pixels stays outside.
"""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from makegood.kit.errors import Refused

SIDE = 192
"""Pixels: twice what the chat shows."""
LARGEST_FILE = 8_000_000
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def portrait_of(content: bytes) -> bytes:
    """The middle of a JPEG, PNG or WebP as a WebP of 192 pixels. Raises `Refused` in words."""
    if len(content) > LARGEST_FILE:
        raise Refused(_("The picture is larger than 8 MB."))
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            # Its head says how large it is: looked at before a pixel is read.
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused(_("The picture has more than 40 million pixels."))
            return _drawn(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        words = _("This is no picture that can be read: send a JPEG, PNG or WebP.")
        raise Refused(words) from error


def _drawn(opened: Image.Image) -> bytes:
    opened.draft("RGB", (SIDE * 2, SIDE * 2))  # a large JPEG is read small
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", square.size, "white")
    ground.paste(square, mask=square.getchannel("A"))
    out = BytesIO()
    ground.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
