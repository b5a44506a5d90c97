"""What is said of each site before anything else is loaded: a file small enough to be read while nobody notices.

It can be lost without loss: it only repeats what history knows. Two programs that write at once leave one's version.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

from drtui.core.summary.last_known import LastKnown

FILE = "glance.json"
VERSION = 1
MOST = 50
"""Sites, and ways to start, that are remembered."""
LARGEST = 1 << 18
"""Bytes of the file that are read at most."""


def last_known_of_command(words: Sequence[str]) -> LastKnown | None:
    """What is known of the site that these words of the command line opened before, if no setting has changed since."""
    found = _load()
    with contextlib.suppress(KeyError, TypeError, ValueError):
        starts = found["starts"]
        for start in starts if isinstance(starts, list) else ():
            if isinstance(start, dict) and start.get("words") == list(words) and start.get("settings") == _settings():
                return _glance(found, start["url"])
    return None


def last_known_of_site(url: str) -> LastKnown | None:
    """What is known of a site."""
    with contextlib.suppress(KeyError, TypeError, ValueError):
        return _glance(_load(), url)
    return None


def save_last_known(url: str, glance: LastKnown, words: Sequence[str] | None) -> None:
    """Remember a site, and the words that opened it, if it was the interface that was opened.

    Raises:
        OSError: it cannot be written.
    """
    found = _load()
    sites, starts = found.get("sites"), found.get("starts")
    known = {each: told for each, told in sites.items() if each != url} if isinstance(sites, dict) else {}
    kept = dict(list(known.items())[1 - MOST :])
    opened = starts if isinstance(starts, list) else []
    # An address may have been pasted with a token in its query, or with a password.
    if words is not None and not any(sign in word for word in words for sign in "?@"):
        start = {"words": list(words), "settings": _settings(), "url": url}
        opened = [each for each in opened if isinstance(each, dict) and each.get("words") != start["words"]]
        opened = [*opened[1 - MOST :], start]
    _write(
        {
            "version": VERSION,
            "sites": {**kept, url: {name: getattr(glance, name) for name in LastKnown.__slots__}},
            "starts": opened,
        }
    )


def forget(url: str) -> None:
    """Forget a site.

    Raises:
        OSError: it cannot be written.
    """
    found = _load()
    sites = found.get("sites")
    if isinstance(sites, dict) and sites.pop(url, None) is not None:
        _write(found)


def _place(variable: str, usual: str, kind: str) -> str:
    """A folder of the system's.

    On Linux worked out here (XDG Base Directory Specification): platformdirs and pathlib together take longer to load
    than the rest of what is done until something is on the screen. A test holds that both say the same.
    """
    if sys.platform != "linux":
        from drtui.storage.paths import folder  # noqa: PLC0415 - see above

        return str(folder(kind))
    base = os.environ.get(variable, "")
    return os.path.join(base if base.strip() else os.path.expanduser(usual), "drtui")


def _path() -> str:
    return os.path.join(_place("XDG_STATE_HOME", "~/.local/state", "user_state_path"), FILE)


def _load() -> dict[str, object]:
    """The file, as far as it is one of ours."""
    try:
        with open(_path(), "rb") as file:
            written = file.read(LARGEST)
        import json  # noqa: PLC0415 - there may be nothing to read

        found = json.loads(written)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("version") == VERSION else {}


def _glance(found: dict[str, object], url: str) -> LastKnown:
    """What is held of a site.

    Raises:
        KeyError, TypeError, ValueError: nothing, or not what was written.
    """
    sites = found["sites"]
    if not isinstance(sites, dict):
        raise TypeError
    told = LastKnown(**sites[url])
    texts, numbers = (told.place, told.newest, told.otherwise, told.tone), (told.read, told.target, told.started)
    if not all(isinstance(each, str) for each in texts) or not all(type(each) is int for each in numbers):
        raise TypeError
    return told


def _settings() -> list[int]:
    """When the configuration was written and how long it is: what a name in it stands for may have changed."""
    named = os.environ.get("DRTUI_CONFIG")
    path = named or os.path.join(_place("XDG_CONFIG_HOME", "~/.config", "user_config_path"), "config.toml")
    try:
        about = os.stat(path)
    except OSError:
        return []
    return [about.st_mtime_ns, about.st_size]


def _write(found: dict[str, object]) -> None:
    """Replace the file as a whole, or not at all."""
    import json  # noqa: PLC0415 - not needed to paint
    from pathlib import Path  # noqa: PLC0415 - not needed to read

    from drtui.storage.file_io import write_atomic  # noqa: PLC0415 - likewise
    from drtui.storage.paths import private_folder  # noqa: PLC0415 - likewise

    path = Path(_path())
    private_folder(path.parent)
    write_atomic(path, json.dumps(found).encode())
