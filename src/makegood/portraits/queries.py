from collections.abc import Iterable, Mapping

from django.http import Http404

from makegood.portraits.models import Portrait
from makegood.team.models import Agent


def portrait_of(agent: Agent) -> Portrait | None:
    return Portrait.objects.defer("picture").filter(agent=agent).first()


def words_of(agents: Iterable[Agent]) -> Mapping[int, str]:
    """The words by which the pictures of some agents are seen, by the agent's number."""
    found = Portrait.objects.filter(agent__in=list(agents))
    return dict(found.values_list("agent", "word"))


def portrait_by(word: str) -> Portrait:
    """The picture with this word; 404 where it was taken down or whose agent has left."""
    found = Portrait.objects.filter(word=word, agent__is_active=True).first()
    if found is None:
        raise Http404
    return found
