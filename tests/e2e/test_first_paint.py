"""The first paint before the interface is loaded, and its removal."""

import json
import signal
import sys
from pathlib import Path

import pytest

from drtui.core.summary.last_known import LastKnown
from drtui.demo.scenarios import USER
from drtui.storage import last_known as disk
from tests import processes
from tests.e2e.terminal import opened, site
from tests.planted import password_file, secrets_in
from tests.suites import in_full

WORDS = ("gis", "--tz", "No/Where")

TEXTUAL = b"\x1b[?1000h"
"""The sequence with which Textual's driver enables the mouse when it starts."""


@pytest.mark.parametrize("size", in_full([(120, 40), (80, 24)], but=[(80, 24)]), ids=str)
def test_saved_answer_is_painted_before_the_interface_is_loaded(tmp_path: Path, size: tuple[int, int]) -> None:
    with site("calm") as (url, ca_file):
        options = (url, "--user", USER, "--password-file", str(password_file(tmp_path)), "--ca-file", ca_file)
        with opened(*options) as terminal:
            terminal.wait_for(f"Asking {url.removeprefix('https://')} ...")
            terminal.wait_for("SAFE")
            terminal.wait_until_painted()
            assert b"CANNOT TELL" not in terminal.written
            terminal.press("q")
            assert terminal.wait_for_end() == 0
        with opened(*options, width=size[0], height=size[1]) as terminal:
            terminal.wait_for("CANNOT TELL")
            terminal.wait_for("in all stores")
            terminal.press("q")
            assert terminal.wait_for_end() == 0
            assert terminal.modes() == terminal.modes_at_first
        first = terminal.written.partition(TEXTUAL)[0].decode()
        assert "CANNOT TELL" in first
        assert "s ago: newest usable " in first
        assert b"\x1b[?1049l" in terminal.written
        assert terminal.written.count(b"\x1b[?1049h") == 1, "entered again, the alternate screen is cleared"
        assert not secrets_in("", tmp_path)


def begun() -> None:
    """A saved answer for a start that fails."""
    disk.save_last_known(
        "https://gis.example.com/arcgis", LastKnown("gis", 1_000, 86_400_000, "nightly-1", 900), list(WORDS)
    )


def test_start_error_is_printed_on_a_restored_terminal() -> None:
    begun()
    with opened(*WORDS) as terminal:
        assert terminal.wait_for_end() == 2
        assert terminal.modes() == terminal.modes_at_first
    begin, end = terminal.written.index(b"\x1b[?1049h"), terminal.written.index(b"\x1b[?1049l")
    assert begin < terminal.written.index(b"nightly-1") < end < terminal.written.index(b"drtui: ")


HELD_UP = """
import sys, time
from drtui.splash import show_splash
with show_splash(["gis", "--tz", "No/Where"]):
    print("\\r\\npainted", flush=True)
    time.sleep(60)
"""


def test_terminal_is_clean_when_a_signal_arrives_before_the_interface() -> None:
    begun()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        with opened("-c", HELD_UP, program=sys.executable) as terminal:
            terminal.wait_for("painted")
            terminal.process.send_signal(number)
            assert terminal.wait_for_end() in {128 + number, -number, 1}
            assert b"\x1b[?1049l" in terminal.written
            assert terminal.modes() == terminal.modes_at_first


def test_first_paint_imports_no_further_modules() -> None:
    code = "import sys, json, drtui.splash; print(json.dumps(sorted(sys.modules)))"
    ran = processes.run([sys.executable, "-I", "-c", code], check=True)
    bare = processes.run(
        [sys.executable, "-I", "-c", "import sys, json; print(json.dumps(sorted(sys.modules)))"], check=True
    )
    added = set(json.loads(ran.stdout)) - set(json.loads(bare.stdout))
    slow = {"textual", "rich", "msgspec", "asyncio", "typing", "pathlib", "datetime", "platformdirs", "argparse"}
    assert not {module.partition(".")[0] for module in added} & slow
    assert len(added) < 30
