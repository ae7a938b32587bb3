from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.acts.rests import read_rest
from makegood.conversations.models import Draft, SavedView
from makegood.conversations.naming import understand
from makegood.conversations.replying import Reply, new_client_key
from makegood.conversations.saved_views import may_share, teams_to_share_with
from makegood.conversations.saving import COLUMNS, ViewSettings
from makegood.desk.story import Marks
from makegood.kit.errors import Refused
from makegood.macros.running import Consent
from makegood.team.models import Agent, Team

MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z")


class WritingForm(forms.Form):
    """What is written, and under which word: pressing twice says it once."""

    text = forms.CharField(required=False, strip=False)
    client_key = forms.CharField(max_length=64, required=False)

    def clean_client_key(self) -> str:
        """A page's own word; what waits to leave has words of another kind (`prepared-17`)."""
        key = str(self.cleaned_data["client_key"])
        return "" if key.startswith("prepared-") else key

    def cleaned_text(self) -> str:
        return str(self.cleaned_data.get("text", ""))


class ReplyForm(WritingForm):
    """An answer; the newest message and the recipient that stood on the page meanwhile."""

    seen = forms.IntegerField(required=False, min_value=0)
    to = forms.IntegerField(required=False, min_value=0)
    accept = forms.CharField(required=False, max_length=2000)

    def reply(self, draft: Draft | None) -> Reply:
        data = self.cleaned_data
        return Reply(
            text=data["text"],
            seen=data["seen"] or 0,
            to=data["to"],
            client_key=data["client_key"] or new_client_key(),
            attachments=list(draft.attachments.select_related("file")) if draft else (),
            accepted=data["accept"].split(),
        )


class ViewForm(forms.Form):
    """A view as it is to be: its name, its question, and who has it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    query = forms.CharField(label=_("What stands in it"), max_length=1000)
    order = forms.ChoiceField(
        label=_("In which order"), choices=SavedView.Order.choices, required=False
    )
    audience = forms.ChoiceField(
        label=_("Who has it"), choices=SavedView.Audience.choices, widget=forms.RadioSelect
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Which team"), required=False, empty_label=_("no team")
    )
    columns = forms.MultipleChoiceField(
        label=_("What a row shows at its end"),
        choices=[
            ("tags", _("Tags")),
            ("file", _("Whether there is a file")),
            ("channel", _("The channel")),
            ("assignee", _("Who answers")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        team: Any = self.fields["team"]
        team.queryset = teams_to_share_with(agent)
        audience: Any = self.fields["audience"]
        audience.choices = [
            (value, word)
            for value, word in SavedView.Audience.choices
            if may_share(value, team.queryset.first(), agent)
        ]

    def clean_query(self) -> str:
        problems = understand(self.cleaned_data["query"], self.agent).problems
        if problems:
            raise forms.ValidationError([one.words for one in problems])
        return str(self.cleaned_data["query"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("audience") == SavedView.Audience.TEAM and not data.get("team"):
            self.add_error("team", _("Choose the team that has this view."))
        return data

    def settings(self) -> ViewSettings:
        return ViewSettings(**self.cleaned_data)

    @classmethod
    def usual(cls, query: str) -> dict[str, Any]:
        return {"query": query, "audience": SavedView.Audience.OWN, "columns": COLUMNS}


class MarksForm(forms.Form):
    """How far a page has told the story."""

    message = forms.IntegerField(min_value=0)
    note = forms.IntegerField(min_value=0)
    event = forms.IntegerField(min_value=0)

    def marks(self) -> Marks:
        """From the beginning where what was said of it makes no sense."""
        return Marks(**self.cleaned_data) if self.is_valid() else Marks()


class AssignForm(forms.Form):
    """Whose turn it is: `agent:3`, `team:2`, or nobody's."""

    to = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, agents: list[Agent], teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: dict[str, Agent | Team] = {}
        self.choices.update((agent.ref, agent) for agent in agents)
        self.choices.update((team.ref, team) for team in teams)

    def clean_to(self) -> Agent | Team | None:
        wanted = self.cleaned_data["to"]
        if not wanted or wanted == "nobody":
            return None
        if wanted not in self.choices:
            raise forms.ValidationError(_("This agent or team is not here any more."))
        return self.choices[wanted]


class TagsForm(forms.Form):
    tags = forms.CharField(max_length=1000, required=False)

    def names(self) -> list[str]:
        return str(self.cleaned_data["tags"]).replace(";", ",").split(",")


class SnoozeForm(forms.Form):
    """Until when it rests: an offered time, another one, or until something happens."""

    what = forms.CharField(max_length=40, required=False)
    until = forms.DateTimeField(input_formats=MOMENTS, required=False)
    after = forms.CharField(max_length=20, required=False)

    kept = ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        after = str(said.get("after") or "").strip().lstrip("#")
        words = said["until"].isoformat() if said.get("until") else str(said.get("what") or "")
        if not self.errors:
            try:
                self.kept = read_rest(f"#{after}" if after else words)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return said


class JoinForm(forms.Form):
    """Into which conversation: its number, with or without the sign before it."""

    into = forms.CharField(max_length=20)

    def clean_into(self) -> int:
        number = str(self.cleaned_data["into"]).strip().lstrip("#")
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            raise forms.ValidationError(_("That is no number of a conversation."))
        return int(number)


class SplitForm(forms.Form):
    """What the new conversation is about, and how much goes there."""

    subject = forms.CharField(max_length=250, required=False)
    only_this = forms.BooleanField(required=False)


class InsertForm(forms.Form):
    """Which saved reply is wanted; none: the agent is asked."""

    saved_reply = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class RunForm(forms.Form):
    """What stood on the page when a macro was run, and what was agreed to."""

    seen = forms.IntegerField(required=False, min_value=0)
    client_key = forms.CharField(max_length=50, required=False)
    accept = forms.CharField(required=False, max_length=2000)

    def consent(self) -> Consent:
        data = self.cleaned_data
        return Consent(
            seen=data["seen"] or 0,
            client_key=data["client_key"] or new_client_key(),
            accepted=data["accept"].split(),
        )
