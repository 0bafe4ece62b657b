"""Who may open a page: one rule per view, written above it, checked by a test for every route.

``@public``: anybody. ``@personal_link``: whoever holds the link in the address, shown by a service. ``@coordinator_only``:
a coordinator whose session is open. ``@referent_only``: a referent whose key is open. ``@captured_mail_only``:
anybody, but only where no mail server is set.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Response, current_app, g, make_response, redirect, request, url_for

from models.instance import instance
from models.network import Coordinator
from services import coordination
from services.alerte import sessions
from services.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    view.access = "public"
    return view


def personal_link(view: Callable[P, R]) -> Callable[P, R]:
    """The token in the address is the key; the page is never kept by a cache nor told to another site."""
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        return _not_kept(view(*args, **kwargs))
    guarded.access = "personal_link"
    return guarded


def one_press(view: Callable[P, R]) -> Callable[P, R]:
    """Beside ``personal_link``: a mail program may post here without any page of ours (RFC 8058), see ``security.py``."""
    view.one_press = True
    return view


def coordinator_only(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        person = signed_in()
        if person is None:
            return redirect(url_for("coordination.entrer"), 303)
        g.coordinator = person
        return _not_kept(view(*args, **kwargs))
    guarded.access = "coordinator_only"
    return guarded


def referent_only(view: Callable[P, R]) -> Callable[P, R]:
    """A referent whose key is open in this browser: another space than the coordinators', with a cookie of its own.

    :raises services.alerte.sessions.SessionOver: nobody reads here now.
    """
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        g.reader = sessions.reader(request.cookies.get(referent_cookie(), ""), current_app.extensions["clock"]())
        return _not_kept(view(*args, **kwargs))
    guarded.access = "referent_only"
    return guarded


def captured_mail_only(view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not instance().settings.captured_mail:
            raise NotFound()
        return view(*args, **kwargs)
    guarded.access = "captured_mail_only"
    return guarded


def session_cookie() -> str:
    """``__Host-`` binds the cookie to this host over HTTPS; it cannot be used on plain HTTP (RFC 6265bis, 4.1.3.2)."""
    return "__Host-coordination" if instance().settings.secure else "coordination"


def referent_cookie() -> str:
    """Sent to the referents' pages alone, so that ``__Host-``, which wants every path, is not for it."""
    return "__Secure-referent" if instance().settings.secure else "referent"


def signed_in() -> Coordinator | None:
    """The coordinator whose session this request carries, if any."""
    token = request.cookies.get(session_cookie(), "")
    return coordination.session_owner(token, current_app.extensions["clock"]()) if token else None


def _not_kept(answer: object) -> Response:
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
