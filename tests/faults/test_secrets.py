"""No fault reveals a secret: on screen, in output, logs, history, exports or arguments of processes."""

import operator
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.scenarios import PASSWORD, USER
from drtui.session import ConnectionOptions, Target
from tests.cli.running import run
from tests.faults.gate import Gate
from tests.faults.matrix import DEFAULT_FAULTS, FAULTS, Fault
from tests.planted import configure, secrets_in, witness_record
from tests.suites import in_full
from tests.ui.stories import start_ui

by_name = operator.attrgetter("name")


LEAKY = [fault for fault in DEFAULT_FAULTS if fault.name in {"HTML", "403 by the site", "expired certificate"}]
"""Faults of the default suite that an error describes in the words of the site, or of the certificate."""


@pytest.mark.parametrize("fault", in_full(FAULTS, but=LEAKY), ids=by_name)
def test_commands_reveal_no_secret_when_the_site_fails(
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
    assert witness_record(tmp_path)
    assert not secrets_in("".join(result.out + result.err for result in (before, ran, exported)), tmp_path)


async def interface_text(gate: Gate, ca_file: Path, *faults: Fault) -> str:
    """Return all text of the interface while one fault follows another."""
    timeout = 2 if any(fault.stalls for fault in faults) else 20
    access = ConnectionOptions(user=USER, password=Secret(PASSWORD), ca_file=ca_file, timeout=timeout)
    async with start_ui(Target(Address.parse(gate.url)), access) as lines:
        texts = lines.text
        for fault in faults:
            gate.switch(fault)
            await lines.press("r")
            assert "CANNOT TELL" in lines.text
            for key in ("y", "E", "at", "o"):
                await lines.press(key)
                texts += lines.text
                await lines.press("escape")
            texts += lines.text
            gate.switch()
            await lines.press("r")
    return texts


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=by_name)
async def test_interface_shows_no_secret_when_the_site_fails(
    gate: Gate, ca_file: Path, fault: Fault, tmp_path: Path
) -> None:
    assert not secrets_in(await interface_text(gate, ca_file, fault), tmp_path)


async def test_interface_shows_no_secret_when_one_fault_follows_another(
    gate: Gate, ca_file: Path, tmp_path: Path
) -> None:
    assert not secrets_in(await interface_text(gate, ca_file, *LEAKY), tmp_path)
