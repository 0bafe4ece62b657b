"""Ask a time-stamping server (RFC 3161) for its word on a signature: bounded in time and size, checked, never required."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
#: Bytes: a token with its chain of certificates takes 3 to 8 kB.
LARGEST_REPLY = 64 * 1024


class NoTimestamp(Exception):
    """The server gave no time stamp that can be used; the message says why, in French."""


@dataclass(frozen=True)
class TimestampServer:
    """A server's address, and the seconds its whole answer may take."""

    url: str
    seconds: float = 5.0

    async def token(self, digest: bytes, asked: tuple[int | None, Any]) -> Any:
        """Return the token (CMS) over `digest` (SHA-256); `asked` is the nonce and the request. Raises NoTimestamp."""
        from asn1crypto import tsp
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.timestamps.common_utils import handle_tsp_response

        nonce, request = asked
        answer = self._ask(request.dump())
        try:
            token = handle_tsp_response(tsp.TimeStampResp.load(answer), nonce)
            sound = await _sound(token, digest)
        except (ValueError, TypeError, KeyError, AttributeError, SigningError) as error:
            raise NoTimestamp("Le serveur d’horodatage a répondu autre chose qu’un horodatage.") from error
        if not sound:
            raise NoTimestamp("L’horodatage reçu n’est pas celui du document.")
        return token

    def _ask(self, request: bytes) -> bytes:
        import requests
        import urllib3

        end = time.monotonic() + self.seconds
        try:
            with requests.post(self.url, request, timeout=self.seconds, stream=True, allow_redirects=False,
                               headers={"Content-Type": QUERY, "Accept": REPLY}) as reply:
                if reply.status_code != 200 or reply.headers.get("Content-Type", "").split(";")[0].strip() != REPLY:
                    raise NoTimestamp(f"Le serveur d’horodatage a refusé (réponse {reply.status_code}).")
                received = b""
                # As it comes: one byte at a time would restart the socket's time-out for ever.
                while part := reply.raw.read1(LARGEST_REPLY, decode_content=True):
                    received += part
                    if len(received) > LARGEST_REPLY or time.monotonic() > end:
                        raise NoTimestamp("La réponse du serveur d’horodatage est trop longue.")
                return received
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise NoTimestamp("Le serveur d’horodatage n’a pas répondu à temps.") from error


async def _sound(token: Any, digest: bytes) -> bool:
    """True when the token's signature holds and it speaks of `digest`. Who signed it is for the reader to trust."""
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    if token["content_type"].native != "signed_data":
        return False
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    try:
        said = await validate_tst_signed_data(
            token["content"], context, lambda algorithm: digest if algorithm == "sha256" else b"")
    except SignatureValidationError:
        return False
    return bool(said["intact"] and said["valid"])
