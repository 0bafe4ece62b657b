"""Mail that no conversation expected: the coordinators' queue, and the question asked to who owns an address."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request

from forms.courriels import NOTE, AttachForm, FindForm, OpenForm, SendForm
from models.dossier import Dossier
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.states import Kind, Role
from services.errors import AlreadyDone, NotAllowed, NotFound
from services.inbound import addresses, opening, queue
from services.inbound.reading import MailContent, read

from .access import coordinator_only, personal_link
from .downloads import download
from .mail_rows import mail_row, who_decided
from .templating import page_now, say_size

blueprint = Blueprint("courriels", __name__)

#: The source of a mail is shown so far; the rest is in the file.
SOURCE_SHOWN = 60_000


@blueprint.get("/coordination/courriels")
@coordinator_only
def liste():
    return render_template("courriels/liste.html", rows=[mail_row(row) for row in queue.to_decide()],
                           waiting=[mail_row(row) for row in queue.waiting()], done=_done(), handled=len(queue.handled()))


@blueprint.get("/coordination/courriels/traites")
@coordinator_only
def traites():
    return render_template("courriels/traites.html", rows=[mail_row(row) for row in queue.handled()])


def _done() -> str:
    """What was just done, told once: the name of the page says which mail, never what a person typed."""
    found = next((row for row in queue.handled() if str(row.id) == request.args.get("fait")), None)
    return who_decided(found) if found else ""


@blueprint.get("/coordination/courriels/<int:inbound_id>")
@coordinator_only
def courriel(inbound_id: int):
    row = queue.find(inbound_id)
    content = read(row.raw)
    return render_template(
        "courriels/courriel.html", row=row, line=mail_row(row), content=content, files=_files(row, content),
        undecided=InboundState(row.state) in queue.OPEN, known=row.participant, said=who_decided(row),
        dossier=queue.request_of(row), can_put_back=queue.can_put_back(row),
        moved="fait" in request.args and row.state == InboundState.FORM,
        recent=[(d.reference, d.title) for d in queue.recent_requests(row.sender, page_now())],
        source=row.raw[:SOURCE_SHOWN].decode("utf-8", "replace").replace("\x00", ""), whole=len(row.raw) <= SOURCE_SHOWN)


def _files(row: InboundMessage, content: MailContent) -> list[dict[str, str]]:
    return [{"name": name, "url": f"/coordination/courriels/{row.id}/piece/{number}", "say_size": say_size(len(data))}
            for number, (name, _type, data) in enumerate(content.files)]


@blueprint.get("/coordination/courriels/<int:inbound_id>/piece/<int:number>")
@coordinator_only
def piece(inbound_id: int, number: int) -> Response:
    files = read(queue.find(inbound_id).raw).files
    if number >= len(files):
        raise NotFound("Ce fichier n’est pas dans ce courriel.")
    name, media_type, content = files[number]
    return download(content, name, media_type)


@blueprint.get("/coordination/courriels/<int:inbound_id>/courriel.eml")
@coordinator_only
def source(inbound_id: int) -> Response:
    """The bytes as they came, for a mail program."""
    return download(queue.find(inbound_id).raw, f"courriel-{inbound_id}.eml", "application/octet-stream")


@blueprint.get("/coordination/courriels/<int:inbound_id>/rattacher")
@coordinator_only
def rattacher(inbound_id: int):
    """Which request first, then whose words they are: two questions, and nothing changes before the second is sent."""
    row = _undecided(inbound_id)
    form = _find_form(row, request.args if request.args else None)
    if not request.args:
        return _ask_request(row, form)
    if not form.validate():
        return _ask_request(row, form), 422
    try:
        dossier = queue.find_request(form.chosen)
    except NotFound as refusal:
        form.reference.errors = [refusal.sentence]
        return _ask_request(row, form), 422
    return _ask_whose(row, dossier, _attach_form(row, dossier, None))


def _undecided(inbound_id: int) -> InboundMessage:
    """:raises AlreadyDone: a colleague decided, or the mail found its way meanwhile."""
    row = queue.find(inbound_id)
    if InboundState(row.state) not in queue.OPEN:
        raise AlreadyDone(queue.who_decided(row))
    return row


def _find_form(row: InboundMessage, given) -> FindForm:
    recent = [(d.reference, d.title) for d in queue.recent_requests(row.sender, page_now())]
    cited = queue.cited_reference(row)
    among = {reference for reference, _title in recent}
    form = FindForm(given, data={"parmi": cited if cited in among else None, "reference": "" if cited in among else cited})
    form.offer(recent)
    return form


def _ask_request(row: InboundMessage, form: FindForm) -> str:
    return render_template("courriels/rattacher.html", row=row, line=mail_row(row), form=form, errors=form.wrong)


def _attach_form(row: InboundMessage, dossier: Dossier, given) -> AttachForm:
    people = [(str(p.id), p.display_name, f"{p.role_label.capitalize()}. Ses mots sont transmis comme une réponse")
              for p in dossier.participants if p.active and p.role != Role.COORDINATOR]
    others = [p for p in dossier.participants if p.role != Role.COORDINATOR]
    known = addresses.theirs_among({p.email.lower() for p in others}, row.sender)
    theirs = next((str(p.id) for p in others if p.email.lower() in known), None)
    form = AttachForm(given, data={"qui": theirs})
    form.offer([*people, (NOTE, "Garder comme note interne", "Seule la coordination la lit, et rien ne part")],
               "" if theirs or not row.sender else row.sender)
    return form


def _ask_whose(row: InboundMessage, dossier: Dossier, form: AttachForm) -> str:
    return render_template("courriels/de_qui.html", row=row, line=mail_row(row), dossier=dossier, form=form, errors=form.wrong)


@blueprint.post("/coordination/courriels/<int:inbound_id>/rattacher")
@coordinator_only
def rattacher_envoi(inbound_id: int):
    row = _undecided(inbound_id)
    dossier = queue.find_request(request.form.get("reference", ""))
    form = _attach_form(row, dossier, request.form)
    if not form.validate():
        return _ask_whose(row, dossier, form), 422
    participant_id = None if form.qui.data == NOTE else int(form.qui.data)
    queue.attach(inbound_id, dossier.reference, participant_id, form.also, g.coordinator, page_now())
    return _gone_on(inbound_id)


def _gone_on(inbound_id: int):
    return redirect(f"/coordination/courriels?fait={inbound_id}#contenu", 303)


@blueprint.route("/coordination/courriels/<int:inbound_id>/ouvrir", methods=["GET", "POST"])
@coordinator_only
def ouvrir(inbound_id: int):
    row = _undecided(inbound_id)
    departement = instance().network.departement
    if request.method != "POST":
        asked = opening.guessed(row, read(row.raw))
        form = OpenForm(None, data=vars(asked) | {"commune": asked.commune or None}, departement=departement)
        return _ask_open(row, form)
    form = OpenForm(request.form, departement=departement)
    if not form.validate():
        return _ask_open(row, form), 422
    answers = {name: value or "" for name, value in form.answers().items()}
    try:
        queue.open_request(inbound_id, opening.OpenRequest(**answers), g.coordinator, page_now())
    except NotAllowed as refusal:
        form.email.errors = [refusal.sentence]
        return _ask_open(row, form), 422
    return _gone_on(inbound_id)


def _ask_open(row: InboundMessage, form: OpenForm) -> str:
    return render_template("courriels/ouvrir.html", row=row, line=mail_row(row), form=form, errors=form.wrong)


@blueprint.route("/coordination/courriels/<int:inbound_id>/formulaire", methods=["GET", "POST"])
@coordinator_only
def formulaire(inbound_id: int):
    row = _undecided(inbound_id)
    form = SendForm(request.form if request.method == "POST" else None)
    if request.method != "POST" or not form.validate():
        page = render_template("courriels/formulaire.html", row=row, line=mail_row(row), form=form, errors=form.wrong)
        return page, 422 if request.method == "POST" else 200
    queue.send_form(inbound_id, Kind(form.formulaire.data), g.coordinator, page_now())
    return redirect(f"/coordination/courriels/{inbound_id}?fait=1#contenu", 303)


@blueprint.post("/coordination/courriels/<int:inbound_id>/ecarter")
@coordinator_only
def ecarter(inbound_id: int):
    queue.discard(inbound_id, g.coordinator, page_now())
    return _gone_on(inbound_id)


@blueprint.post("/coordination/courriels/<int:inbound_id>/remettre")
@coordinator_only
def remettre(inbound_id: int):
    queue.put_back(inbound_id, g.coordinator, page_now())
    return redirect(f"/coordination/courriels/{inbound_id}#contenu", 303)


@blueprint.get("/adresse/<token>")
@personal_link
def adresse(token: str):
    """Asks; a mail scanner that opens it answers nothing."""
    return render_template("courriels/adresse.html", question=addresses.read_question(token, page_now()), token=token)


@blueprint.post("/adresse/<token>")
@personal_link
def adresse_reponse(token: str):
    said = request.form.get("reponse", "")
    if said not in ("oui", "non"):
        question = addresses.read_question(token, page_now())
        return render_template("courriels/adresse.html", question=question, token=token), 422
    question = addresses.answer_question(token, said == "oui", page_now())
    return render_template("courriels/adresse_dite.html", question=question, yes=said == "oui")
