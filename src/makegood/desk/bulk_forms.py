"""What an agent asks of many conversations at once: which, what, and what goes with it."""

from typing import Any

from django import forms
from django.http import QueryDict

from makegood.acts.act import Act, Kept
from makegood.acts.tagging import tag_words, tags_in
from makegood.acts.vocabulary import ACTS, acts_for_many, read_act
from makegood.desk.forms import MOMENTS
from makegood.kit.errors import Refused

MOST_CHOSEN = 2000


class BulkForm(forms.Form):
    """One act on what was chosen, or on all of a list."""

    do = forms.ChoiceField()
    all = forms.BooleanField(required=False)
    what = forms.CharField(max_length=1000, required=False)
    remove = forms.CharField(max_length=1000, required=False)
    until = forms.DateTimeField(required=False, input_formats=MOMENTS)

    kept: Kept

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        offered: Any = self.fields["do"]
        offered.choices = [(act.name, act.label) for act in acts_for_many()]
        self.picked = data.getlist("pick")[:MOST_CHOSEN]

    @property
    def numbers(self) -> list[int]:
        return [int(pk) for pk in self.picked if pk.isascii() and pk.isdigit() and len(pk) < 16]

    @property
    def act(self) -> Act | None:
        return ACTS.get(self.data.get("do", ""))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "do" in said and not self.errors and (self._words() or not ACTS[said["do"]].takes):
            try:
                self.kept = read_act(said["do"], self._words())
            except Refused as refused:
                self.add_error("what", str(refused))
        return said

    def _words(self) -> str:
        """What goes with it, as one string: of tags, those to put on and those to take off."""
        said = self.cleaned_data
        if said["remove"]:
            on, off = tags_in(said["what"])
            return tag_words(on, off | tags_in(said["remove"])[0])
        return said["until"].isoformat() if said["until"] else str(said["what"])

    def is_complete(self) -> bool:
        """Whether everything is said that this act needs."""
        return self.is_valid() and hasattr(self, "kept")
