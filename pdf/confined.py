"""Examine a file that anybody may have sent: in a process of its own, bounded in time and memory, that opens nothing.

What reads PDF and images is large and old, some of it in C++. A file made to be slow, huge or worse ends that process,
never the one that serves pages. What comes back is JSON and images: nothing in it is run.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 2 * 1024**3
#: Name of a task, and the module whose function of that name does it.
TASKS = {
    "describe": "pdf.examined", "read": "pdf.reading", "compare": "pdf.comparison", "pictures": "pdf.pictures",
}
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "urllib.", "ftplib.", "smtplib.")
_START = "import sys; sys.path.insert(0, sys.argv[1]); from pdf.confined import _child; _child()"


class NotExamined(Exception):
    """The file could not be examined: too slow, too large, or made to break what reads it."""


def examine(
    task: str, files: Sequence[bytes], seconds: float = 20.0, **options: Any,
) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the task says of `files`: a plain answer, and the images it made. Raises NotExamined.

    `options` are plain values. The process may use `seconds` of processor and of time, and MEMORY bytes.
    """
    asked = _packed({"task": task, "seconds": seconds, "options": options}, files)
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and words; the file goes in by its standard input
            [sys.executable, "-I", "-c", _START, str(ROOT)], input=asked, capture_output=True, timeout=seconds + 3,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}, cwd="/", check=False)
    except subprocess.TimeoutExpired as error:
        raise NotExamined("time") from error
    if done.returncode:
        raise NotExamined(f"status {done.returncode}")
    try:
        return _unpacked(done.stdout)
    except (ValueError, struct.error) as error:
        raise NotExamined("answer") from error


def _packed(said: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
    head = json.dumps({**said, "sizes": [len(blob) for blob in blobs]}).encode()
    return struct.pack(">Q", len(head)) + head + b"".join(blobs)


def _unpacked(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    (length,) = struct.unpack(">Q", content[:8])
    said = json.loads(content[8:8 + length])
    place, blobs = 8 + length, []
    for size in said.pop("sizes"):
        blobs.append(content[place:place + size])
        place += size
    if place != len(content):
        raise ValueError("length")
    return said, blobs


def _child() -> None:
    """The other side: take the limits first, then read what is asked."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, files = _unpacked(sys.stdin.buffer.read())
    limit = int(asked["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    work = getattr(importlib.import_module(TASKS[asked["task"]]), asked["task"])
    sys.addaudithook(_refuse)
    said, images = work(files, **asked["options"])
    answers.write(_packed(said, images))
    answers.flush()
    os._exit(0)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(event)
