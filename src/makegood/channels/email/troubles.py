"""What can be wrong with a mail, in words. They are translated where they are shown.

The child that reads mail knows no settings and no languages, so the words are only marked here.
"""


def _(words: str) -> str:
    """Mark for translation."""
    return words


TOO_LARGE = _("This mail is larger than 50 MB: only its headers were read.")
TOO_DEEP = _("This mail is nested deeper than 20 levels: the innermost parts were not opened.")
TOO_MANY_PARTS = _("This mail has more than 500 parts: the rest was not read.")
TOO_MANY_HEADERS = _("This mail has too many headers: the rest was not read.")
TOO_MANY_ADDRESSES = _("This mail has more than 500 addresses: the rest was not read.")
CUT_OFF = _("This mail seems to be cut off: its last part has no end.")
NO_BOUNDARY = _("This mail announces several parts but does not separate them.")
BROKEN_SIGNATURE = _("The signature of this mail does not fit: it was changed on the way.")
ENCRYPTED = _("This mail is encrypted and could not be opened.")
TEXT_TOO_LONG = _("The text is longer than 2,000,000 characters: the rest is in the kept mail.")
HTML_TOO_LONG = _("The formatted text is larger than 2 MB: only its beginning is shown.")
HTML_TOO_TANGLED = _(
    "The formatted text is nested too deeply to be shown: only its words are kept."
)
SEVERAL_SENDERS = _("This mail names several senders: only the first is shown.")
NO_SENDER = _("This mail does not say who sent it.")
READ_CAREFULLY = _("This mail could be read only in part: its formatting and files were left out.")
PARTIAL = _("This mail is one piece of several: the others come as mails of their own.")
EXTERNAL = _("This mail only names a file that lies elsewhere: it was not fetched.")
