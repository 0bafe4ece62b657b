"""To sign by link: ``/d/<token>/signer`` shows the text, sends a code, takes the signature. Opening it changes nothing."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request

from forms.signing import OtherSignerForm, SignForm
from models.access_link import AccessLink, Purpose
from models.states import Role
from services import acting, convention
from services.acting import Action
from services.convention import signing
from services.errors import AlreadyDone, LinkExpired, NotAllowed, TooMany
from services.links import read_link

from .access import personal_link
from .acting_pages import Visitor, download, form_page, perform_action, wrong_fields
from .templating import page_now

blueprint = Blueprint("signature", __name__)

#: What a person may do instead of signing, in the order it is offered (slugs of services/convention/refusing.py).
INSTEAD = ("modifier", "pas-moi", "decliner")


@blueprint.get("/d/<token>/signer")
@personal_link
def signer(token: str):
    return _page(_link(token))


@blueprint.get("/d/<token>/signer.pdf")
@personal_link
def signer_pdf(token: str):
    """The very bytes that were sent to be signed."""
    version, _ = signing.read(_link(token).participant)
    name = f"{version.kind}-{version.immersion.reference}-v{version.version}.pdf"
    return download(convention.sent_pdf(version), name, "application/pdf", inline=True)


@blueprint.post("/d/<token>/signer")
@personal_link
def signer_envoi(token: str):
    link = _link(token)
    return _send_code(link, token) if "envoyer-code" in request.form else _sign(link, token)


def _link(token: str) -> AccessLink:
    link = read_link(token, Purpose.DOSSIER, page_now())
    if link.participant.role == Role.COORDINATOR or not link.participant.active:
        raise LinkExpired("Cette page est pour les personnes qui signent. Pour en parler, répondez au dernier courriel reçu.")
    g.token = token
    return link


def _form(row, posted=None) -> SignForm:
    form = SignForm(posted, data=None if posted else {"quality": row.quality})
    form.declare(signing.statement(row))
    return form


def _page(link: AccessLink, form: SignForm | None = None):
    participant, now = link.participant, page_now()
    version, row = signing.read(participant)
    why = signing.why_not(row) if row else ""
    offered = {action.slug: action for action in acting.available(participant.dossier, Role(participant.role), participant)}
    refusal = getattr(g, "refusal", "")
    code_sent = row is not None and signing.code_is_on_its_way(row, now)
    # Without a code to type the questions are not on the page: what was wrong is said all the same.
    wrong = form.wrong if form and code_sent else [("", field.errors[0]) for field in form.wrong] if form else []
    return render_template(
        "signature/signer.html", base=f"/d/{g.token}", dossier=participant.dossier, version=version, row=row, why=why,
        what=signing.what(version), document=convention.sent_page(version), form=form or (_form(row) if row else None),
        errors=([("", refusal)] if refusal else []) + wrong,
        code_sent=code_sent, address=signing.masked(participant.email),
        changes=convention.changes_of(version), previous=convention.previous(version),
        when=signing.said_when(row) if row and row.signed else "", instead=[offered[slug] for slug in INSTEAD if slug in offered])


def _send_code(link: AccessLink, token: str):
    try:
        signing.ask_code(link.participant_id, page_now())
    except (NotAllowed, AlreadyDone):
        return _page(link)
    except TooMany as refusal:
        g.refusal = refusal.sentence
        return _page(link), 429
    return redirect(f"/d/{token}/signer?code=envoye#signature", 303)


def _sign(link: AccessLink, token: str):
    row = signing.signature_of(link.participant)
    if row is None or signing.why_not(row):
        return _page(link)
    form = _form(row, request.form)
    good = form.validate()
    given = signing.Given(form.signer.data or "", form.quality.data or "", form.code.data or "",
                          request.form.get("empreinte", ""))
    if given.shown != row.convention.pdf_sha256:
        return _changed(link)
    if not good:
        return _page(link, form), 422
    try:
        signing.sign(link.participant_id, link, given, page_now())
    except signing.VersionChanged:
        return _changed(link)
    except (signing.CodeWrong, signing.NotThatPerson) as refusal:
        field = form.code if isinstance(refusal, signing.CodeWrong) else form.signer
        field.errors = [refusal.sentence]
        return _page(link, form), 422
    except (NotAllowed, AlreadyDone) as refusal:
        g.refusal = refusal.sentence
        return _page(link), 409
    return redirect(f"/d/{token}/signer?fait=1#contenu", 303)


def _changed(link: AccessLink):
    """The text that is to be signed now, and nothing of what was typed for another."""
    g.refusal = signing.VersionChanged.sentence
    return _page(link), 409


@form_page("pas-moi")
def other_signer(visitor: Visitor, action: Action):
    """Who signs instead: their address, or who they are."""
    row = signing.signature_of(visitor.participant)
    form = OtherSignerForm(request.form if request.method == "POST" else None)

    def ask() -> str:
        return render_template("signature/pas_moi.html", dossier=visitor.dossier, base=visitor.base, layout=visitor.layout,
                               action=action, form=form, row=row, errors=wrong_fields(form))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    other = None
    if form.who.data == "same":
        other = convention.OtherSigner(form.same_email.data, same=True)
    elif form.who.data == "other":
        other = convention.OtherSigner(form.email.data, form.name.data, form.quality.data, form.capacity.data)
    return perform_action(visitor, action, form.words.data or "", ask, extra=other)
