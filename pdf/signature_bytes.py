"""The signatures of a PDF, read from its bytes alone: no PDF parser stands between the file and the verdict.

A signature of PDF covers `/ByteRange [0 a b c]`: all but the hexadecimal digits between a and b. When these four numbers
hold, when the digits are written as we write them, and when b + c is the length of the file, the key has spoken of every
byte there is, and the place where the numbers were found does not matter (ISO 32000-1, 12.8.1).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pdf.coroutines import awaited

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
MOMENT = re.compile(rb"/M\s*\(D(?:\\072|:)(\d{14})Z?")
#: Examined from the last: a file made to have thousands of them is not worth more.
MOST = 16
#: Around the numbers, the dictionary of a signature: /M, /SubFilter.
NEAR = 1024
LARGEST = 256 * 1024
#: Pieces of a signature in DER: the number 1; the names of SHA-256, of data, of signed data.
VERSION_1 = bytes.fromhex("020101")
SHA_256 = bytes.fromhex("300d06096086480165030402010500")
DATA, SIGNED_DATA = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
DIGITS_OF = re.compile(rb"/Contents\s*(<[0-9A-Fa-f]{512,}>)")
DIGESTS = frozenset({"sha256", "sha384", "sha512"})
Digest = Callable[[str], bytes]
#: A certificate and those of its authorities (DER).
Certificates = tuple[bytes, ...]


@dataclass(frozen=True)
class Signature:
    """One signature of a file.

    `covers` counts the bytes it speaks of, from the first, and `gap` is where its digits are. `ours`: its certificate is
    one of those known. `spoken`: that key did sign (something). `holds`: it signed these very bytes. `torn`: its numbers
    do not fit the file, which was written again; `shift`: by how many bytes all of it moved, when nothing else did.
    `claimed_at` is what the file says, `stamped_at` what a
    time-stamping server said.
    """

    covers: int
    gap: tuple[int, int]
    ours: bool = False
    spoken: bool = False
    holds: bool = False
    torn: bool = False
    shift: int = 0
    signer: str = ""
    fingerprint: str = ""
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None


def signatures(pdf: bytes, known: Iterable[Certificates]) -> list[Signature]:
    """Return the signatures found in `pdf`, the last first. `known` are our certificates (DER), each with
    its authorities. Never raises."""
    certificates = {each[0]: frozenset(each) for each in known}
    found = list(RANGE.finditer(pdf))[-MOST:]
    return [_read(pdf, match, certificates) for match in reversed(found)]


def _read(pdf: bytes, match: re.Match[bytes], known: Mapping[bytes, frozenset[bytes]]) -> Signature:
    start, first, second, length = (int(number) for number in match.groups())
    covers, claimed = second + length, _claimed(pdf, match)
    fits = (start == 0 and 0 < first < second < covers and second - first - 2 <= LARGEST
            and pdf[first:first + 1] == b"<" and pdf[second - 1:second] == b">")
    gap = (first, second) if fits else _displaced(pdf, match)
    read = Signature(covers, gap, torn=not fits, claimed_at=claimed,
                     shift=0 if fits or gap[0] - first != len(pdf) - covers else gap[0] - first)
    digits = pdf[gap[0] + 1:gap[1] - 1]

    def digest(algorithm: str) -> bytes:
        made = hashlib.new(algorithm, memoryview(pdf)[:gap[0]])
        made.update(memoryview(pdf)[gap[1]:covers])
        return made.digest()

    try:
        said = _spoken(bytes.fromhex(digits.decode("ascii")), digits, digest, known)
    except Exception:  # noqa: BLE001  any structure at all may be written there: what cannot be read holds nothing
        return read
    said["holds"] = said["holds"] and fits and covers <= len(pdf)
    return replace(read, **said)


def _displaced(pdf: bytes, match: re.Match[bytes]) -> tuple[int, int]:
    """Where the digits are in a file whose bytes moved: the nearest to the numbers; (0, 0) when they are gone."""
    found = list(DIGITS_OF.finditer(pdf, max(0, match.start() - 2 * LARGEST), match.end() + 2 * LARGEST))
    if not found:
        return 0, 0
    nearest = min(found, key=lambda each: abs(each.start() - match.start()))
    return nearest.start(1), nearest.end(1)


def _claimed(pdf: bytes, match: re.Match[bytes]) -> datetime | None:
    near = MOMENT.search(pdf, match.end(), match.end() + NEAR)
    try:
        return datetime.strptime(near[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC) if near else None
    except ValueError:
        return None


def _spoken(content: bytes, digits: bytes, digest: Digest, known: Mapping[bytes, frozenset[bytes]]) -> dict[str, Any]:
    from asn1crypto import cms

    signed = cms.ContentInfo.load(content)["content"]
    (signer,) = signed["signer_infos"]
    carried = [each.chosen for each in signed["certificates"]]
    named = signer["sid"].chosen
    certificate = next(each for each in carried if each.serial_number == named["serial_number"].native
                       and _same_name(each.issuer, named["issuer"]))
    der = certificate.dump()
    said: dict[str, Any] = {
        "ours": der in known, "signer": _name(certificate), "fingerprint": hashlib.sha256(der).hexdigest()}
    intact, valid = _integrity(signer, certificate, digest)
    said["spoken"] = bool(valid)
    if not said["ours"]:
        return {**said, "holds": bool(intact and valid)}
    stamped_at, stamp_holds = _stamp(signer)
    as_written = (known[der] == {each.dump() for each in carried}
                  and digits == _as_we_write(signer, carried, certificate, len(content)))
    return {**said, "holds": bool(intact and valid and as_written and stamp_holds), "stamped_at": stamped_at}


def _same_name(one: Any, other: Any) -> bool:
    """Whether two names are one. To fold their letters (RFC 4518) takes half of all this reading; most are the same bytes."""
    return bool(one.dump() == other.dump() or one == other)


def _name(certificate: Any) -> str:
    names = certificate.subject.native
    found = names.get("common_name") or names.get("organization_name") or certificate.subject.human_friendly
    return str(found)[:200]


def _integrity(signer: Any, certificate: Any, digest: Digest) -> tuple[bool, bool]:
    """Whether the digest is the one signed, and whether the key signed it. pyHanko does the cryptography."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    algorithm = signer["digest_algorithm"]["algorithm"].native
    return validate_sig_integrity(signer, certificate, "data", digest(algorithm)) if algorithm in DIGESTS else (False, False)


def _as_we_write(signer: Any, carried: list[Any], certificate: Any, room: int) -> bytes:
    """Return the digits our seals have around these attributes and this signature (RFC 5652, 5.1, in DER).

    The key covers neither the frame of a signature nor the blanks after it: only what is written so was not touched.
    """
    frame = _der(0x30, VERSION_1 + _der(0x30, certificate.issuer.dump() + certificate["tbs_certificate"]["serial_number"].dump())
                 + SHA_256 + signer["signed_attrs"].dump() + _mechanism(signer) + signer["signature"].dump()
                 + (signer["unsigned_attrs"].dump() if _unsigned(signer) else b""))
    signed = _der(0x30, VERSION_1 + _der(0x31, SHA_256) + _der(0x30, DATA)
                  + _der(0xA0, b"".join(each.dump() for each in carried)) + _der(0x31, frame))
    whole = _der(0x30, SIGNED_DATA + _der(0xA0, signed))
    return whole.ljust(room, b"\0").hex().upper().encode()


def _mechanism(signer: Any) -> bytes:
    from asn1crypto.algos import SignedDigestAlgorithm

    return SignedDigestAlgorithm({"algorithm": signer["signature_algorithm"]["algorithm"].native}).dump()


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, length] if length < 128 else [tag, 128 + len(size), *size]) + content


def _unsigned(signer: Any) -> list[Any]:
    attributes = signer["unsigned_attrs"]
    return list(attributes) if attributes.native else []


def _stamp(signer: Any) -> tuple[datetime | None, bool]:
    """What the time stamp says, if there is one, and whether it holds. Who made it is for the reader to trust."""
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    stamps = [value for each in _unsigned(signer) for value in each["values"]]
    if not stamps:
        return None, True
    (token,) = stamps
    expected = hashlib.sha256(signer["signature"].native).digest()
    said = awaited(lambda: validate_tst_signed_data(
        token["content"], ValidationContext(trust_roots=[], allow_fetching=False),
        lambda algorithm: expected if algorithm == "sha256" else b""))
    return said["timestamp"].astimezone(UTC), bool(said["intact"] and said["valid"])
