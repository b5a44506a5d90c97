"""One odd answer never ends the interface: at start, at refresh and while scrolling."""

import asyncio
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.summary.headline_sentences import capitalise
from drtui.core.wire import responses
from drtui.core.wire.lenient import Json
from drtui.demo.scenarios import TOKEN
from drtui.session import ConnectionOptions, Target
from tests.api.servers import answering_bytes, http
from tests.faults.gate import Gate
from tests.faults.matrix import Fault, page
from tests.faults.test_interface import GUARD, names_the_cause, never_empty, refresh, scroll, visible_state, window_text
from tests.ui.stories import UiPilot, reset_app, start_ui

SIZE = (180, 50)
ELSEWHERE = "refused to follow a redirect to another host"


def redirect(where: str) -> Fault:
    return Fault(f"redirect to {where[:20]}", ELSEWHERE, page("302 Found", f"Location: {where}\r\n"))


def charset(name: str) -> Fault:
    body = b"<title>Bad Gateway</title>"
    return Fault(
        f"charset {name}",
        "the site answered 500",
        answering_bytes(http(body, "500 X", kind=f"text/html; charset={name}")),
    )


ODD = (
    *map(redirect, ("javascript:alert(1)", "mailto:a@b", "data:text/html,x", "about:blank", "http://[::1", "")),
    *map(redirect, ("//evil.example.com/", f"/{'x' * 65_000}", "https://xn--/", "https://\xff\xfe/")),
    *map(charset, ("hex", "base64", "bz2", "zlib", "uu", "rot13", "quopri", "idna", "undefined", "utf-16")),
    Fault("more headers than fit", "no valid HTTP answer", page("200 OK", f"X-A: {'x' * 200_000}\r\n")),
    Fault(
        "an encoding that is none", "cannot decompress the answer", page("200 OK", "Content-Encoding: gzip, zip\r\n")
    ),
    Fault("no number as length", "no valid HTTP answer", page("200 OK", "Content-Length: -1\r\n")),
)


DEFAULT_CASES = tuple(fault for fault in ODD if fault.name in {"redirect to javascript:alert(1)", "charset hex"})
"""The number of cases in the default suite."""


async def reopen_site(ui: UiPilot, gate: Gate, access: ConnectionOptions, fault: Fault) -> None:
    """Open the site without saved data while it fails."""
    gate.switch(fault)
    await reset_app(ui, Target(Address.parse(gate.url)), access, SIZE)
    assert never_empty(ui)
    assert not ui.app.main_screen.site.catalog.points
    summary = capitalise(ui.app.main_screen.site.last_error.summary)  # type: ignore[union-attr]
    assert f"? CANNOT TELL {summary}" in window_text(ui)
    assert fault.cause_words in window_text(ui)
    assert await names_the_cause(ui, fault)


ERRORS = (KeyError("x"), RecursionError(), MemoryError(), ExceptionGroup("several", [ValueError()]), ArithmeticError())


@pytest.mark.parametrize("faults", [DEFAULT_CASES, pytest.param(ODD, marks=pytest.mark.full)], ids=["few", "all"])
async def test_interface_continues_when_answers_are_odd(
    gate: Gate, ca_file: Path, faults: tuple[Fault, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    access = ConnectionOptions(token=Secret(TOKEN), ca_file=ca_file, timeout=20, remember=False)
    target = Target(Address.parse(gate.url))
    async with asyncio.timeout(3 * GUARD), start_ui(target, access, size=SIZE) as lines:
        for fault in faults:
            await refresh(lines, gate, fault)
            await scroll(lines, gate, fault)
            await reopen_site(lines, gate, access, fault)
            gate.switch()
            await lines.press("r")
            assert lines.app.is_running
        rows = visible_state(lines)[0]
        for name, error in zip(("site", "stores", "status", "settings", "schedules"), ERRORS, strict=True):

            def fail(_: Json, error: Exception = error) -> object:
                raise error

            with monkeypatch.context() as patched:
                patched.setattr(responses, f"decode_{name}", fail)
                await lines.press("r")
            assert visible_state(lines)[0] == rows
            assert name in dict(lines.app.main_screen.site.site_state.failures)
        await lines.press("r")
        assert not lines.app.main_screen.site.site_state.failures
