"""Key files of the instance folder: made once, whole, and readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def put_once(path: Path, content: bytes) -> None:
    """Put `content` in place whole, readable by its owner alone, unless somebody else did first."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        return
    finally:
        part.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
