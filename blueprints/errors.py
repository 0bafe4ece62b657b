"""From an error to a page: what happened, that nothing is lost, where to go."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from models.states import TransitionRefused
from services.errors import AlreadyDone, Busy, LinkExpired, LinkUnknown, NotAllowed, NotFound, Refused, TooMany

from .access import AnotherRole

log = logging.getLogger(__name__)


class ForgedRequest(Exception):
    """A request that would change something does not come from one of our pages."""


#: error -> (status, template). The first that matches wins.
PAGES: tuple[tuple[type[Exception], int, str], ...] = (
    (LinkUnknown, 404, "errors/404.html"),
    (NotFound, 404, "errors/404.html"),
    (LinkExpired, 410, "errors/410.html"),
    (TooMany, 429, "errors/429.html"),
    (AlreadyDone, 409, "errors/409.html"),
    (NotAllowed, 409, "errors/409.html"),
    (Refused, 422, "errors/422.html"),
    (Busy, 503, "errors/503.html"),
    (AnotherRole, 403, "errors/403.html"),
    (ForgedRequest, 403, "errors/403.html"),
)
_BY_STATUS = frozenset({403, 404, 410, 413, 422, 429, 500, 503})


def register_errors(app: Flask) -> None:
    """Have every error of ``app`` answered by a page in French."""
    for kind, status, template in PAGES:
        app.register_error_handler(kind, _page(status, template))
    app.register_error_handler(TransitionRefused, lambda error: _page(409, "errors/409.html")(
        AlreadyDone(f"La demande a changé depuis : elle est maintenant à l’étape « {error.state.label} ».")))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, template: str):
    def show(error: Exception) -> Response:
        sentence = getattr(error, "sentence", "")
        response = make_response(render_template(template, sentence=sentence, renew=_renewable(error),
                                                 typed=_typed()), status)
        response.headers["Cache-Control"] = "no-store" if status in (410, 409) else "private, no-cache"
        if isinstance(error, Busy):
            response.headers["Retry-After"] = "60"
        return response
    return show


def _typed() -> str:
    """Words that were about to be sent when the page was refused: shown to be copied, never lost."""
    with suppress(Exception):  # too heavy to be read; or reading it is what failed
        return next((text for name, text in request.form.items() if name.endswith("words") and text.strip()), "")
    return ""


def _renewable(error: Exception) -> str:
    """The token a new link may be asked for with, when there is one."""
    if isinstance(error, LinkExpired) and error.renewable:
        return (request.view_args or {}).get("token", "")
    return ""


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status in (301, 302, 303, 307, 308):
        return error
    if isinstance(error, SecurityError):
        # Asked under a name that is not ours: no page of ours can be drawn, as its addresses would be under that name.
        return Response("Ce site ne répond pas sous ce nom.", 400, mimetype="text/plain")
    if isinstance(error, RequestEntityTooLarge):
        return _page(413, "errors/413.html")(error)
    if status in (400, 405):
        return _page(status, "errors/404.html" if status == 405 else "errors/422.html")(error)
    return _page(status, f"errors/{status if status in _BY_STATUS else 500}.html")(error)


def asked_to_be_forgotten(response: Response) -> Response:
    """No browser, proxy or search engine keeps that page."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _unexpected(error: Exception) -> Response:
    # The name of the view, never the address: it may hold a personal link.
    if request.blueprint == "alerte":
        # What an error says may repeat what a person wrote: its kind and its place, and nothing else.
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error("unexpected error in %s: %s at %s:%s", request.endpoint, type(error).__name__, Path(last.filename).name,
                  last.lineno)
    else:
        log.exception("unexpected error in %s", request.endpoint)
    response = make_response(render_template("errors/500.html", sentence="", renew="", typed=_typed()), 500)
    response.headers["Cache-Control"] = "no-store"
    return response
