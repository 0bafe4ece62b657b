"""django-helpdesk takes in the same mails by its own command, from its local mailbox folder; prints how many a second.

A reply finds its ticket by the Message-ID it answers, as ours do by theirs. Same durability as ours: helpdesk_peer.py.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta

import helpdesk_peer
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from incoming_mails import REQUESTS, mails

FOLDER = helpdesk_peer.FOLDER
settings.MEDIA_ROOT = str(FOLDER / "media")


def main() -> None:
    """Tickets, the mails in the folder, then the command, timed."""
    from helpdesk.models import FollowUp, Queue, Ticket

    helpdesk_peer.make()
    box = FOLDER / "box"
    box.mkdir()
    queue = Queue.objects.get()
    queue.email_box_type, queue.allow_email_submission, queue.email_box_local_dir = "local", True, str(box)
    queue.email_box_interval, queue.email_box_last_check = 0, timezone.now() - timedelta(hours=1)
    queue.logging_type = "none"
    queue.save()
    threads = []
    for index in range(REQUESTS):
        sender, message_id = f"camille{index}@structure.example", f"<ticket-{index}@ring.example>"
        ticket = Ticket.objects.create(title="Une messagerie perdue", queue=queue, submitter_email=sender, description="…")
        FollowUp.objects.create(ticket=ticket, title="Ouvert", date=timezone.now(), public=True, message_id=message_id)
        threads.append({"sender": sender, "to": "reseau@ring.example", "message_id": message_id,
                        "subject": f"[entraide-{ticket.id}] Une messagerie perdue"})
    count, before = int(sys.argv[1]), FollowUp.objects.count()
    (box / "first").write_bytes(mails(threads, 1, first=900_000)[0])
    call_command("get_email", quiet=True)  # what the first message of a process pays once
    for index, raw in enumerate(mails(threads, count)):
        (box / f"{index:06}").write_bytes(raw)
    Queue.objects.update(email_box_last_check=timezone.now() - timedelta(hours=1))
    began, worked = time.perf_counter(), time.process_time()
    call_command("get_email", quiet=True)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    written, left = FollowUp.objects.count() - before, len(list(box.iterdir()))
    if written != count + 1 or left or Ticket.objects.count() != REQUESTS:
        raise RuntimeError(f"{written} follow-ups of {count + 1}, {left} mails left, {Ticket.objects.count()} tickets")
    print(json.dumps({"per_second": count / seconds, "worked": worked / count * 1000}))


if __name__ == "__main__":
    main()
