"""Files that a refresh opens, and that none stays open."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from tests.conftest import NOW
from tests.counted.counting import list_open_files, run_counted

LISTENERS: list[list[str]] = []
"""Lists of opened files, the innermost last. An audit hook cannot be removed, so it writes to this list."""


def _record(event: str, arguments: tuple[Any, ...]) -> None:
    if LISTENERS and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        LISTENERS[-1] += ["file"] * str(arguments[0]).startswith(os.environ["XDG_STATE_HOME"])
    elif LISTENERS and event == "sqlite3.connect":
        LISTENERS[-1].append("history")


sys.addaudithook(_record)


@contextmanager
def record_opened_files() -> Iterator[list[str]]:
    """Record drtui's files opened for writing, in any thread. SQLite's own files count as one."""
    LISTENERS.append([])
    try:
        yield LISTENERS[-1]
    finally:
        LISTENERS.pop()


async def test_refresh_opens_history_and_one_file_and_leaves_nothing_open() -> None:
    """The history is opened once to write and once to read; the file stores the last known state of the site."""
    with serving(make_app("calm", now=NOW)) as server:
        target, access = Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=20)
        async with run_counted(target, access, now=None) as ui:
            await ui.press("r")
            before = list_open_files()
            with record_opened_files() as opened:
                await ui.press("r")
            assert Counter(opened) == {"history": 2, "file": 1}
            assert list_open_files() == before
            with record_opened_files() as opened:
                await ui.press("j", "k", "f", "/", "n", "escape", "w", "escape", "t", "escape")
            assert opened == []
