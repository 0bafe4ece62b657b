"""Alembic's way in: the connection is given by commands/database.py, the tables by the models."""

from __future__ import annotations

from alembic import context

import models  # noqa: F401
from models.base import db

context.configure(connection=context.config.attributes["connection"], target_metadata=db.metadata,
                  render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
