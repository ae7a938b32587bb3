from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 4_294_967_295
"""A UID is 32 bits (RFC 3501, 2.3.1.1)."""


class Range(forms.Form):
    """From which to which mail of the server's folder."""

    first = forms.IntegerField(label=_("From number"), min_value=1, max_value=MOST)
    last = forms.IntegerField(label=_("to number"), min_value=1, max_value=MOST)
