"""The last headline of each site, in a file small enough to be read before anything else is loaded.

The file may be lost: it repeats what history knows. If two programs write at once, one version remains.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

from drtui.core.summary.last_known import LastKnown

FILE = "glance.json"
VERSION = 1
MAX_ENTRIES = 50
"""Limit of remembered sites, and of remembered command lines."""
MAX_FILE_BYTES = 1 << 18
"""Limit for the file, bytes."""


def last_known_of_command(words: Sequence[str]) -> LastKnown | None:
    """Return the headline of the site that this command line opened before; None if a setting has changed since."""
    sites, starts = _load()
    known = [start for start in starts if start.get("words") == list(words)]
    return _headline(sites, known[0].get("url")) if known and known[0].get("settings") == _config_stamp() else None


def last_known_of_site(url: str) -> LastKnown | None:
    """Return the last headline of a site; None if there is none."""
    return _headline(_load()[0], url)


def save_last_known(url: str, last_known: LastKnown, words: Sequence[str] | None) -> None:
    """Save the headline of a site and, if the interface was opened, the words of the command line.

    Raises:
        OSError: the file cannot be written.
    """
    sites, starts = _load()
    sites.pop(url, None)
    sites[url] = {name: getattr(last_known, name) for name in LastKnown.__slots__}
    # A pasted address may contain a token in its query, or a password.
    if words is not None and not any(sign in word for word in words for sign in "?@"):
        starts = [start for start in starts if start.get("words") != list(words)]
        starts.append({"words": list(words), "settings": _config_stamp(), "url": url})
    _write(sites, starts)


def forget(url: str) -> None:
    """Forget a site.

    Raises:
        OSError: the file cannot be written.
    """
    sites, starts = _load()
    if sites.pop(url, None) is not None:
        _write(sites, starts)


def _system_folder(variable: str, usual: str, kind: str) -> str:
    """Return the path of a system folder for drtui.

    On Linux computed here (XDG Base Directory Specification): platformdirs and pathlib take longer to load than
    everything else until the first picture. A test checks that both yield the same path.
    """
    if sys.platform != "linux":
        from drtui.storage.paths import folder

        return str(folder(kind))
    base = os.environ.get(variable, "")
    return os.path.join(base if base.strip() else os.path.expanduser(usual), "drtui")


def _path() -> str:
    return os.path.join(_system_folder("XDG_STATE_HOME", "~/.local/state", "user_state_path"), FILE)


def _load() -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the saved headlines by URL, and the command lines; empty if missing, damaged or of another version."""
    with contextlib.suppress(OSError, LookupError, TypeError, ValueError, RecursionError):
        with open(_path(), "rb") as file:
            body = file.read(MAX_FILE_BYTES)
        import json

        content = json.loads(body)
        if content["version"] == VERSION:
            return dict(content["sites"]), [dict(start) for start in content["starts"]]
    return {}, []


def _headline(sites: dict[str, object], url: object) -> LastKnown | None:
    """Return the headline of a site; None if there is none, or it is damaged."""
    saved, types = sites.get(str(url)), LastKnown.__init__.__annotations__
    if isinstance(saved, dict) and all(type(value) is types.get(name) for name, value in saved.items()):
        with contextlib.suppress(TypeError):  # a value is missing
            return LastKnown(**saved)
    return None


def _config_stamp() -> list[int]:
    """Return time and size of the configuration file: if they change, a site's name may have a new meaning."""
    override = os.environ.get("DRTUI_CONFIG")
    path = override or os.path.join(_system_folder("XDG_CONFIG_HOME", "~/.config", "user_config_path"), "config.toml")
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]


def _write(sites: dict[str, object], starts: list[dict[str, object]]) -> None:
    """Replace the file atomically; only the last entries are kept."""
    import json
    from pathlib import Path

    from drtui.storage.file_io import write_atomic
    from drtui.storage.paths import private_folder

    path = Path(_path())
    private_folder(path.parent)
    kept = dict(list(sites.items())[-MAX_ENTRIES:])
    content = {"version": VERSION, "sites": kept, "starts": starts[-MAX_ENTRIES:]}
    write_atomic(path, json.dumps(content).encode())
