"""Paths of drtui's files and folders."""

import os
import stat
from pathlib import Path

NAME = "drtui"

JOURNAL = "journal.jsonl"
"""Name of the journal of changes in its folder."""


def folder(kind: str) -> Path:
    """Return the system's folder for files of a kind, named like the function of platformdirs."""
    import platformdirs

    path: Path = getattr(platformdirs, kind)(NAME)
    return path


def config_file() -> Path:
    """Return the path of the configuration; `DRTUI_CONFIG` overrides it."""
    override = os.environ.get("DRTUI_CONFIG")
    return Path(override) if override else folder("user_config_path") / "config.toml"


def state_folder() -> Path:
    """Return the folder of history and view settings."""
    return folder("user_state_path")


def exports_folder() -> Path:
    """Return the default folder of exported files."""
    return state_folder() / "exports"


def log_file() -> Path:
    """Return the default path of the log."""
    return folder("user_log_path") / "drtui.log"


def journal_file() -> Path:
    """Return the path of the journal of changes."""
    return state_folder() / JOURNAL


def private_folder(folder: Path) -> Path:
    """Create `folder` if needed, restrict it to its owner, and return it.

    Raises:
        OSError: it cannot be created or restricted.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def all_paths() -> dict[str, Path]:
    """Return every path by its name."""
    return {
        "config": config_file(),
        "state": state_folder(),
        "exports": exports_folder(),
        "journal": journal_file(),
        "log": log_file(),
    }
