"""The words that tell a customer what they get: a draft that a person reads and changes."""

from django.utils import formats, translation
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation
from makegood.kit.money import Money
from makegood.makegoods.models import Makegood, Remedy
from makegood.promises.sentences import spoken_with


def sentence(makegood: Makegood, conversation: Conversation) -> str:
    """In the customer's language; `{makegood.code}` stays where the code is not known yet."""
    return sentence_in(makegood, spoken_with(conversation))


def sentence_in(makegood: Makegood, language: str) -> str:
    """The same in a language."""
    with translation.override(language):
        return _sentence(makegood)


def _sentence(makegood: Makegood) -> str:
    told = {
        "amount": str(Money(makegood.face_minor, makegood.currency)),
        "code": makegood.code or "{makegood.code}",
        "words": makegood.words.rstrip("."),
        "until": formats.date_format(makegood.valid_until, _("j F Y"))
        if makegood.valid_until
        else "",
    }
    return _words(makegood) % told


def _words(makegood: Makegood) -> str:
    """Translators: said to a customer."""
    if makegood.remedy == Remedy.COUPON and makegood.valid_until:
        return _(
            "To make up for it: %(amount)s off your next order, with the code %(code)s, until "
            "%(until)s."
        )
    if makegood.remedy == Remedy.REPLACEMENT and makegood.lines:
        return _("We are sending you this once more, at our cost: %(words)s.")
    return {
        Remedy.COUPON: _(
            "To make up for it: %(amount)s off your next order, with the code %(code)s."
        ),
        Remedy.REFUND: _("We are paying %(amount)s back to you, the way you paid."),
        Remedy.CREDIT: _("We have put %(amount)s to your credit in our shop."),
        Remedy.SHIPPING: _("We send it the fast way now, at our cost."),
        Remedy.REPLACEMENT: _("We are sending you a replacement, at our cost."),
        Remedy.GESTURE: _("To make up for it: %(words)s."),
    }[Remedy(makegood.remedy)]
