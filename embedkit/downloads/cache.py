"""The folder that keeps what was downloaded."""

from __future__ import annotations

import os
from pathlib import Path

from embedkit.errors import DependencyError

CACHE_VARIABLE = "EMBEDKIT_CACHE"


def cache_folder() -> Path:
    """The folder that keeps what was downloaded: $EMBEDKIT_CACHE, or the platform's place for caches.

    Raises:
        DependencyError: no folder is named, and the library that knows the platform's is not installed.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen)
    try:
        from platformdirs import user_cache_dir
    except ImportError:
        raise DependencyError(
            f"the place for downloads is found by platformdirs: pip install 'embedkit[download]', or name a "
            f"folder in ${CACHE_VARIABLE}"
        ) from None
    return Path(user_cache_dir("embedkit"))
