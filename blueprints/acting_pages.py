"""What can be done to a dossier, as pages: one asks before anything is done, its button does it. The same by personal link and in
the coordinators' space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import g, redirect, render_template, request

from forms.acting import WordsForm
from models.dossier import Dossier, Participant
from models.states import Role
from services import acting
from services.acting import Action
from services.coordination.overtaking import who_decided
from services.errors import AlreadyDone, NotFound, Overtaken, Refused

from .messages_shown import message_shown
from .templating import page_now, whole_number
from .visitor import Visitor

#: Both forms stand on the dossier's own page: their fields need names of their own.
_TOGETHER = ("repondre", "note")


def words_form(action: Action, formdata=None) -> WordsForm:
    form = WordsForm(formdata, prefix=f"{action.slug}-" if action.slug in _TOGETHER else "")
    form.name_words(action.words_label or "Votre message", action.words == "required")
    return form


FormPage = Callable[[Visitor, Action], Any]
#: Pages of the actions that ask more than a few words (acting_forms.py), by slug.
FORM_PAGES: dict[str, FormPage] = {}


def form_page(slug: str) -> Callable[[FormPage], FormPage]:
    """Declare the page of an action that has a form of its own."""
    def declare(page: FormPage) -> FormPage:
        FORM_PAGES[slug] = page
        return page
    return declare


def show_action(visitor: Visitor, slug: str):
    """The page that asks before acting; opening it changes nothing."""
    action = _offered(visitor, slug)
    if action.form:
        return FORM_PAGES[slug](visitor, action)
    return _ask(visitor, action, words_form(action))


def do_action(visitor: Visitor, slug: str):
    """The button was pressed."""
    action = _offered(visitor, slug)
    if action.form:
        return FORM_PAGES[slug](visitor, action)
    form = words_form(action, request.form)

    def again() -> str:
        return _ask(visitor, action, form)
    if not form.validate():
        return again(), 422
    return perform_action(visitor, action, form.words.data or "", again,
                          extra=_chosen_reader(visitor) if slug in _TOGETHER else None)


def _chosen_reader(visitor: Visitor) -> Participant | None:
    """Whom the coordination writes to, where it chose among several."""
    if visitor.role != Role.COORDINATOR:
        return None
    chosen = whole_number(request.form.get("a", ""))
    return next((person for person in visitor.dossier.participants if person.id == chosen), None)


def ask_and_act(visitor: Visitor, action: Action, template: str, form: Any, extra: Callable[[Any], Any], **context: Any):
    """The page of an action that asks more than a few words: drawn; drawn again with what is wrong in it; or done.

    ``extra(form)`` is what the verb is given besides the words; ``context``, what the template shows besides the form.
    """
    def ask() -> str:
        return draw(visitor, action, template, form, **context)
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, (form.words.data or "") if "words" in form else "", ask, extra=extra(form))


def posted() -> Any:
    """What was typed; None where the page is only opened."""
    return request.form if request.method == "POST" else None


def draw(visitor: Visitor, action: Action, template: str, form: Any, wrong: Sequence[Any] = (), **context: Any) -> str:
    """The page of an action, with what is wrong in its form, and ``wrong`` besides."""
    known = {"visitor": visitor, "dossier": visitor.dossier, "base": visitor.base, "layout": visitor.layout, "action": action,
             "form": form, "asker": visitor.asker, "seen": latest_entry(visitor.dossier), "errors": wrong_fields(form, wrong),
             "meanwhile": g.get("meanwhile")}
    return render_template(template, **known | context)


def perform_action(visitor: Visitor, action: Action, words: str, again, extra: Any = None):
    try:
        done = acting.perform(action.slug, visitor.participant.id, words, page_now(), extra=extra,
                              seen_version=whole_number(request.form.get("version", "")), seen_entry=_seen(visitor))
    except Overtaken as meanwhile:
        return _after_what_happened(visitor, meanwhile, again), 409
    except AlreadyDone:
        raise
    except Refused as refusal:
        g.refusal = refusal.sentence
        return again(), 422
    if visitor.role != Role.COORDINATOR and not visitor.participant.active:
        # They said that they take part no more: their link opens nothing from now on, so that it is told here.
        return render_template("dossier/fait.html", dossier=visitor.dossier, done=done)
    return redirect(f"{visitor.base}?fait=1#contenu", 303)


def latest_entry(dossier: Dossier) -> int:
    """The last line of the journal that the page shows: sent back with what is decided on it."""
    return dossier.journal[-1].id if dossier.journal else 0


def _seen(visitor: Visitor) -> int | None:
    """Colleagues work at the same requests; anybody else is alone in their role."""
    return whole_number(request.form.get("vu", "")) if visitor.role == Role.COORDINATOR else None


def _after_what_happened(visitor: Visitor, meanwhile: Overtaken, again: Callable[[], str]) -> str:
    """The same page, its words kept, with what others did first and their words."""
    shown = whole_number(request.form.get("vu", "")) or 0
    since = {entry.at for entry in visitor.dossier.journal if entry.id > shown}
    g.meanwhile = {"since": meanwhile.since, "latest": meanwhile.latest, "sentence": meanwhile.sentence,
                   "messages": [message_shown(visitor, m) for m in visitor.dossier.messages if m.at in since
                                and m.participant_id != visitor.participant.id]}
    return again()


def _offered(visitor: Visitor, slug: str) -> Action:
    dossier, person = visitor.dossier, visitor.participant
    if action := acting.find_action(dossier, visitor.role, slug, page_now(), person):
        return action
    for action in acting.named_here(dossier, visitor.role):
        if action.slug == slug:
            raise AlreadyDone(action.why_not(dossier, person, page_now()))
    if any(a.slug == slug and visitor.role in a.roles for a in acting.ACTIONS):
        raise AlreadyDone(who_decided(dossier, person))
    raise NotFound()


def _ask(visitor: Visitor, action: Action, form: WordsForm) -> str:
    return draw(visitor, action, "dossier/action.html", form, last_day=action.last_day(visitor.dossier))


def wrong_fields(form, more=()) -> list[Any]:
    refusal = getattr(g, "refusal", "")
    return ([("", refusal)] if refusal else []) + form.wrong + list(more)
