"""The built-in mailbox: all the network "sent" where no mail server is set, and true replies to it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from forms.acting import MailReplyForm
from models.outbox import OutboxMessage
from services import courrier, mailbox_reply
from services.attachments import judge

from .access import captured_mail_only
from .downloads import download
from .templating import page_now

blueprint = Blueprint("courrier", __name__, url_prefix="/courrier")

VIEWS = (("texte", "Texte"), ("html", "Mise en forme"), ("source", "Source"))


def _people(address: str = "") -> list[dict]:
    return [{"address": recipient, "name": name, "count": count, "current": recipient == address,
             "url": url_for("courrier.boite", address=recipient)} for recipient, name, count in courrier.mailboxes()]


def _letters(address: str, current: int = 0) -> list[dict]:
    return [{"subject": row.subject if not row.dossier else f"[{row.dossier.reference}] {row.subject}", "at": row.created_at,
             "sender": current_app.extensions["ring"].network.name, "url": url_for("courrier.lettre", letter_id=row.id),
             "current": row.id == current,
             "files": row.raw.count(b"\nContent-Disposition: attachment")} for row in courrier.letters_to(address)]


@blueprint.get("/")
@captured_mail_only
def boites():
    return render_template("courrier/boites.html", people=_people())


@blueprint.get("/a/<address>")
@captured_mail_only
def boite(address: str):
    return render_template("courrier/boite.html", people=_people(address), address=address, items=_letters(address))


@blueprint.get("/<int:letter_id>")
@captured_mail_only
def lettre(letter_id: int):
    return _show(courrier.captured_letter(letter_id), MailReplyForm(None))


def _show(row: OutboxMessage, form: MailReplyForm, errors=()):
    view = request.args.get("vue", "html")
    letter = mailbox_reply.parsed(row)
    files = [{"name": name, "url": url_for("courrier.piece", letter_id=row.id, number=number)}
             for number, (name, *_rest) in enumerate(mailbox_reply.files_of(row))]
    tabs = [(url_for("courrier.lettre", letter_id=row.id, vue=slug), label, slug == view) for slug, label in VIEWS]
    return render_template(
        "courrier/lettre.html", row=row, people=_people(row.recipient), items=_letters(row.recipient, row.id), view=view,
        tabs=tabs, files=files, form=form, errors=list(errors), can_answer=letter["Reply-To"] is not None,
        head={"subject": str(letter["Subject"]), "sender": str(letter["From"].addresses[0].display_name),
              "recipient": str(letter["To"]), "at": row.created_at},
        text=mailbox_reply.text_of(row), source=row.raw.decode("utf-8", "replace") if view == "source" else "",
        sent="envoyee" in request.args)


@blueprint.get("/<int:letter_id>/html")
@captured_mail_only
def contenu(letter_id: int):
    """The HTML part alone, for the frame of the page: it may not run anything nor load anything."""
    page = mailbox_reply.html_of(courrier.captured_letter(letter_id)).replace("<head>", '<head><base target="_top">', 1)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = ("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
                                                   "sandbox allow-popups allow-popups-to-escape-sandbox "
                                                   "allow-top-navigation-by-user-activation")
    return response


@blueprint.get("/<int:letter_id>/piece/<int:number>")
@captured_mail_only
def piece(letter_id: int, number: int):
    files = mailbox_reply.files_of(courrier.captured_letter(letter_id))
    if number >= len(files):
        from services.errors import NotFound
        raise NotFound()
    name, media_type, content = files[number]
    return download(content, name, media_type, inline=media_type == "application/pdf")


@blueprint.post("/<int:letter_id>/repondre")
@captured_mail_only
def repondre(letter_id: int):
    row = courrier.captured_letter(letter_id)
    form = MailReplyForm(request.form | request.files if request.files else request.form)
    files, refused = [], []
    for upload in form.fichiers.uploads:
        content = upload.read()
        verdict = judge(upload.filename, content)
        # The mailbox plays a mail client: it sends whatever it is given, the other side judges.
        files.append((verdict.clean_name, verdict.media_type or "application/octet-stream", content))
    if not form.validate() or not (form.words.data or files):
        if not form.words.data:
            form.words.errors = [*form.words.errors, "Écrivez votre réponse, ou joignez un fichier."]
        return _show(row, form, [*form.wrong, *refused]), 422
    raw = mailbox_reply.write_reply(row, form.words.data or "", files, page_now())
    current_app.extensions["receive"](raw, "boîte intégrée", page_now())
    return redirect(url_for("courrier.lettre", letter_id=row.id, envoyee=1) + "#contenu", 303)
