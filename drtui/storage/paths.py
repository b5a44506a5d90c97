"""Where things live."""

import os
import stat
from pathlib import Path

NAME = "drtui"


def folder(kind: str) -> Path:
    """The system's place for files of a kind, as platformdirs calls it."""
    import platformdirs  # noqa: PLC0415 - `--version` has no use for it

    path: Path = getattr(platformdirs, kind)(NAME)
    return path


def config_file() -> Path:
    """The settings; `DRTUI_CONFIG` names another file."""
    named = os.environ.get("DRTUI_CONFIG")
    return Path(named) if named else folder("user_config_path") / "config.toml"


def state_folder() -> Path:
    """History and what the interface remembers."""
    return folder("user_state_path")


def exports_folder() -> Path:
    """What a person takes along, if no other place is named."""
    return state_folder() / "exports"


def log_file() -> Path:
    """The log, if one is asked for without saying where."""
    return folder("user_log_path") / "drtui.log"


def private_folder(folder: Path) -> Path:
    """The folder, made if need be, which nobody else may enter.

    Raises:
        OSError: it cannot be made, or is not ours to close.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def all_paths() -> dict[str, Path]:
    """Every place by its name."""
    return {"config": config_file(), "state": state_folder(), "exports": exports_folder(), "log": log_file()}
