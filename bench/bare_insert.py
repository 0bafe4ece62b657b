"""The floor of a form POST: WSGI and sqlite3 alone write the rows that the application would, as durably.

It reads the body, takes the lock file of the write gate, and writes each row of a real request (bench/form_post.py
takes them from the application's own database) with new values where the columns are unique. No form, no template,
no letter, no ORM.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import secrets
import sqlite3

DATABASE = os.environ["BENCH_DATABASE"]
with open(os.environ["BENCH_ROWS"], "rb") as kept:
    #: table -> the row of a real request, by column; made by bench/form_post.py.
    ROWS: dict[str, dict[str, object]] = pickle.load(kept)

_connection: sqlite3.Connection | None = None


def _connected() -> sqlite3.Connection:
    global _connection
    if _connection is None:
        _connection = sqlite3.connect(DATABASE, isolation_level=None, cached_statements=64)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            _connection.execute(f"PRAGMA {pragma}")
    return _connection


def _insert(cursor: sqlite3.Cursor, table: str, **changed: object) -> int:
    row = {name: value for name, value in ROWS[table].items() if name != "id"} | changed
    cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                   tuple(row.values()))
    return cursor.lastrowid or 0


def application(environ, start_response):
    """Write the rows of one request in one transaction, then 303."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if environ["REQUEST_METHOD"] == "GET":
        start_response("204 No Content", [])
        return [b""]
    connection = _connected()
    gate = os.open(f"{DATABASE}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO throttle (key, window_start, count) VALUES (?, ?, 1) "
                       "ON CONFLICT (key) DO UPDATE SET count = count + 1", ("a" * 64, ROWS["throttle"]["window_start"]))
        _insert(cursor, "throttle", key=secrets.token_hex(32))
        number, = cursor.execute("INSERT INTO reference_counter (kind, year, last) VALUES ('entraide', ?, 1) "
                                 "ON CONFLICT (kind, year) DO UPDATE SET last = last + 1 RETURNING last",
                                 (ROWS["dossier"]["year"],)).fetchone()
        dossier = _insert(cursor, "dossier", number=number, reference=f"AIDE-{ROWS['dossier']['year']}-{number:04d}",
                          submission_key=secrets.token_urlsafe(18))
        participant = _insert(cursor, "participant", dossier_id=dossier)
        _insert(cursor, "journal_entry", dossier_id=dossier, participant_id=participant)
        _insert(cursor, "access_link", participant_id=participant, token_hash=secrets.token_hex(32))
        letter = _insert(cursor, "outbox_message", dossier_id=dossier, participant_id=participant,
                         message_id=f"<{secrets.token_hex(20)}@127.0.0.1>")
        _insert(cursor, "outbox_body", outbox_message_id=letter)
        connection.execute("COMMIT")
    finally:
        os.close(gate)
    start_response("303 See Other", [("Location", "/demande-recue/x"), ("Content-Length", "0")])
    return [b""]
