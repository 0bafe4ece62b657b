"""Personal links: nobody can guess one, and the database alone opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from setting import TODAY

from models.access_link import LIFETIMES, Purpose, hash_token, new_link


def test_a_token_has_256_bits_and_only_its_hash_is_kept():
    token, row = new_link(Purpose.DOSSIER, "noa@structure-b.example", TODAY)
    assert len(token) == 43
    assert row.token_hash == hash_token(token) != token
    assert token not in repr(vars(row))
    assert len({new_link(Purpose.DOSSIER, "", TODAY)[0] for _ in range(200)}) == 200


@pytest.mark.parametrize("purpose", Purpose)
def test_each_kind_of_link_lives_its_time_to_the_second(purpose):
    _, row = new_link(purpose, "noa@structure-b.example", TODAY)
    end = TODAY + LIFETIMES[purpose]
    assert row.alive(TODAY) and row.alive(end - timedelta(seconds=1))
    assert not row.alive(end) and not row.alive(end + timedelta(days=9))


def test_a_revoked_link_is_dead_at_once():
    _, row = new_link(Purpose.DOSSIER, "noa@structure-b.example", TODAY)
    row.revoked_at = TODAY
    assert not row.alive(TODAY)


@pytest.mark.parametrize("token", ["", "é", "a" * 10_000, "\udcff", "'; drop table access_link; --"])
def test_any_text_can_be_looked_up_as_a_token(token):
    assert len(hash_token(token)) == 64
