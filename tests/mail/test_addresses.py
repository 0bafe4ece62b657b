"""Reply addresses: they come back as they left, and nobody can make one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.addresses import ReplyAddress, read_address, read_queue_address, write_address, write_queue_address

SECRET = "a-secret-for-tests-only-0123456789abcdef"
IDS = st.integers(0, 2**32 - 1)


@given(IDS, IDS, st.booleans())
def test_an_address_says_what_it_was_made_for(participant, to, bounce):
    address = ReplyAddress(participant, to, bounce)
    text = write_address(address, SECRET, "ring.example")
    assert read_address(text, SECRET) == address
    local = text.partition("@")[0]
    assert len(local) <= 64 and local.count("+") == 1 and local == local.lower()
    assert read_address(text.upper(), SECRET) == address, "some servers change the case"
    assert read_address(f" <{text}> ", SECRET) == address
    assert read_address(text.replace("+", "="), SECRET) == address, "some servers write another sign"


@given(st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_letter_and_it_is_not_ours(place, letter):
    text = write_address(ReplyAddress(7, 9), SECRET, "ring.example")
    start = text.index("+") + 1
    forged = text[:start + place] + letter + text[start + place + 1:]
    found = read_address(forged, SECRET)
    # The last letter holds two bits that carry nothing: another letter there may still say the same.
    assert found is None or found == ReplyAddress(7, 9)
    if place < 25 and forged != text:
        assert found is None


def test_another_secret_makes_another_address():
    text = write_address(ReplyAddress(7), SECRET, "ring.example")
    assert read_address(text, SECRET + "x") is None


@pytest.mark.parametrize("text", [
    "", "contact@ring.example", "reponse@ring.example", "reponse+@ring.example", "reponse+abc@ring.example", "@", "+@",
    f"reponse+{'a' * 26}@ring.example", f"reponse+{'a' * 27}@ring.example", f"reponse+{'1' * 26}@ring.example",
    f"autre+{'a' * 26}@ring.example", f"reponse+{'a' * 26}@", "é" * 40, "\x00", "reponse+" + "a" * 100_000 + "@x",
])
def test_what_is_not_one_of_ours_is_nothing(text):
    assert read_address(text, SECRET) is None


@given(IDS)
def test_an_address_of_the_queue_names_one_mail_and_nobody_s_conversation(inbound):
    text = write_queue_address(inbound, SECRET, "ring.example")
    assert read_queue_address(text.upper(), SECRET) == inbound
    assert read_address(text, SECRET) is None
    assert read_address(text.replace("courrier", "reponse"), SECRET) is None, "one family's signature is worth nothing in another"
    assert read_queue_address(write_address(ReplyAddress(inbound), SECRET, "ring.example").replace("reponse", "courrier"),
                              SECRET) is None
