"""To sign by link: ``/d/<token>/signer`` shows the text, sends a code, takes the signature. Opening it changes nothing."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request

from forms.signing import OtherSignerForm, PaperDecisionForm, PaperForm, RecallForm, SignForm
from models.access_link import AccessLink, Purpose
from models.states import Role
from services import acting, convention
from services.acting import Action
from services.attachments import judge
from services.convention import codes, signing
from services.errors import AlreadyDone, LinkExpired, NotAllowed, NotFound, TooMany
from services.links import read_link
from territory.calendar import local

from .access import personal_link
from .acting_pages import ask_and_act, draw, form_page, perform_action, posted
from .downloads import download
from .templating import page_now, whole_number
from .visitor import Visitor

#: All the photographs of a document together.
MOST = 20 * 1024 * 1024

blueprint = Blueprint("signature", __name__)

#: What a person may do instead of signing, in the order it is offered (slugs of services/convention/refusing.py).
INSTEAD = ("renvoyer", "modifier", "pas-moi", "decliner")


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
    role = Role(participant.role)
    offered = {action.slug: action for action in acting.available(participant.dossier, role, now, participant)}
    refusal = getattr(g, "refusal", "")
    code_sent = row is not None and codes.can_be_typed(row, now)
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
    return ask_and_act(visitor, action, "signature/pas_moi.html", OtherSignerForm(posted()), _other,
                       row=signing.signature_of(visitor.participant))


def _other(filled: OtherSignerForm) -> convention.OtherSigner | None:
    if filled.who.data == "same":
        return convention.OtherSigner(filled.same_email.data, same=True)
    if filled.who.data == "other":
        return convention.OtherSigner(filled.email.data, filled.name.data, filled.quality.data, filled.capacity.data)
    return None


@form_page("renvoyer")
def send_back(visitor: Visitor, action: Action):
    """A document signed by hand is sent: one PDF, or photographs."""
    typed = request.form | request.files if request.method == "POST" else None
    form = PaperForm(typed)

    def ask() -> str:
        return draw(visitor, action, "signature/renvoyer.html", form)
    if typed is None:
        return ask()
    good = form.validate()
    sent, wrong = _sent(form.fichiers.uploads) if good else ([], [])
    if wrong:
        form.fichiers.errors = wrong
    if wrong or not good:
        return ask(), 422
    return perform_action(visitor, action, "", ask, extra=sent)


def _sent(uploads) -> tuple[list[convention.Sent], list[str]]:
    sent, wrong, total = [], [], 0
    for upload in uploads:
        with upload.stream:
            content = upload.read()
        verdict, total = judge(upload.filename, content), total + len(content)
        if verdict.ok:
            sent.append(convention.Sent(verdict.clean_name, verdict.media_type, content))
        else:
            wrong.append(verdict.reason)
    if total > MOST:
        wrong.append("Ces fichiers sont trop lourds : 20 Mo au plus en tout. Envoyez des photos plus légères, ou un PDF.")
    return sent, wrong


@form_page("relancer")
def recall(visitor: Visitor, action: Action):
    """Whom to remind: each with when they last were."""
    rows = convention.awaited(visitor.dossier, page_now())
    chosen = request.args.get("personne", "") or (str(rows[0].signature_id) if len(rows) == 1 else "")
    form = RecallForm(posted(), data={"person": chosen})
    form.offer([(str(row.signature_id), row.name, row.obstacle or row.last) for row in rows])
    return ask_and_act(visitor, action, "signature/relancer.html", form, lambda filled: whole_number(filled.person.data))


@form_page("papier")
def decide_copy(visitor: Visitor, action: Action):
    """What came back beside what was sent; the coordination decides."""
    dossier = visitor.dossier
    number = whole_number((request.form if request.method == "POST" else request.args).get("copie", ""))
    copies = convention.waiting_copies(dossier)
    copy = next((each for each in copies if each.id == number), copies[0] if copies and number is None else None)
    if copy is None:
        raise NotFound("Ce document a déjà été traité, ou la version qu’il porte n’est plus à signer.")
    today = local(page_now()).date()
    rows = [(str(row.id), signing.who(row)) for row in copy.convention.signatures if not row.signed]
    mine = [str(row.id) for row in copy.convention.signatures if row.participant_id == copy.deposited_by_id and not row.signed]
    form = PaperDecisionForm(posted(), data={"signatures": mine})
    form.offer(rows, today)

    def ask() -> str:
        return draw(visitor, action, "signature/papier.html", form, copy=copy, said=convention.said_of(copy),
                    care=convention.needs_care(copy),
                    sources=[row for row in convention.sources_of(copy) if row.id != copy.file_id],
                    others=[each for each in copies if each is not copy])
    if request.method != "POST":
        return ask()
    if "refuser" in request.form:
        if not (form.words.data or "").strip():
            form.words.errors = ["Écrivez pourquoi ce document n’est pas retenu."]
            return ask(), 422
        return perform_action(visitor, action, form.words.data, ask, extra=convention.Decision(copy.id))
    if not form.validate():
        return ask(), 422
    chosen = tuple(int(value) for value in form.signatures.data)
    decision = convention.Decision(copy.id, chosen, form.signed_on.data, bool(form.checked.data))
    return perform_action(visitor, action, form.words.data or "", ask, extra=decision)
