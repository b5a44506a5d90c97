"""Resolution of TARGET, and the errors for unknown targets."""

from pathlib import Path

import pytest

from drtui.storage.paths import config_file
from tests.cli.running import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def named() -> None:
    """Two sites in the configuration, neither of which answers."""
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f'[site.{name}]\naddress = "https://{name}.invalid/arcgis"\n' for name in ("prod", "dr")))


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("arguments", "expected_text"),
    [
        (("list", "prdo"), "Unknown command, file or site 'prdo'. Did you mean prod? For a host, write https://prdo."),
        (("list", "Prod"), "Did you mean prod? For a host, write https://Prod."),
        (("check", "prd"), "Did you mean prod?"),
        (("lst", "--plain"), "Did you mean list? For a host, write https://lst."),
        (("chek", "--plain"), "Did you mean check?"),
        (("list", "elsewhere"), "Unknown command, file or site 'elsewhere'. For a host, write https://elsewhere."),
    ],
)
def test_target_is_rejected_when_a_bare_word_is_mistyped(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], expected_text: str
) -> None:
    monkeypatch.setenv("DRTUI_PASSWORD", "secret")
    ran = run(capsys, *arguments, "--user", "somebody", "--timeout", "1")
    assert expected_text in ran.err + ran.out
    assert ran.code == (3 if arguments[0] == "check" else 2)


@pytest.mark.usefixtures("named")
def test_target_is_a_host_when_its_scheme_is_given(capsys: Capture) -> None:
    ran = run(capsys, "list", "https://prdo", "--offline")
    assert ran.code == 3
    assert "Did you mean" not in ran.err


def test_target_is_rejected_when_it_is_a_folder(capsys: Capture, tmp_path: Path) -> None:
    ran = run(capsys, "list", str(tmp_path))
    assert (ran.code, "is a folder" in ran.err) == (2, True)


def test_target_is_a_file_when_it_begins_like_a_path(capsys: Capture, tmp_path: Path) -> None:
    ran = run(capsys, "list", f"{tmp_path}/saved")
    assert (ran.code, "No such file" in ran.err) == (3, True)


def test_target_is_rejected_when_demo_is_given_too(capsys: Capture) -> None:
    ran = run(capsys, "list", "gis.example.com", "--demo")
    assert (ran.code, ran.out) == (2, "")
    assert "Leave out 'gis.example.com' or --demo." in ran.err


@pytest.mark.parametrize(
    ("arguments", "expected_text"),
    [
        (("list", "--demo=clam"), "Unknown value 'clam' of --demo. Did you mean calm?"),
        (("demo",), "Missing list|serve. See drtui demo --help."),
        (("history",), "Missing list|export|import|forget"),
        (("show", "--demo"), "See drtui show --help"),
        (("show", "2026-09-20", "--demo", "--now", "2026-09-21T14:13:20Z"), "Did you mean nightly-2026-09-20"),
    ],
)
def test_commands_suggest_a_correction_when_a_word_is_mistyped(
    capsys: Capture, arguments: tuple[str, ...], expected_text: str
) -> None:
    ran = run(capsys, *arguments)
    assert ran.code == (1 if "nightly" in expected_text else 2)
    assert expected_text in ran.err
