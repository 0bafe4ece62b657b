"""What a letter costs a form that waits for it: composing it, writing its bytes; and how heavy each one is."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

from load import ROOT, machine

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def processor_time(act: Callable[[], object], times: int = 3000, rounds: int = 9) -> tuple[float, float]:
    """Least and median microseconds of processor one call takes."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(times):
            act()
        found.append((time.process_time() - began) / times * 1e6)
    return min(found), sorted(found)[rounds // 2]


def main() -> None:
    from house.letters.invented import NETWORK, URL, dossier
    from house.letters.samples import SAMPLES

    from app import create_app
    from mail import outbox
    from mail.letters import accueil
    from models.states import Kind

    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"RING_INSTANCE": folder, "RING_MAIL_DOMAIN": "ring.example"}, testing=True)
        with app.app_context():
            of, now = dossier(Kind.ENTRAIDE, "unconfirmed"), datetime(2027, 1, 11, 8, tzinfo=UTC)
            letter = accueil.address_to_confirm(NETWORK, of, of.author, URL)
            print(machine())
            for name, act in (("composed", lambda: accueil.address_to_confirm(NETWORK, of, of.author, URL)),
                              ("written as bytes", lambda: outbox.rendered(letter, of.author.email, of.author.name, now))):
                least, median = processor_time(act)
                print(f"{name}: {median:.0f} µs (least {least:.0f})")
            sizes = sorted((len(make().html.encode()), name) for name, make in SAMPLES.items())
            print(f"HTML: {sizes[0][0]} to {sizes[-1][0]} bytes ({sizes[-1][1]}); Gmail cuts at 102,000")


if __name__ == "__main__":
    main()
