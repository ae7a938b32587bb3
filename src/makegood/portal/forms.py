from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from makegood.channels.interface import Limits
from makegood.kit.jinja import size_in_words
from makegood.portal.nonces import Nonce, new_nonce, read_nonce

LONGEST = 50_000


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else None


class FilesField(forms.FileField):
    """Zero or more files; what a channel can carry is checked by the form."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(FilesField, self).clean(file, initial) for file in data or ()]


class PublicForm(forms.Form):
    """A form for strangers: a signed word instead of a cookie, and a field that nobody sees."""

    purpose = ""
    text = forms.CharField(
        label=_("Your message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 7})
    )
    attachments = FilesField(label=_("Files"), required=False)
    nonce = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, purpose: str, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.limits = purpose, limits
        self.given: Nonce | None = None

    def nonce_to_show(self) -> str:
        """The same word again while it is good, so that pressing once more is the same act."""
        if self.given is not None and not self.given.is_too_old():
            return str(self.cleaned_data["nonce"])
        return new_nonce(self.purpose)

    def is_trapped(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))

    def clean_attachments(self) -> "Sequence[UploadedFile[Any]]":
        files: list[UploadedFile[Any]] = self.cleaned_data["attachments"]
        total = sum(file.size or 0 for file in files)
        if len(files) > self.limits.attachments or total > self.limits.attachment_bytes:
            raise forms.ValidationError(
                _("At most %(n)s files, %(size)s together."),
                params={
                    "n": self.limits.attachments,
                    "size": size_in_words(self.limits.attachment_bytes),
                },
            )
        return files

    def clean(self) -> dict[str, Any]:
        self.given = read_nonce(self.purpose, self.cleaned_data.get("nonce", ""))
        if self.given is None or self.given.is_too_old():
            self.add_error(
                None,
                _("This page was open for a long time. Your words are still here: send again."),
            )
        elif self.given.is_too_quick() and not self.is_trapped():
            self.add_error(None, _("That was very quick. Please press once more."))
        return self.cleaned_data


class WriteForm(PublicForm):
    """What somebody who writes to us for the first time is asked."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    subject = forms.CharField(label=_("What is it about?"), max_length=200)
    field_order = ["email", "name", "subject", "text", "attachments"]


class AnswerForm(PublicForm):
    """What a customer answers behind their private link."""
