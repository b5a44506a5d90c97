"""Options cannot be abbreviated, and the value of an unknown option is never printed."""

import argparse
import io
import os
from collections.abc import Iterator

import pytest

from drtui.cli.parser import interface_parser, parser
from drtui.core.model.auth import AUTH_HEADERS
from tests.cli.running import run
from tests.conftest import NOW

PLANTED = "S3cr3tS3cr3t"
Capture = pytest.CaptureFixture[str]

STARTS = ((), ("list",), ("check",), ("sites",), ("history", "export"), ("demo", "serve"), ("keys",))


@pytest.mark.parametrize("start", STARTS, ids=" ".join)
@pytest.mark.parametrize(
    "words",
    [
        ("--token", PLANTED),
        ("--password", PLANTED),
        ("--passcode", PLANTED),
        (f"--token={PLANTED}",),
        (f"--tokenfile={PLANTED}",),
        (f"--token{PLANTED}",),
        (f"--token:{PLANTED}",),
        ("--pass", PLANTED, "x"),
        ("x", "--api-key", PLANTED),
        (f"-{PLANTED}",),
        ("x", "--password", f"-{PLANTED}"),
    ],
    ids=" ".join,
)
def test_unknown_option_is_refused_without_its_value_when_it_has_one(
    capsys: Capture, start: tuple[str, ...], words: tuple[str, ...]
) -> None:
    ran = run(capsys, *start, *words)
    assert ran.code == (3 if start == ("check",) else 2)
    assert PLANTED not in ran.out + ran.err
    assert len((ran.out + ran.err).splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (
            ("list", "--token", PLANTED),
            "Unknown option --token: no option takes a secret as its value. Give --token-file ",
        ),
        (("list", "--password", PLANTED), "Unknown option --password: no option takes a secret as its value"),
        (("list", f"--tokenfile={PLANTED}"), "Unknown option --tokenfile. Did you mean --token-file?"),
        (("list", "--limt", "3"), "Unknown option --limt. Did you mean --limit?"),
        (("sites", "--token", PLANTED), "Unknown option --token: no option takes a secret as its value. See "),
        (("--tokn-file", PLANTED), "Unknown option --tokn-file. Did you mean --token-file?"),
        (("list", f"--insecure={PLANTED}"), "Argument --insecure: it takes no value"),
        (("list", "x", "--", "--token", PLANTED), "Too many arguments"),
    ],
)
def test_unknown_option_is_named_with_advice_when_it_resembles_one(
    capsys: Capture, words: tuple[str, ...], advice: str
) -> None:
    ran = run(capsys, *words)
    assert ran.err.startswith(f"drtui: {advice}")
    assert PLANTED not in ran.err


def test_help_is_shown_when_options_stand_before_it(capsys: Capture) -> None:
    for words in (("--demo", "--help"), ("--token", PLANTED, "--help")):
        ran = run(capsys, *words)
        assert (ran.code, ran.err) == (0, "")
        assert PLANTED not in ran.out


def every_parser(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield of
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action.choices.values():
                yield from every_parser(choice)


def test_parsers_reject_abbreviated_options() -> None:
    for command_parser in (*every_parser(parser()), *every_parser(interface_parser())):
        assert not command_parser.allow_abbrev, command_parser.prog


def test_auth_header_accepts_every_header_when_it_is_parsed() -> None:
    for name in AUTH_HEADERS:
        assert parser("list").parse_args(["list", "--auth-header", name]).auth_header == name


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--key", "client.key"), "Give --cert FILE as well"),
        (("--key-password-file", "-"), "Give --cert FILE as well"),
        (("--token-file", "-", "--key-password-file", "-"), "both read standard input"),
        (("--key-password-file", PLANTED), "Give a path, not the secret"),
        (("--key-password", PLANTED), "Did you mean --key-password-file?"),
        (("--auth-header", "cookie"), "Unknown value 'cookie' of --auth-header. Use x-esri, authorization."),
        (("--auth-header", "authorisation"), "Did you mean authorization?"),
    ],
    ids=" ".join,
)
def test_option_of_the_certificate_or_header_is_refused_with_advice_when_it_cannot_be_used(
    capsys: Capture, options: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    ran = run(capsys, "list", "https://gis.example.com/arcgis", *options)
    assert ran.code == 2
    assert words in ran.err
    assert PLANTED not in ran.err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("list", "--demo", "--filter", "nowhere"), "No match"),
        (("list", "--demo=empty"), "The site has no restore points"),
        (("journal",), "No changes with drtui"),
        (("config", "show"), "these are the defaults"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_quiet_leaves_out_hints_when_the_answer_is_whole(capsys: Capture, words: tuple[str, ...], hint: str) -> None:
    spoken = run(capsys, *words)
    assert hint in spoken.err
    assert run(capsys, *words, "--quiet") == spoken._replace(err="")


@pytest.mark.parametrize("words", [("show", "nothing", "--demo"), ("list", "nowhere.json")], ids=" ".join)
def test_quiet_keeps_errors_when_something_failed(capsys: Capture, words: tuple[str, ...]) -> None:
    spoken = run(capsys, *words)
    assert spoken.err
    assert run(capsys, *words, "--quiet") == spoken


def test_parsers_accept_quiet_and_no_color_when_they_are_of_a_command() -> None:
    leaves = [
        one
        for one in every_parser(parser())
        if not any(not a.option_strings and a.choices and isinstance(a.choices, dict) for a in one._actions)
    ]
    assert len(leaves) >= 40
    assert [one.prog for one in leaves if not {"--quiet", "--no-color"} <= one._option_string_actions.keys()] == []
    assert [one.prog for one in leaves if one._option_string_actions["--quiet"].default is not False] == []
    assert "--no-color" in interface_parser()._option_string_actions


def test_no_color_sets_the_variable_when_it_is_an_option(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    run(capsys, "list", "--demo", "--", "--no-color")
    assert os.environ["NO_COLOR"] == ""
    run(capsys, "keys", "--no-color")
    assert os.environ["NO_COLOR"] == "1"


def test_o_is_the_format_when_a_command_has_formats(capsys: Capture) -> None:
    at = ("--demo", "--now", str(NOW))
    assert run(capsys, "stores", *at, "-o", "json") == run(capsys, "stores", *at, "--json")
