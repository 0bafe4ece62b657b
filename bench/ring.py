"""The application as ``scripts/run`` serves it, for gunicorn's command line."""

from __future__ import annotations

from app import create_app
from commands.serve import settle

application = create_app()
settle()
