"""Policies as the office shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.shortcuts import get_object_or_404

from makegood.kit.errors import Refused
from makegood.promises.models import Policy, PolicyVersion, Promise
from makegood.promises.policies import refuse_condition
from makegood.promises.policy_words import length_in_words, sentences_of, told_version
from makegood.team.queries import all_agents

Difference = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Face:
    """A policy with the version in force, its draft, and every version before."""

    policy: Policy
    versions: Sequence[PolicyVersion]
    """The newest first."""
    hidden_by: str = ""
    """The policy before it that holds wherever it does: it is never reached."""

    @property
    def draft(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.published_at is None), None)

    @property
    def version(self) -> PolicyVersion | None:
        """As it was published last."""
        return next((one for one in self.versions if one.published_at is not None), None)

    @property
    def shown(self) -> PolicyVersion | None:
        return self.version or self.draft

    def trouble(self) -> str:
        """Why what is in force holds of nothing any more: a tag that was renamed, say."""
        return trouble_of(self.version) if self.version else ""

    def briefly(self) -> str:
        """`first answer 8 h · resolution 3 working days`"""
        if self.shown is None:
            return ""
        return " · ".join(
            f"{Promise.Kind(kind).label} {length_in_words(int(one['seconds']), str(one['clock']))}"
            for kind in Promise.Kind.values
            if (one := self.shown.targets.get(kind))
        )

    def said(self) -> Sequence[str]:
        return _said(self.version) if self.version else []

    def said_by_draft(self) -> Sequence[str]:
        return _said(self.draft) if self.draft else []

    def history(self) -> Sequence[tuple[PolicyVersion, Sequence[Difference]]]:
        """Every published version with what was otherwise in the one before."""
        published = [one for one in self.versions if one.published_at is not None]
        return [
            (one, differences(published[place] if place < len(published) else None, one))
            for place, one in enumerate(published, 1)
        ]


def trouble_of(version: PolicyVersion) -> str:
    try:
        refuse_condition(version.condition)
    except Refused as refused:
        return str(refused)
    return ""


def differences(before: PolicyVersion | None, after: PolicyVersion) -> Sequence[Difference]:
    old, new = told_version(before), told_version(after)
    return [
        (word, old.get(word, ""), value)
        for word, value in new.items()
        if word != "version" and before is not None and old.get(word, "") != value
    ]


def _said(version: PolicyVersion) -> Sequence[str]:
    wanted = {str(one.get("whom", "")) for one in version.steps if ":" in str(one.get("whom", ""))}
    names = {one.ref: one.name for one in all_agents()} if wanted else {}
    return sentences_of(version, names)


def all_policies() -> Sequence[Face]:
    """Every policy in the order in which they are asked."""
    faces = [face_of(one) for one in Policy.objects.prefetch_related("versions__published_by")]
    return [
        replace(face, hidden_by=_hidden_by(face, faces[:place])) for place, face in enumerate(faces)
    ]


def _hidden_by(face: Face, before: Sequence[Face]) -> str:
    """Who holds before it wherever it does, for all that it promises: it is never reached."""
    version = face.version
    if version is None or not face.policy.is_on:
        return ""
    hiding = [one for one in before if one.policy.is_on and _covers(one.version, version)]
    taken = {kind for one in hiding if one.version for kind in one.version.targets}
    is_hidden = hiding and set(version.targets) <= taken
    return ", ".join(one.policy.name for one in hiding) if is_hidden else ""


def _covers(earlier: PolicyVersion | None, later: PolicyVersion) -> bool:
    if earlier is None or not set(earlier.targets) & set(later.targets):
        return False
    return earlier.condition.strip() in ("", later.condition.strip())


def face_of(policy: Policy) -> Face:
    versions = sorted(policy.versions.all(), key=lambda one: -one.number)
    return Face(policy=policy, versions=versions)


def policy_numbered(pk: int) -> Policy:
    return get_object_or_404(Policy.objects.prefetch_related("versions__published_by"), pk=pk)
