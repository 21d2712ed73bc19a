"""The application in one of several processes, which are told what to serve by the environment."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from embedkit.service.settings import Limits, Listening, ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

SETTINGS = "EMBEDKIT_SERVICE"


def settings_as_json(settings: ServiceSettings, folder: Path) -> str:
    """Settings, the folder that workers share, and this process, their parent, for `application`."""
    return json.dumps({**asdict(settings), "folder": folder, "parent": os.getpid()}, default=str)


def application() -> FastAPI:
    """The application of a worker; a factory of uvicorn."""
    told = json.loads(os.environ[SETTINGS])
    folder = Path(told["folder"])
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # before prometheus_client is imported
    from embedkit.service.application import create_application

    settings = ServiceSettings(
        listening=Listening(**told["listening"]),
        limits=Limits(**told["limits"]),
        vectors=told["vectors"],
        models=told["models"],
        keys=Path(told["keys"]) if told["keys"] else None,
        cors_origins=tuple(told["cors_origins"]),
    )
    return create_application(settings, folder=folder, parent=told["parent"])
