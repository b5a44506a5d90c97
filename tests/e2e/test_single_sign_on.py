"""Single sign-on at a terminal: the address is a link, and the code is not shown."""

import asyncio
import re

from drtui.demo.app import make_app
from drtui.demo.server import serving
from drtui.session import now_ms
from tests.e2e.terminal import opened
from tests.people import code_from


def test_list_hides_the_code_and_links_the_address_when_it_asks_at_a_terminal() -> None:
    with (
        serving(make_app("calm", now=now_ms(), clock=now_ms)) as where,
        opened("list", where.url, "--sso", "--client-id", "drtui", "--limit", "1", width=600) as terminal,
    ):
        terminal.wait_for("Code (it is not shown):")
        terminal.settle()
        linked = re.search(rb"\x1b\]8;;(http\S+?)\x1b\\(http\S+?)\x1b\]8;;\x1b\\", terminal.written)
        assert linked
        assert linked[1] == linked[2]
        code = asyncio.run(code_from(linked[1].decode()))
        terminal.press(f"{code}\n")
        assert terminal.wait_for_end() == 0
        assert "usable" in terminal.text
    assert code.encode() not in terminal.written
