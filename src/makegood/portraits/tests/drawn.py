"""Pictures as telephones make them."""

from io import BytesIO

from PIL import Image

BRASS, LINEN = (181, 138, 61), (240, 234, 214)


def photograph(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """Brass on the left, linen on the right; a JPEG says that it lies on its side, and where."""
    image = Image.new("RGB", size, BRASS)
    image.paste(LINEN, (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned by a quarter
        exif[0x010F] = "Lantern Telephones"
        image.save(out, kind, exif=exif)
    else:
        image.save(out, kind)
    return out.getvalue()
