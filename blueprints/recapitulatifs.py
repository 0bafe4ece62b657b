"""Digests: stop them, have them again. By the link of a letter, by one press in a mail program, from the space."""

from __future__ import annotations

from flask import Blueprint, g, render_template, url_for

from services import subscription

from .access import coordinator_only, one_press, personal_link
from .templating import page_now

blueprint = Blueprint("recapitulatifs", __name__)


@blueprint.get("/desabonnement/<token>")
@personal_link
def lire(token: str):
    """Shows and changes nothing: mail gateways open every link."""
    return _page(token, subscription.read(token, page_now()))


@blueprint.post("/desabonnement/<token>")
@one_press
@personal_link
def arreter(token: str):
    return _page(token, subscription.stop(token, page_now()), done=True)


@blueprint.post("/abonnement/<token>")
@personal_link
def reprendre(token: str):
    return _page(token, subscription.resume(token, page_now()), done=True)


@blueprint.get("/coordination/recapitulatifs")
@coordinator_only
def choisir():
    """The same choice, for a coordinator who has no letter at hand."""
    return _space(subscription.of(g.coordinator.email))


@blueprint.post("/coordination/recapitulatifs/<any(arreter, reprendre):slug>")
@coordinator_only
def choisir_envoi(slug: str):
    return _space(subscription.choose(g.coordinator.email, slug == "reprendre", page_now()), done=True)


def _space(person: subscription.Subscriber, done: bool = False) -> str:
    return _shown(person, done, *(url_for(".choisir_envoi", slug=slug) for slug in ("arreter", "reprendre")))


def _page(token: str, person: subscription.Subscriber, done: bool = False) -> str:
    return _shown(person, done, stop=url_for(".arreter", token=token), resume=url_for(".reprendre", token=token))


def _shown(person: subscription.Subscriber, done: bool, stop: str, resume: str) -> str:
    return render_template("recapitulatifs/choisir.html", person=person, done=done, action=stop if person.wants else resume)
