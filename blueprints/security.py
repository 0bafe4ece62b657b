"""What protects every page: forged requests refused without cookie or token, strict headers.

Public forms must work with cookies refused, so that a forged request is known by what the browser says of its origin
(Fetch Metadata, else Origin or Referer), as OWASP now accepts (reference ux-security.md 4.3).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from models.instance import instance

from .errors import ForgedRequest

#: Text of one form, in bytes.
MOST_TEXT = 1024 * 1024

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
       "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; "
       "manifest-src 'self'; object-src 'none'")
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(app: Flask) -> None:
    """Refuse forged requests to ``app`` and set the headers of its answers."""
    public_host = urlsplit(instance_url(app)).hostname or ""
    if public_host not in {"127.0.0.1", "localhost", "::1"}:
        app.config["TRUSTED_HOSTS"] = [public_host]
    app.before_request(refuse_nul)
    app.before_request(refuse_forged)
    app.after_request(add_headers)
    # What was sent in files is closed, and forgotten by the disk, with the request and not when memory is tidied.
    app.teardown_request(lambda _error: request.close())


def instance_url(app: Flask) -> str:
    return app.extensions["ring"].settings.PUBLIC_URL


def refuse_nul() -> None:
    """No address of ours holds a NUL, and PostgreSQL refuses one in a text."""
    if "\x00" in request.path:
        abort(404)


def refuse_forged() -> None:
    """:raises ForgedRequest: a request that would change something and does not come from one of our pages."""
    if request.method in SAFE:
        return
    if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > MOST_TEXT:
        # Werkzeug bounds the fields of a form with files; this bounds the others.
        raise RequestEntityTooLarge()
    if _one_press():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site in {"same-origin", "none"}:
            return
        raise ForgedRequest()
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if source and urlsplit(source).netloc in {request.host, urlsplit(instance().settings.PUBLIC_URL).netloc}:
        return
    raise ForgedRequest()


def _one_press() -> bool:
    """A mail program that unsubscribes somebody (RFC 8058, 3.2): no cookie, no origin, and a body that says so.

    Only where a view allows it. The token in the address proves the right to ask, and nothing is left to be forged:
    whoever knows it holds the person's letter.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "one_press", False) and request.form.get("List-Unsubscribe") == "One-Click"


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if 300 <= response.status_code < 400:
        response.set_data(b"")  # Werkzeug's own words are in English, and no browser shows them
    # no-cache and not no-store: the Back button must give a form back with what was typed (ux-security.md 1.4, E2a).
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
