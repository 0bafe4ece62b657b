"""Alerts: what anybody may open, and what referents read. No cookie for the former, no cache for either."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from services.alerte.sessions import SessionOver
from services.errors import LinkExpired, RingError

from ..errors import asked_to_be_forgotten
from . import author, referent

blueprint = Blueprint("alerte", __name__)
author.register(blueprint)
referent.register(blueprint)


@blueprint.before_request
def _no_file() -> Response | None:
    """Nothing here takes a file: a form with one is refused unread, since its parts would wait on the disk."""
    if request.mimetype == "multipart/form-data":
        page = render_template("errors/422.html", sentence="Cette page ne prend pas de fichier.", renew="", typed="")
        return make_response(page, 422)
    return None


@blueprint.after_request
def _never_kept(response: Response) -> Response:
    if request.endpoint in ("alerte.alerte", "alerte.themes"):
        response.headers["Cache-Control"] = "no-store"
        return response
    return asked_to_be_forgotten(response)


@blueprint.errorhandler(LinkExpired)
def _over(error: RingError) -> tuple[str, int]:
    """A way in, or a session, that is over: where to ask for another, and the words that were not sent."""
    return render_template("alerte/fermee.html", sentence=error.sentence, over=isinstance(error, SessionOver),
                           typed=request.form.get("words", "") or request.form.get("body", "")), 410
