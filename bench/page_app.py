"""The application as it is served, with one more view that says nothing: what a page costs beyond its server."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # before this folder, whose pdf.py is not our package

from app import create_app


def served():
    """The application and ``GET /bench-vide``: same hooks, same headers, no template and no query."""
    app = create_app()
    app.add_url_rule("/bench-vide", "bench_empty", lambda: "")
    return app
