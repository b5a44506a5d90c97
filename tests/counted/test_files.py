"""What a look does to the disk, and what it leaves open."""

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
from tests.counted.counting import counted, open_besides_sockets

HEARD: list[list[str]] = []
"""Who listens to what is opened: a hook stays for as long as the program runs."""


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if HEARD and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        HEARD[-1] += ["file"] * str(arguments[0]).startswith(os.environ["XDG_STATE_HOME"])
    elif HEARD and event == "sqlite3.connect":
        HEARD[-1].append("history")


sys.addaudithook(_hear)


@contextmanager
def heard() -> Iterator[list[str]]:
    """What of ours is opened meanwhile to be written, in any thread: SQLite's own files count as one."""
    HEARD.append([])
    try:
        yield HEARD[-1]
    finally:
        HEARD.pop()


async def test_what_a_look_opens_and_that_nothing_stays_open() -> None:
    """The history is opened once to be written and once to be read, and what is said first the next time is written."""
    with serving(make_app("calm", now=NOW)) as where:
        target, access = Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=20)
        async with counted(target, access, now=None) as told:
            await told.press("r")
            before = open_besides_sockets()
            with heard() as opened:
                await told.press("r")
            assert Counter(opened) == {"history": 2, "file": 1}
            assert open_besides_sockets() == before
            with heard() as opened:
                await told.press("j", "k", "f", "/", "n", "escape", "w", "escape", "t", "escape")
            assert opened == []
