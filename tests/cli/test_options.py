"""Options cannot be abbreviated, and the value of an unknown option is never printed."""

import argparse
import io
from collections.abc import Iterator

import pytest

from drtui.cli.parser import interface_parser, parser
from drtui.core.model.auth import AUTH_HEADERS
from tests.cli.running import run

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
            "unknown option --token: no option takes a secret as its value; give --token-file ",
        ),
        (("list", "--password", PLANTED), "unknown option --password: no option takes a secret as its value"),
        (("list", f"--tokenfile={PLANTED}"), "unknown option --tokenfile; did you mean --token-file?"),
        (("list", "--limt", "3"), "unknown option --limt; did you mean --limit?"),
        (("sites", "--token", PLANTED), "unknown option --token: no option takes a secret as its value; see "),
        (("--tokn-file", PLANTED), "unknown option --tokn-file; did you mean --token-file?"),
        (("list", f"--insecure={PLANTED}"), "argument --insecure: it takes no value"),
        (("list", "x", "--", "--token", PLANTED), "unrecognized arguments"),
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
        (("--key-password", PLANTED), "did you mean --key-password-file?"),
        (("--auth-header", "cookie"), "invalid choice: 'cookie'"),
        (("--auth-header", "authorisation"), "did you mean authorization?"),
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
