"""Strangers' mail is read in a child: whatever it does there, those who wait go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from house.tree import ROOT
from servers.daemon import descendants, until

from inbox import apart as module
from inbox.apart import NotRead, apart
from inbox.parse import parse

RAW = b"From: a@b.example\r\nSubject: Bonjour\r\n\r\nMots\r\n"


def test_what_the_child_gives_is_what_the_function_gives():
    for path in sorted((ROOT / "tests" / "inbox" / "cases").glob("*.eml")):
        assert apart(parse, path.read_bytes()) == parse(path.read_bytes()), path.name


def test_what_takes_too_long_is_ended_and_the_next_one_is_read(poison):
    with pytest.raises(NotRead, match="too long"):
        apart(poison.work, "hang")
    assert apart(parse, RAW).subject == "Bonjour"


def test_one_that_hangs_keeps_no_other_waiting(poison, monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 600.0)

    def hang() -> None:
        with pytest.raises(NotRead):
            apart(poison.work, "hang")
    thread = threading.Thread(target=hang)
    thread.start()
    try:
        until(_busy, "the child that hangs")
        for _ in range(20):
            assert apart(parse, RAW).subject == "Bonjour"
        assert thread.is_alive(), "read while the other one hangs"
    finally:
        for pid in _busy():
            os.kill(pid, signal.SIGKILL)
        thread.join(120)
    assert not thread.is_alive()


def _busy() -> list[int]:
    idle = {reader.process.pid for reader in module._idle.get(os.getpid(), [])}
    return [pid for pid in descendants(os.getpid())
            if pid not in idle and b"inbox.apart" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_fault_tells_its_name_and_no_content(poison):
    with pytest.raises(NotRead) as failure:
        apart(poison.read, b"POISON FAULT", "ring.example")
    assert str(failure.value) == "ValueError"


def test_one_that_wants_all_the_memory_gets_none_of_ours(poison):
    with pytest.raises(NotRead, match="MemoryError"):
        apart(poison.work, "memory")


def test_a_child_that_died_while_idle_is_replaced(poison):
    pid = apart(poison.work, "pid")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2], "its end")
    assert apart(parse, RAW).subject == "Bonjour"


def test_the_child_knows_no_secret(monkeypatch, poison):
    monkeypatch.setenv("RING_SECRET_KEY", "x" * 40)
    for reader in module._idle.pop(os.getpid(), []):
        reader.end()
    assert not [name for name in apart(poison.work, "environment") if name.startswith("RING_")]


def test_it_is_kept_for_the_next_message(poison):
    assert apart(poison.work, "pid") == apart(poison.work, "pid") != os.getpid()


HANGING = """
import threading, time, sys
sys.path.insert(0, ".")
import importlib
from inbox import apart
apart.LIMIT = 1.0
work = importlib.import_module("tests.inbox.carriers.poison").work
print(apart.apart(work, "pid"), flush=True)
threading.Thread(target=apart.apart, args=(work, "hang"), daemon=True).start()
time.sleep(60)
"""


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_hangs_does_not_outlive_its_parent_for_long(signum):
    parent = subprocess.Popen([sys.executable, "-c", HANGING], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        parent.send_signal(signum)
        parent.wait(120)
    until(lambda: not Path(f"/proc/{child}").exists(), "the child's end")


def test_a_process_forked_afterwards_has_children_of_its_own(poison):
    mine = apart(poison.work, "pid")
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.write(writing, str(apart(poison.work, "pid")).encode())
            module._end_all()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading) as said:
        assert int(said.read()) != mine
    assert apart(poison.work, "pid") == mine
