"""The files that containers are made from, as they are read by tests."""

from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
COMPOSE = PROJECT / "docker-compose.yml"


def composed() -> dict[str, Any]:
    """docker-compose.yml, with what its services share put in."""
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    """Its services by name."""
    found: dict[str, dict[str, Any]] = composed()["services"]
    return found
