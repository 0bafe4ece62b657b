"""The pages that draw up a convention: the coordination's, and each party's own part."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import g, redirect, request

from forms.convention import ConventionForm
from forms.convention_questions import keep_payers
from forms.parts import PARTS, PartForm
from models.states import Role
from models.vocabulary import TYPOLOGIES, label
from services import convention
from services.acting import Action
from services.immersion import hosting, planning
from territory.calendar import local

from .acting_forms import sessions_asked
from .acting_pages import draw, form_page, posted
from .templating import page_now
from .visitor import Visitor


@form_page("rediger")
def draw_up(visitor: Visitor, action: Action):
    """The coordination corrects all of it."""
    dossier, now = visitor.dossier, page_now()
    data = convention.draft_data(dossier, now)
    typed = posted()
    form = ConventionForm(typed, data=convention.as_values(data))
    form.offer_frames(convention.frames())
    keep_payers(form, dossier.backing.structure)
    form.read_sessions(typed, sessions_asked() if typed is not None else len(data.sessions), local(now).date(),
                       () if typed is not None else data.sessions)
    seen = _shown(data) if typed is None else _seen()

    def ask(seen: dict[str, str] = seen) -> str:
        return draw(visitor, action, "dossier/rediger.html", form, form.wrong_in_sessions if typed is not None else (),
                    seen=json.dumps(seen), standing=convention.standing(dossier, data),
                    ours=convention.owed(data)[Role.COORDINATOR] + convention.shared_addresses(dossier, data),
                    findings=planning.findings(dossier, data.sessions, now, data),
                    own=[f for f in form.questions() if "__" in f.short_name], frame_help=_frame_help(dossier, data))
    if typed is None or "ajouter" in typed:
        return ask()
    good = form.validate()
    if not (form.validate_sessions() and good):
        return ask(), 422
    typed = _typed(form)
    if both := [name for name in typed if seen and _shown(data).get(name, "") not in (seen.get(name, ""), typed[name])
                and typed[name] != seen.get(name, "")]:
        g.refusal = _changed_meanwhile(form, data, both)
        return ask(_shown(data)), 422
    kept = {name for name in typed if not seen or typed[name] != seen.get(name, "")}
    changed = convention.corrected(
        data, {name: value for name, value in form.answers().items() if name in kept},
        {name: value for name, value in form.details().items() if f"{form.frame.data}__{name}" in kept},
        form.sessions() if "sessions" in kept else None)
    try:
        convention.save_draft(visitor.participant.id, changed, now, convention.fingerprint_of(data))
    except convention.ChangedMeanwhile as refusal:
        g.refusal = refusal.sentence
        return ask(), 422
    return redirect(f"{visitor.base}/convention#contenu", 303)


def _frame_help(dossier, data) -> str:
    """The questions of /immersion/cadre, answered with what is known here."""
    host = "public" if data.host.public else "interet_general" if data.host.kind == label(TYPOLOGIES, "ASSO") else "prive"
    return urlencode({"statut": dossier.answers.get("work_status", ""), "accueil": host})


def _shown(data) -> dict[str, str]:
    """What the page shows, as plain text by name: sent back with the answers, so that a party who saves its part while the
    coordination writes loses nothing."""
    values = convention.as_values(data) | {"sessions": [tuple(map(str, (s.on, *s.ranges))) for s in data.sessions]}
    return {name: _plain(value) for name, value in values.items()}


def _typed(form: ConventionForm) -> dict[str, str]:
    sessions = [hosting.Session(*row) for row in form.sessions()]
    values = form.answers() | {"sessions": [tuple(map(str, (s.on, *s.ranges))) for s in sessions]}
    return {name: _plain(value) for name, value in values.items()
            if "__" not in name or name.startswith(f"{form.frame.data}__")}


def _plain(value) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _seen() -> dict[str, str]:
    try:
        found = json.loads(request.form.get("vu", "{}"))
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _changed_meanwhile(form: ConventionForm, data, names: list[str]) -> str:
    now_said = _shown(data)
    said = " ; ".join("les séances" if name == "sessions" else f"« {form[name].label.text} », qui dit maintenant : "
                      f"« {now_said[name][:200]} »" for name in names)
    return (f"Une partie a changé la même réponse pendant que vous écriviez : {said}. Rien n’est encore enregistré. "
            "Enregistrez de nouveau pour garder la vôtre, ou corrigez-la.")


@form_page("completer")
def complete_part(visitor: Visitor, action: Action):
    """A party completes and corrects its own part; what is right is kept, even beside what is wrong."""
    dossier, now, typed = visitor.dossier, page_now(), posted()
    data = convention.draft_data(dossier, now)
    form: PartForm = PARTS[visitor.role](typed, data=convention.as_values(data), today=local(now).date())
    form.alone = data.employer is None
    keep_payers(form, dossier.backing.structure)

    def ask(saved: bool = False) -> str:
        fresh = convention.draft_data(dossier, now)
        standing = convention.standing(dossier, fresh)
        return draw(
            visitor, action, "dossier/completer.html", form, groups=form.asked(data.frame), standing=standing,
            mine=next(s for s in standing if s.role == visitor.role), saved=saved,
            sessions=[hosting.say_session(session) for session in fresh.sessions], frame=convention.frame_name(data),
            has_convention=any(row.state == "shown" for row in dossier.conventions))
    if typed is None:
        return ask(saved="enregistre" in request.args)
    form.validate()
    for name in convention.ADDRESSES[visitor.role]:
        field = form[name]
        if not field.errors and field.data and (other := convention.whose_address(dossier, data, visitor.role, field.data)):
            field.errors = [*field.errors, f"Cette adresse est déjà celle d’une autre partie : {other}. Chaque partie a la "
                                           "sienne : indiquez-en une autre."]
    try:
        convention.complete_part(visitor.participant.id, *form.good(data.frame), now)
    except convention.SharedAddress as refusal:
        g.refusal = refusal.sentence
        return ask(), 422
    if form.wrong_here(data.frame):
        return ask(saved=True), 422
    where = request.form.get("suite", "")
    return redirect(f"{visitor.base}/completer?enregistre=1#{where if where.startswith('part-') else 'contenu'}", 303)
