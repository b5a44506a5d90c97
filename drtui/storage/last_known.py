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
    content = _load()
    with contextlib.suppress(KeyError, TypeError, ValueError):
        starts = content["starts"]
        for start in starts if isinstance(starts, list) else ():
            if (
                isinstance(start, dict)
                and start.get("words") == list(words)
                and start.get("settings") == _config_stamp()
            ):
                return _site_headline(content, start["url"])
    return None


def last_known_of_site(url: str) -> LastKnown | None:
    """Return the last headline of a site; None if there is none."""
    with contextlib.suppress(KeyError, TypeError, ValueError):
        return _site_headline(_load(), url)
    return None


def save_last_known(url: str, last_known: LastKnown, words: Sequence[str] | None) -> None:
    """Save the headline of a site and, if the interface was opened, the words of the command line.

    Raises:
        OSError: the file cannot be written.
    """
    content = _load()
    sites, starts = content.get("sites"), content.get("starts")
    old_sites = (
        {site_url: headline for site_url, headline in sites.items() if site_url != url}
        if isinstance(sites, dict)
        else {}
    )
    sites_to_keep = dict(list(old_sites.items())[1 - MAX_ENTRIES :])
    starts_to_keep = starts if isinstance(starts, list) else []
    # A pasted address may contain a token in its query, or a password.
    if words is not None and not any(sign in word for word in words for sign in "?@"):
        start = {"words": list(words), "settings": _config_stamp(), "url": url}
        starts_to_keep = [old for old in starts_to_keep if isinstance(old, dict) and old.get("words") != start["words"]]
        starts_to_keep = [*starts_to_keep[1 - MAX_ENTRIES :], start]
    _write(
        {
            "version": VERSION,
            "sites": {**sites_to_keep, url: {name: getattr(last_known, name) for name in LastKnown.__slots__}},
            "starts": starts_to_keep,
        }
    )


def forget(url: str) -> None:
    """Forget a site.

    Raises:
        OSError: the file cannot be written.
    """
    content = _load()
    sites = content.get("sites")
    if isinstance(sites, dict) and sites.pop(url, None) is not None:
        _write(content)


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


def _load() -> dict[str, object]:
    """Return the content of the file; empty if it is missing, damaged or of another version."""
    try:
        with open(_path(), "rb") as file:
            body = file.read(MAX_FILE_BYTES)
        import json

        content = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and content.get("version") == VERSION else {}


def _site_headline(content: dict[str, object], url: str) -> LastKnown:
    """Return the headline of a site.

    Raises:
        KeyError, TypeError, ValueError: there is none, or it is damaged.
    """
    sites = content["sites"]
    if not isinstance(sites, dict):
        raise TypeError
    headline = LastKnown(**sites[url])
    texts, numbers = (
        (headline.place, headline.newest, headline.otherwise, headline.tone),
        (headline.read, headline.target, headline.started),
    )
    if not all(isinstance(value, str) for value in texts) or not all(type(value) is int for value in numbers):
        raise TypeError
    return headline


def _config_stamp() -> list[int]:
    """Return time and size of the configuration file: if they change, a site's name may have a new meaning."""
    override = os.environ.get("DRTUI_CONFIG")
    path = override or os.path.join(_system_folder("XDG_CONFIG_HOME", "~/.config", "user_config_path"), "config.toml")
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]


def _write(content: dict[str, object]) -> None:
    """Replace the file atomically."""
    import json
    from pathlib import Path

    from drtui.storage.file_io import write_atomic
    from drtui.storage.paths import private_folder

    path = Path(_path())
    private_folder(path.parent)
    write_atomic(path, json.dumps(content).encode())
