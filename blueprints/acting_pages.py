"""The pages of a dossier and of what can be done to it: the same by personal link and in the coordinators' space."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response, g, redirect, render_template, request
from werkzeug.http import dump_options_header
from werkzeug.utils import secure_filename

from forms.acting import WordsForm
from models.conversation import Message
from models.dossier import Dossier, Participant
from models.states import ENDED, WAITING_FOR_COORDINATOR, Kind, Role
from models.stored_file import StoredFile
from services import acting, convention, delivery, entraide, files, known, whose_turn
from services.acting import Action
from services.convention import signing
from services.coordination import desk, holding, presence, reply_templates, whole
from services.errors import AlreadyDone, NotFound, Overtaken, Refused
from services.immersion import hosting, planning
from services.membre import doubles
from services.mentorat import following, protocol
from services.relaying import relayed
from territory.calendar import local, say_date

from .after_pages import after_signature
from .templating import page_now, say_size, whole_number
from .visitor import Visitor, writing_of


def show_dossier(visitor: Visitor) -> str:
    """The dossier as this person may see it."""
    dossier, role = whole.gather(visitor.dossier), visitor.role
    offered = acting.available(dossier, role, page_now(), visitor.participant)
    take = next((a for a in offered if a.slug == "prendre"), None)
    context: dict[str, Any] = {
        "dossier": dossier, "visitor": visitor, "base": visitor.base, "layout": visitor.layout,
        "actions": [a for a in offered if a.slug not in ("repondre", "note", "adresse")
                    and (a is not take or role != Role.COORDINATOR)],
        "too_late": [(action.label, late) for action, late in acting.too_late(dossier, role, page_now(), visitor.participant)],
        "can_write": any(a.slug == "repondre" for a in offered), "tone": state_tone(dossier),
        "messages": _messages(visitor), "done": _done(visitor), "words_form": _words_form(acting.named("repondre")),
        "has_convention": _has_convention(visitor), **signing.expected(dossier, visitor.participant),
        "after_parts": after_signature(dossier, role),
        "asker": visitor.asker}
    if role == Role.COORDINATOR:
        context["reply_templates"] = reply_templates.all_of(dossier.kind)
        if chosen := whole_number(request.args.get("modele", "")):
            body = reply_templates.find(chosen).body
            context["words_form"].words.data = reply_templates.filled(body, dossier, visitor.participant.name)
        today = local(page_now()).date()
        around, letters = whole.around(dossier, today), delivery.letters_of(dossier)
        return render_template("dossier/coordination.html", seen=latest_entry(dossier), take=take,
                               held_by=_held_by_another(visitor), note_form=_words_form(acting.named("note")),
                               left=desk.days_left(dossier, today), known=known.say_known(around.member_since, around.requests),
                               holder=_holder(dossier, today, around.away_until),
                               failed=[letter.failed_to for letter in letters if letter.failed_to], letters=letters,
                               trouble=delivery.trouble_of(dossier, page_now()) if around.stopped else [],
                               alike=doubles.of_request(dossier), beside=whole.beside(dossier),
                               files=_files(visitor, _listed(dossier)), dates=_dates(dossier), standing=_standing(dossier),
                               others=[p for p in dossier.participants if p.active and (
                                   p.role in (Role.EMPLOYER, Role.HOST, Role.MENTOR) or p is dossier.helper)],
                               together=dossier.helper is not None,
                               checkpoints=following.said(dossier) if dossier.kind_ == Kind.MENTORAT else [],
                               asked={one.participant_id: one.answer_label for one in entraide.solicitations(dossier)},
                               **context)
    return render_template("dossier/participant.html", files=_files(visitor, _own_files(visitor)),
                           writing=writing_of(visitor), waited_for=whose_turn.waited_for(dossier), **context)


def _standing(dossier: Dossier) -> list[convention.PartState]:
    """Where each party stands, while the convention is drawn up."""
    if dossier.kind_ != Kind.IMMERSION or dossier.state not in convention.EDITABLE:
        return []
    return convention.standing(dossier, convention.draft_data(dossier, page_now()))


def _dates(dossier: Dossier) -> dict[str, Any]:
    """The dates of an immersion in words, and what deserves a look in them."""
    if dossier.kind_ != Kind.IMMERSION:
        return {}
    sessions, found = planning.dates_to_check(dossier, page_now())
    return {"lines": [hosting.say_session(session) for session in sessions], "findings": found} if sessions else {}


def state_tone(dossier: Dossier) -> str:
    """How a state is shown: new, waiting, progress, done or stopped."""
    if dossier.state in ("refused", "withdrawn"):
        return "stopped"
    if dossier.state in ENDED:
        return "done"
    if dossier.state == "submitted":
        return "new"
    return "progress" if dossier.state in WAITING_FOR_COORDINATOR else "waiting"


def _done(visitor: Visitor) -> str:
    if "fait" not in request.args:
        return ""
    seen = [e for e in visitor.dossier.journal if visitor.role == Role.COORDINATOR or e.participant_id == visitor.participant.id]
    return seen[-1].sentence if seen else ""


def _messages(visitor: Visitor) -> list[dict[str, Any]]:
    return [_message(visitor, m) for m in visitor.dossier.messages if m.visible_to(visitor.participant)]


def _message(visitor: Visitor, message: Message) -> dict[str, Any]:
    mine = message.participant_id == visitor.participant.id
    ours = message.participant is not None and message.participant.role == Role.COORDINATOR
    side = "note" if message.is_note else "ours" if mine or (ours and visitor.role == Role.COORDINATOR) else "theirs"
    author = message.participant.shown_to(visitor.participant) if message.participant else "Le réseau"
    if message.to and visitor.role == Role.COORDINATOR:
        author = f"{author}, à {message.to.display_name}"
    # What was cut holds addresses and telephones, and the words may too: for the coordination and their author.
    whole = mine or visitor.role == Role.COORDINATOR
    text = message.body if whole else relayed(message.body, visitor.dossier, visitor.participant)
    return {"side": side, "author": author, "at": message.at, "text": text, "quoted": message.elided if whole else "",
            "files": _files(visitor, message.files), "id": message.id,
            "move_url": f"{visitor.base}/message/{message.id}/deplacer" if side == "theirs" and visitor.role == Role.COORDINATOR
            and visitor.base.startswith("/coordination/") else ""}


def _files(visitor: Visitor, rows: list[StoredFile]) -> list[dict[str, str]]:
    return [{"name": row.name, "url": f"{visitor.base}/fichier/{row.id}", "say_size": say_size(row.size)} for row in rows]


def _listed(dossier: Dossier) -> list[StoredFile]:
    """The files a coordinator finds on the page: the images of a comparison are on its own."""
    return [row for row in dossier.files if not row.name.startswith(convention.COMPARED)]


def _made(name: str, reference: str) -> bool:
    """True for what the network made (a convention, an amendment, an attestation) or what came back signed by hand: it has a
    place of its own."""
    made = rf"(?:convention|avenant|attestation)-(?:\d+-)?{re.escape(reference)}"
    return name.startswith(("convention-renvoyee-", convention.COMPARED)) or re.match(made, name) is not None


def _own_files(visitor: Visitor) -> list[StoredFile]:
    """What came with the form belongs to its author; a message's files go with the message."""
    helps = visitor.role == Role.HELPER and visitor.dossier.helper is visitor.participant
    if visitor.role != Role.AUTHOR and not helps:
        return []
    return [row for row in visitor.dossier.files if row.message_id is None and not _made(row.name, visitor.dossier.reference)]


def send_file(visitor: Visitor, file_id: int) -> Response:
    """A file this person may open, as a download and nothing else.

    :raises NotFound: not theirs to see.
    """
    seen = [row for m in visitor.dossier.messages if m.visible_to(visitor.participant) for row in m.files]
    own = visitor.dossier.files if visitor.role == Role.COORDINATOR else _own_files(visitor)
    row = next((row for row in [*seen, *own, *convention.sealed_files(visitor.dossier)] if row.id == file_id), None)
    if row is None:
        raise NotFound("Ce fichier n’existe pas, ou ne vous est pas destiné.")
    return download(files.read_content(row), row.name, row.media_type)


def download(content: bytes | Iterator[bytes], name: str, media_type: str, *, inline: bool = False) -> Response:
    """A file to be kept by the browser, never run in our pages (reference ux-security.md 4.5)."""
    response = Response(content, mimetype=media_type)
    plain = secure_filename(name) or "fichier"
    kind = "inline" if inline else "attachment"
    # RFC 6266: the plain name for old clients, the true one encoded.
    response.headers["Content-Disposition"] = (dump_options_header(kind, {"filename": plain})
                                               + f"; filename*=UTF-8''{quote(name, safe='')}")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


def _has_convention(visitor: Visitor) -> bool:
    if visitor.dossier.kind_ == Kind.MENTORAT:
        return protocol.is_readable(visitor.dossier, visitor.participant)
    return visitor.dossier.kind_ == Kind.IMMERSION and convention.is_readable(visitor.dossier, visitor.role)


#: Both forms stand on the dossier's own page: their fields need names of their own.
_TOGETHER = ("repondre", "note")


def _words_form(action: Action, formdata=None) -> WordsForm:
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
    return _ask(visitor, action, _words_form(action))


def do_action(visitor: Visitor, slug: str):
    """The button was pressed."""
    action = _offered(visitor, slug)
    if action.form:
        return FORM_PAGES[slug](visitor, action)
    form = _words_form(action, request.form)

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
                   "messages": [_message(visitor, m) for m in visitor.dossier.messages if m.at in since
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
        raise AlreadyDone(f"Cette action n’est plus possible : la demande est à l’étape « {visitor.dossier.state_label} ».")
    raise NotFound()


def _ask(visitor: Visitor, action: Action, form: WordsForm) -> str:
    return render_template("dossier/action.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                           layout=visitor.layout, action=action, form=form, errors=wrong_fields(form), asker=visitor.asker,
                           meanwhile=g.get("meanwhile"), seen=latest_entry(visitor.dossier),
                           last_day=_last_day(visitor, action))


def _last_day(visitor: Visitor, action: Action) -> str:
    limit = action.until(visitor.dossier) if action.until else None
    return say_date(local(limit).date()) if limit else ""


def wrong_fields(form, more=()) -> list[Any]:
    refusal = getattr(g, "refusal", "")
    return ([("", refusal)] if refusal else []) + form.wrong + list(more)


def _holder(dossier: Dossier, today: date, announced: date | None) -> str:
    """Who takes care of it, in a sentence."""
    person = holding.holder(dossier)
    if person is None:
        return "" if dossier.ended else "Personne n’a encore pris cette demande."
    until = presence.with_written(person.email, today, announced)
    return f"{person.name} s’en occupe" + (f", en absence jusqu’au {say_date(until)}." if until else ".")


def _held_by_another(visitor: Visitor) -> str:
    person = holding.holder(visitor.dossier)
    return person.name if person and person.email.lower() != visitor.participant.email.lower() else ""
