"""One call of each letter function, and one more for each way its words may go: what the golden files are made from."""

from __future__ import annotations

from collections.abc import Callable

from house.letters.after import SAMPLES_AFTER
from house.letters.arriving import ARRIVING
from house.letters.exchanging import EXCHANGING
from house.letters.immersion import IMMERSION
from house.letters.members import MEMBERS
from house.letters.mentoring import MENTORING
from house.letters.peers import PEERS
from house.letters.signing import SIGNING

from mail.letter import Letter

#: golden file -> the letter.
SAMPLES: dict[str, Callable[[], Letter]] = (
    ARRIVING | EXCHANGING | IMMERSION | SIGNING | MEMBERS | SAMPLES_AFTER | PEERS | MENTORING)
