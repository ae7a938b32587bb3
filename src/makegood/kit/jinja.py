"""Our templates: Jinja2 with translations, and fragments that are blocks of whole pages."""

from collections.abc import Hashable, MutableMapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from makegood.kit import assets, html, markdown
from makegood.kit.written_html import for_page

MOST_PARTS = 512
_parts: dict[Hashable, Markup] = {}
"""Parts of pages as they were written, by what they depend on."""


class FlatEnvironment(Environment):
    """Globals as one plain dictionary: every include and import looks them all up again."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals


def environment(**options: Any) -> Environment:
    options.setdefault("undefined", StrictUndefined)
    env = FlatEnvironment(
        **options,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        gettext=said,
        static=asset,
        url=url,
        may=may,
        kept=kept,
        kept_by=kept_by,
        icon=icon,
        stylesheets=stylesheets,
        elements=elements,
        language=translation.get_language,
        is_right_to_left=translation.get_language_bidi,
        languages=settings.LANGUAGES,
    )
    env.filters.update(
        moment=moment, ago=ago, paragraphs=html.paragraphs, bytes=size_in_words, day=day
    )
    env.filters["initials"] = initials
    env.filters.update(plain=markdown.plain, written=written)
    return env


class Secret:
    """The field by which a page's forms show that they are ours: made once for a page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __html__(self) -> str:
        return self.field

    @cached_property
    def field(self) -> Markup:
        return html.secret_field(get_token(self.request))


def secrets_of(request: HttpRequest) -> dict[str, Any]:
    """A context processor: Django's own makes another mask for each form of the page."""
    return {"csrf_input": Secret(request)}


@pass_context
def said(context: Context, words: str, **variables: Any) -> str:
    """Words of ours in the reader's language: looked up once in a process, not for every page."""
    found = _said(words, translation.get_language(), context.eval_ctx.autoescape)
    return found % variables if variables or "%" in found else found


@lru_cache(maxsize=8192)
def _said(words: str, _language: str | None, is_markup: bool) -> str:
    found = gettext(words)
    return html.written(found) if is_markup else found


@pass_context
def may(context: Context, permission: str) -> bool:
    """Whether whoever reads the page may do that: what they may not is not offered."""
    return bool(context["request"].user.may(permission))


def page(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A whole page, or only one block of it: `desk/inbox.html#list`."""
    file, _, block = name.partition("#")
    template = engines["jinja2"].get_template(file)
    if not block:
        return HttpResponse(template.render(context or {}, request), status=status)
    return HttpResponse(_render_block(template, block, context or {}, request), status=status)


def _render_block(template: Any, block: str, context: dict[str, Any], request: HttpRequest) -> str:
    inner = template.template
    full = {**context, "request": request}
    for processor in template.backend.template_context_processors:
        full.update(processor(request))
    return "".join(inner.blocks[block](inner.new_context(full)))


def kept(template: str, /, **values: str | int | bool | None) -> Markup:
    """A part of a page that depends on its few values and the language alone: written once."""
    return _kept(template, translation.get_language() or "", tuple(values.items()))


def kept_by(key: Hashable, template: str, /, **values: Any) -> Markup:
    """The same, of values that follow from a key: two with one key are one part."""
    place = template, translation.get_language() or "", key
    part = _parts.get(place)
    if part is None:
        if len(_parts) >= MOST_PARTS:
            _parts.clear()
        part = _parts[place] = _filled(template, values)
    return part


@lru_cache(maxsize=512)
def _kept(template: str, _language: str, values: tuple[tuple[str, Any], ...]) -> Markup:
    return _filled(template, dict(values))


def _filled(template: str, values: dict[str, Any]) -> Markup:
    templates: Any = engines["jinja2"]
    return html.written(templates.env.get_template(template).render(values))


@lru_cache(maxsize=1024)
def asset(name: str) -> str:
    """The address of a script, a style or an icon: fixed as long as the process lives."""
    return static(name)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return _url(name, args, tuple(kwargs.items()))


@lru_cache(maxsize=4096)
def _url(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None)


def icon(name: str, label: str | Promise = "") -> Markup:
    return _icon(name, str(label))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> Markup:
    return html.icon_markup(asset("kit/icons.svg"), name, label)


@lru_cache(maxsize=1)
def stylesheets() -> Markup:
    return html.stylesheet_links([static(assets.ALL_SHEETS)])


@lru_cache(maxsize=1)
def elements() -> Markup:
    return html.script_tags(static(name) for name in assets.elements())


def moment(at: datetime | None) -> str:
    """Today's clock time, this year's day, or the whole date: as short as is unambiguous."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return formats.time_format(local, "H:i")
    return _day_in_words(local.date(), local.year == today.year, translation.get_language())


@lru_cache(maxsize=4096)
def _day_in_words(on: date, is_this_year: bool, _language: str | None) -> str:
    return formats.date_format(on, "j M" if is_this_year else "j M Y")


def day(at: datetime) -> str:
    """A day's heading in a timeline: weekday and date."""
    return formats.date_format(timezone.localtime(at), "l, j F Y")


def ago(at: datetime | None) -> str:
    """How long ago, in one unit: `12m`, `3h`, `2d`."""
    if at is None:
        return ""
    seconds = max(0, int((timezone.now() - at).total_seconds()))
    if seconds < 3600:
        return gettext("%(n)sm") % {"n": seconds // 60}
    if seconds < 86400:
        return gettext("%(n)sh") % {"n": seconds // 3600}
    return gettext("%(n)sd") % {"n": seconds // 86400}


def initials(name: str) -> str:
    """One or two letters for a small round sign: `IB` for Ida Berg."""
    words = [word for word in str(name).split() if word[0].isalnum()] or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def written(text: str) -> Markup:
    """What was typed as Markdown, without its pictures."""
    return for_page(markdown.written(text).html, lambda _picture: "")


def size_in_words(size: int) -> str:
    if size < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    if size < 1_000_000:
        return gettext("%(n)s kB") % {"n": formats.number_format(size / 1000, 0)}
    return gettext("%(n)s MB") % {"n": formats.number_format(size / 1_000_000, 1)}
