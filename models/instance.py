"""The running instance: its settings and its network, for whoever works inside the application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, has_app_context

from .network import Network

if TYPE_CHECKING:
    from config import Settings


@dataclass(frozen=True)
class Instance:
    settings: Settings
    network: Network


def instance() -> Instance:
    """The instance of the current application."""
    return current_app.extensions["ring"]


def instance_folder() -> Path | None:
    """The folder of the current application's instance; None outside of an application."""
    return instance().settings.INSTANCE if has_app_context() else None
