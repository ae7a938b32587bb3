from django.core.exceptions import ValidationError

from makegood.conversations.signing import refuse_unknown_fields
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage


def checked_signature(typed: str) -> str:
    """A signature whose fields there are: a wrong one would be left out of every letter."""
    try:
        refuse_unknown_fields(typed)
    except Refused as refused:
        raise ValidationError(str(refused)) from refused
    return fit_for_storage(typed)
