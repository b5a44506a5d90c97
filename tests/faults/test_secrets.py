"""Every fault, and no secret comes out: not on screen, in output, log, history or exports, nor to any process."""

from pathlib import Path

import pytest

from drtui.demo.scenarios import PASSWORD, USER
from drtui.model.address import Address
from drtui.model.secret import Secret
from drtui.session import Access, Target
from tests.cli.running import run
from tests.faults.gate import Gate
from tests.faults.matrix import FAULTS, Fault
from tests.planted import configure, found_in, witnessed
from tests.ui.stories import looking_at

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@every_fault
def test_the_commands_tell_none(
    gate: Gate,
    ca_file: Path,
    fault: Fault,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DRTUI_TOKEN")
    configure(tmp_path, "prod", gate.url, ca_file)
    log = ("--log-file", str(tmp_path / "log"), "--log-level", "debug")
    before = run(capsys, "list", "prod", *log)
    gate.switch(fault)
    ran = run(capsys, "list", "prod", "--timeout", "1" if fault.stalls else "20", *log)
    exported = run(capsys, "history", "export", "prod", "--output", str(tmp_path / "exported"), *log)
    assert (before.code, exported.code) == (0, 0)
    assert ran.code == fault.code
    assert witnessed(tmp_path)
    assert not found_in("".join(each.out + each.err for each in (before, ran, exported)), tmp_path)


@every_fault
async def test_the_interface_shows_none(gate: Gate, ca_file: Path, fault: Fault, tmp_path: Path) -> None:
    access = Access(user=USER, password=Secret(PASSWORD), ca_file=ca_file, timeout=2 if fault.stalls else 20)
    async with looking_at(Target(Address.parse(gate.url)), access) as told:
        said = told.text
        gate.switch(fault)
        await told.press("r")
        for key in ("y", "E", "at", "o"):
            await told.press(key)
            said += told.text
            await told.press("escape")
        said += told.text
    assert "Could not be read" in said
    assert not found_in(said, tmp_path)
