"""Files handed to the browser: kept, never run in our pages."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header
from werkzeug.utils import secure_filename


def download(content: bytes | Iterator[bytes], name: str, media_type: str, *, inline: bool = False) -> Response:
    """A file to be kept by the browser, never run in our pages (reference ux-security.md 4.5)."""
    response = Response(content, mimetype=media_type)
    plain = secure_filename(name) or "fichier"
    kind = "inline" if inline else "attachment"
    # RFC 6266: the plain name for old clients, the true one encoded.
    response.headers["Content-Disposition"] = (dump_options_header(kind, {"filename": plain})
                                               + f"; filename*=UTF-8''{quote(name, safe='')}")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response
