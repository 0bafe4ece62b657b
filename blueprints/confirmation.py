"""After a form is sent: the page that says so, the link that confirms an address, a new link when one is too old."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from forms.acting import LostLinkForm
from models.instance import instance
from services import delivery, lost_links, next_steps, submission
from territory import communes

from .access import internet_access, personal_link, public
from .journeys import read_receipt
from .templating import page_now

blueprint = Blueprint("confirmation", __name__)


@blueprint.get("/demande-recue/<receipt>")
@public
def recue(receipt: str):
    reference, again = read_receipt(receipt)
    made = submission.receipt(reference, again)
    if made.confirmed and not again:
        # The form was opened by a link sent to that address, or the page is looked at again after the confirmation.
        dossier = submission.arrived(reference)
        return render_template("confirmation/confirmee.html", dossier=dossier, next_step=next_steps.next_step(dossier))
    return render_template("confirmation/deja_envoyee.html" if again else "confirmation/recue.html", made=made)


@blueprint.get("/confirmer/<token>")
@personal_link
def confirmer(token: str):
    """Shows what would be confirmed; a mail scanner that opens it changes nothing."""
    dossier = submission.read_confirmation(token, page_now())
    return render_template("confirmation/confirmer.html", dossier=dossier, token=token)


@blueprint.post("/confirmer/<token>")
@personal_link
def confirmer_envoi(token: str):
    dossier = submission.confirm(token, page_now())
    return render_template("confirmation/confirmee.html", dossier=dossier, next_step=next_steps.next_step(dossier))


@blueprint.get("/nouvelle-adresse/<token>")
@personal_link
def adresse(token: str):
    """Asks who holds a new address whether it is theirs; opening the page changes nothing."""
    link = delivery.read_new_address(token, page_now())
    wanted, _ = delivery.asked_by_both(link)
    return render_template("confirmation/adresse.html", link=link, reference=link.participant.dossier.reference, token=token,
                           leaves=wanted if wanted != link.email else "")


@blueprint.post("/nouvelle-adresse/<token>")
@personal_link
def adresse_envoi(token: str):
    wanted, waits = delivery.asked_by_both(delivery.read_new_address(token, page_now()))
    person = delivery.confirm_address(token, page_now())
    return render_template("confirmation/adresse_confirmee.html", person=person, waits=waits, wanted=wanted)


@blueprint.post("/nouveau-lien/<token>")
@personal_link
def nouveau_lien(token: str):
    lost_links.renew_link(token, page_now())
    return redirect(url_for("confirmation.lien_envoye"), 303)


@blueprint.get("/nouveau-lien")
@public
def lien_envoye():
    return render_template("confirmation/lien_envoye.html")


@blueprint.get("/retrouver-mon-lien")
@public
def retrouver():
    return render_template("confirmation/retrouver.html", form=LostLinkForm(), errors=[])


@blueprint.post("/retrouver-mon-lien")
@public
def retrouver_envoi():
    """The same answer whether the address is known or not."""
    form = LostLinkForm(request.form)
    if not form.validate():
        return render_template("confirmation/retrouver.html", form=form, errors=form.wrong), 422
    lost_links.send_links(form.email.data, internet_access(), page_now())
    return redirect(url_for("confirmation.lien_cherche"), 303)


@blueprint.get("/retrouver-mon-lien/envoye")
@public
def lien_cherche():
    return render_template("confirmation/retrouve.html")


@blueprint.get("/communes")
@public
def suggestions():
    """Communes whose name or postal code begins like ``q``: a comfort for the form, which works without."""
    found = communes.search(request.args.get("q", "")[:60], limit=10, near=instance().network.departement)
    return jsonify([{"code": place.code, "label": place.label} for place in found])
