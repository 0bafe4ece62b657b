"""The page of a dossier: the same by personal link and in the coordinators' space, each with what that person may see."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Response, render_template, request

from models.dossier import Dossier
from models.states import ENDED, WAITING_FOR_COORDINATOR, Kind, Role
from models.stored_file import StoredFile
from services import acting, convention, delivery, employing, entraide, files, known, whose_turn
from services.convention import signing
from services.coordination import desk, holding, presence, reply_templates, whole
from services.errors import NotFound
from services.immersion import hosting, planning
from services.membre import doubles
from services.mentorat import following, protocol
from territory.calendar import local, say_date

from .acting_pages import latest_entry, words_form
from .after_pages import after_signature
from .downloads import download
from .messages_shown import files_shown, messages_shown
from .sessions_shown import when
from .templating import page_now, whole_number
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
        "too_late": acting.too_late(dossier, role, page_now(), visitor.participant),
        "can_write": any(a.slug == "repondre" for a in offered), "tone": state_tone(dossier),
        "messages": messages_shown(visitor), "done": _done(visitor), "words_form": words_form(acting.named("repondre")),
        "has_convention": _has_convention(visitor), **signing.expected(dossier, visitor.participant),
        "after_parts": after_signature(dossier, role),
        "asker": visitor.asker}
    if role == Role.COORDINATOR:
        context["reply_templates"] = reply_templates.all_of(dossier.kind)
        if chosen := whole_number(request.args.get("modele", "")):
            body = reply_templates.find(chosen).body
            context["words_form"].words.data = reply_templates.filled(body, dossier, visitor.participant.name)
        today = local(page_now()).date()
        around, letters = whole.around(dossier, page_now()), delivery.letters_of(dossier)
        return render_template("dossier/coordination.html", seen=latest_entry(dossier), take=take,
                               held_by=_held_by_another(visitor), note_form=words_form(acting.named("note")),
                               left=desk.days_left(dossier, today), known=known.say_known(around.member_since, around.requests),
                               holder=_holder(dossier, today, around.away_until),
                               failed=[letter.failed_to for letter in letters if letter.failed_to], letters=letters,
                               trouble=around.trouble,
                               alike=doubles.of_request(dossier), beside=around.beside,
                               employer=employing.said(dossier) if dossier.kind_ == Kind.ADHESION else "",
                               files=files_shown(visitor, _listed(dossier)), dates=_dates(dossier), standing=_standing(dossier),
                               others=[p for p in dossier.participants if p.active and (
                                   p.role in (Role.EMPLOYER, Role.HOST, Role.MENTOR) or p is dossier.helper)],
                               together=dossier.helper is not None,
                               checkpoints=following.said(dossier) if dossier.kind_ == Kind.MENTORAT else [],
                               asked={one.participant_id: one.answer_label for one in entraide.solicitations(dossier)},
                               **context)
    return render_template("dossier/participant.html", files=files_shown(visitor, _own_files(visitor)),
                           writing=writing_of(visitor), waited_for=whose_turn.waited_for(dossier), **when(visitor), **context)


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


def _has_convention(visitor: Visitor) -> bool:
    if visitor.dossier.kind_ == Kind.MENTORAT:
        return protocol.is_readable(visitor.dossier, visitor.participant)
    return visitor.dossier.kind_ == Kind.IMMERSION and convention.is_readable(visitor.dossier, visitor.role)


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
