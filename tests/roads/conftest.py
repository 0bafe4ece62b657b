from __future__ import annotations

import pytest
from roads.correspondents import Story


@pytest.fixture
def help_asked(app, client, post, clock) -> Story:
    """Noa has asked for help and confirmed; Alix coordinates."""
    return Story(app, client, post, clock).asked()
