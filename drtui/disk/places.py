"""Where things live."""

import os
import stat
from pathlib import Path

import platformdirs

NAME = "drtui"


def config_file() -> Path:
    """The settings; `DRTUI_CONFIG` names another file."""
    named = os.environ.get("DRTUI_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir(NAME)) / "config.toml"


def state_folder() -> Path:
    """History and what the interface remembers."""
    return Path(platformdirs.user_state_dir(NAME))


def log_file() -> Path:
    """The log, if one is asked for without saying where."""
    return Path(platformdirs.user_log_dir(NAME)) / "drtui.log"


def private_folder(folder: Path) -> Path:
    """The folder, made if need be, which nobody else may enter.

    Raises:
        OSError: it cannot be made, or is not ours to close.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def all_places() -> dict[str, Path]:
    """Every place by its name."""
    return {"config": config_file(), "state": state_folder(), "log": log_file()}
