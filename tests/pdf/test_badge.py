"""The open badge: verified offline by a library that is not ours, carried by its images, revocable."""

from __future__ import annotations

import hashlib
import io
import stat
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status_list import encode_bitstring
from PIL import Image

from pdf.badge.credential import HOSTING, IMMERSION, PLACES, Award, Issuer, achievement, credential, read, signed, status_list
from pdf.badge.image import badge_png, badge_svg, baked_png, baked_svg
from pdf.badge.key import UnusableBadgeKey, badge_key, thumbprint

NOW = datetime(2026, 2, 12, 9, 0, tzinfo=UTC)
ISSUER = Issuer("https://ring.example", "RING", "Réseau d’inclusion numérique", "coordination@ring.example")
AWARD = Award("6f1f0c5e-2f7b-4c69-9f0a-6f2f5f0c1a77", "immersion", "Noa Fictif", "Noa@structure-b.example", "sel", NOW, 7,
              "2 jours, soit 14 h, chez Structure Exemple C.")


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return badge_key(tmp_path_factory.mktemp("instance") / "badge")


@pytest.fixture(scope="module")
def token(key) -> str:
    return signed(ISSUER, credential(ISSUER, AWARD), key, NOW)


def _public(key) -> bytes:
    return key.private.public_key().public_bytes(serialization.Encoding.PEM,
                                                 serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_library_that_is_not_ours_verifies_it_offline(key, token) -> None:
    found = OB3Verifier(_public(key)).verify(token)
    assert (found.id, found.issuer.id) == (f"https://ring.example/badges/{AWARD.uuid}", ISSUER.id)
    assert found.achievement.name == "Immersion en médiation numérique"
    assert found.credential_status[0]["statusListIndex"] == "7"


def test_the_header_carries_the_public_key_alone_and_where_it_is_published(key, token) -> None:
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "RS256", "typ": "JWT", "kid": f"https://ring.example/badges/cles/{key.thumbprint}", "jwk": key.jwk}
    assert set(header["jwk"]) == {"kty", "n", "e"}, "never the private half"
    assert jwt.decode(token, jwt.PyJWK({**header["jwk"], "alg": "RS256"}), algorithms=["RS256"])["jti"] == read(token)["id"]
    assert thumbprint(header["jwk"]) in key.known


def test_a_changed_letter_or_another_key_is_refused(key, token, tmp_path) -> None:
    head, body, signature = token.split(".")
    forged = f"{head}.{body[:40]}{'A' if body[40] != 'A' else 'B'}{body[41:]}.{signature}"
    for wrong, by in ((forged, key), (token, badge_key(tmp_path / "other"))):
        with pytest.raises(LibOpenBadgesException):
            OB3Verifier(_public(by)).verify(wrong)


def test_the_address_is_there_as_a_salted_hash_alone(token) -> None:
    said = read(token)
    assert "structure-b" not in str(said)
    name, address = said["credentialSubject"]["identifier"]
    assert name["identityHash"] == "Noa Fictif"
    assert address["identityHash"] == "sha256$" + hashlib.sha256(b"noa@structure-b.examplesel").hexdigest()


@pytest.mark.parametrize("what", [IMMERSION, HOSTING], ids=lambda each: each.slug)
def test_both_images_carry_the_token_where_others_look_for_it(token, what) -> None:
    svg = baked_svg(badge_svg(what, "RING & Fils", "#12595B", "#A8431F"), token)
    assert OB3Verifier.extract_token_from_svg(svg.encode()) == token
    png = baked_png(badge_png(what, "RING & Fils", "#12595B", "#A8431F"), token)
    assert OB3Verifier.extract_token_from_png(png) == token
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (600, 600) and image.mode == "RGBA"
    assert len(png) < 80_000


def test_a_long_name_of_network_stays_in_the_image() -> None:
    svg = badge_svg(HOSTING, "Réseau " * 60, "#12595B", "#A8431F")
    assert svg.count("<text") <= 6 and max(len(line) for line in svg.split(">") if "</text" in line) < 60


def test_the_list_of_the_revoked_is_the_one_others_compute_and_is_signed(key) -> None:
    document = status_list(ISSUER, [7, 42], NOW)
    theirs, ours = encode_bitstring([7, 42], PLACES), document["credentialSubject"]["encodedList"]
    assert _bits(ours) == _bits(theirs)
    assert jwt.decode(signed(ISSUER, document, key, NOW), _public(key), algorithms=["RS256"])["iss"] == ISSUER.id


def _bits(encoded_list: str) -> bytes:
    import gzip
    from base64 import urlsafe_b64decode
    assert encoded_list[0] == "u", "multibase of base64url"
    return gzip.decompress(urlsafe_b64decode(encoded_list[1:] + "=="))


def test_the_key_is_made_once_for_its_owner_alone_and_the_old_ones_stay_known(tmp_path) -> None:
    first = badge_key(tmp_path / "badge")
    path = tmp_path / "badge" / "key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert badge_key(tmp_path / "badge").thumbprint == first.thumbprint
    path.unlink()
    second = badge_key(tmp_path / "badge")
    assert set(second.known) == {first.thumbprint, second.thumbprint}
    path.write_text("rien")
    with pytest.raises(UnusableBadgeKey, match="ne peut pas être lue"):
        badge_key(tmp_path / "badge")


def test_what_is_recognised_judges_nobody() -> None:
    for what in (IMMERSION, HOSTING):
        said = achievement(ISSUER, what)
        assert "n’évalue personne" in said["criteria"]["narrative"].replace("\u00a0", " ")
        assert said["id"].startswith("https://ring.example/badges/")
