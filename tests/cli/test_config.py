"""`drtui config`: path, values with their sources, problems, and a new site. Never a secret."""

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest

from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE, USAGE
from drtui.demo.scenarios import PASSWORD, USER
from drtui.session.profiles import load_config
from tests.api.servers import closed_port
from tests.cli.running import run
from tests.e2e.terminal import opened

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

PLANTED = "planted-secret"

FULL = """\
# of the operations team
default = "prod"
history_days = 90

[keys]
refresh = "R"

[site.prod]
address = "https://gis.example.com/arcgis/home"
user = "backup-reader"
password_command = ["pass", "show", "planted-secret"]
passcode_command = ["vault", "planted-secret"]
auth_header = "authorization"
target = "6h"
changes = ["keep", "create"]

[site.staging]
address = "https://staging.example.com/arcgis"
token_file = "token"
history = false

[site.sso]
address = "https://portal.example.com/arcgis"
sign_in = "sso"
"""


def write(text: str, mode: int = 0o600) -> Path:
    """Write the configuration."""
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_path_is_printed_alone_when_the_file_does_not_exist(capsys: Capture, monkeypatch: Patch) -> None:
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    ran = run(capsys, "config", "path")
    assert (ran.code, ran.out) == (FINE, f"{path}\n")
    assert "does not exist" in ran.err
    monkeypatch.setenv("DRTUI_CONFIG", str(write("")))
    fields = json.loads(run(capsys, "config", "path", "--json").out)
    assert (fields["path"], fields["exists"], fields["from_variable"]) == (str(path), True, True)


def values(out: str) -> dict[str, tuple[str, str]]:
    """Return value and source of each key of a table."""
    rows = (re.split(r"  +", line) for line in out.splitlines()[1:])
    return {key: (value, source) for key, source, value in rows}


def test_show_prints_values_with_their_sources_when_file_environment_and_options_set_them(
    capsys: Capture, monkeypatch: Patch
) -> None:
    path = write(FULL)
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:{PLANTED}@proxy.example.com:3128")
    monkeypatch.setenv("DRTUI_PASSCODE", PLANTED)
    ran = run(capsys, "config", "show", "--timeout", "5", "--referer", "ops")
    shown = values(ran.out)
    assert ran.code == FINE
    assert PLANTED not in ran.out + ran.err
    expected = {
        "default": ("prod", "config.toml:2"),
        "history": ("true", "default"),
        "history_days": ("90", "config.toml:3"),
        "keys.refresh": ("R", "config.toml:6"),
        "site.prod.address": ("https://gis.example.com/arcgis", "config.toml:9"),
        "site.prod.user": ("backup-reader", "config.toml:10"),
        "site.prod.secret": ("password from command 'pass'", "config.toml:11"),
        "site.prod.auth_header": ("authorization", "config.toml:13"),
        "site.prod.target": ("6 h", "config.toml:14"),
        "site.prod.changes": ("create, keep", "config.toml:15"),
        "site.prod.passcode": ("passcode from variable DRTUI_PASSCODE", "environment DRTUI_PASSCODE"),
        "site.prod.proxy": ("proxy.example.com:3128", "environment HTTPS_PROXY"),
        "site.prod.timeout": ("5", "option --timeout"),
        "site.prod.referer": ("ops", "option --referer"),
        "site.staging.secret": (f"token from file {path.parent / 'token'}", "config.toml:19"),
        "site.staging.history": ("false", "config.toml:20"),
        "site.staging.timeout": ("5", "option --timeout"),
        "site.staging.cert": ("none", "default"),
        "site.sso.secret": ("none: single sign-on in a browser", "default"),
        "site.sso.sign_in": ("sso", "config.toml:24"),
    }
    assert {key: shown[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("options", "variables", "secret", "source"),
    [
        ((), ("DRTUI_TOKEN",), "token from variable DRTUI_TOKEN", "environment DRTUI_TOKEN"),
        (("--token-file", "-"), ("DRTUI_TOKEN",), "token from standard input", "option --token-file"),
        ((), ("DRTUI_TOKEN", "DRTUI_PASSWORD"), "token from variable DRTUI_TOKEN", "environment DRTUI_TOKEN"),
        (
            ("--user", "a"),
            ("DRTUI_TOKEN", "DRTUI_PASSWORD"),
            "password from variable DRTUI_PASSWORD",
            "environment DRTUI_PASSWORD",
        ),
        (("--password-file", PLANTED), (), "password from a file", "option --password-file"),
    ],
)
def test_show_names_the_secret_that_a_command_would_use_when_several_are_given(
    capsys: Capture, monkeypatch: Patch, options: tuple[str, ...], variables: tuple[str, ...], secret: str, source: str
) -> None:
    write(FULL)
    for name in variables:
        monkeypatch.setenv(name, PLANTED)
    ran = run(capsys, "config", "show", "prod", *options)
    assert values(ran.out)["site.prod.secret"] == (secret, source)
    assert PLANTED not in ran.out + ran.err


def test_show_has_the_fields_in_json_when_it_is_asked_for(capsys: Capture) -> None:
    write(FULL)
    document = json.loads(run(capsys, "config", "show", "staging", "--json").out)
    assert document.keys() == {"schema", "path", "exists", "from_variable", "values"}
    assert all(value.keys() == {"site", "key", "value", "source", "origin", "line"} for value in document["values"])
    assert document["values"][0] | {"line": 0} == {
        "site": "staging",
        "key": "address",
        "value": "https://staging.example.com/arcgis",
        "source": "config.toml",
        "origin": None,
        "line": 0,
    }


def test_show_suggests_a_site_when_the_name_is_misspelled(capsys: Capture) -> None:
    write(FULL)
    ran = run(capsys, "config", "show", "pord")
    assert ran.code == USAGE
    assert "Did you mean prod?" in ran.err


def test_validate_is_fine_when_nothing_is_wrong(capsys: Capture, tmp_path: Path) -> None:
    ran = run(capsys, "config", "validate")
    assert ran.code == FINE
    assert "does not exist: no errors, 0 usable sites" in ran.out
    secret = tmp_path / "token"
    secret.touch(0o600)
    secret.write_text(PLANTED)
    write(f'[site.a]\naddress = "https://h/c"\ntoken_file = "{secret}"\npasscode_command = ["false"]\n')
    ran = run(capsys, "config", "validate")
    assert ran.code == FINE
    assert ran.out.endswith("config.toml: no errors, 1 usable site\n")
    assert PLANTED not in ran.out


def test_validate_runs_no_command_when_a_secret_comes_from_one(capsys: Capture, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    write(f'[site.a]\naddress = "https://h/c"\npassword_command = ["touch", "{witness}"]\n')
    assert run(capsys, "config", "validate").code == FINE
    assert not witness.exists()


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ('token_file = "open"', 3, "other users can read the secret in"),
        ('token_file = "missing"', 3, "No such file"),
        ('token_file = "empty"', 3, "no secret in"),
        ('token_command = ["no-such-program", "planted-secret"]', 3, "no program 'no-such-program' on PATH"),
        ('ca_file = "open"', 3, "ca_file: cannot read certificates from"),
        ('cert = "missing"', 3, "cannot read the client certificate or key"),
        ('cert = "open"\nkey = "empty"', 3, "no certificate in"),
        ('cert = "open"\nkey_password_command = ["true"]', 3, "no certificate in"),
        ('tokn_file = "x"', 3, "Did you mean token_file?"),
        ('keys = {x = "y"}', 3, "unknown key 'keys'"),
    ],
)
def test_validate_names_line_and_cause_when_a_value_cannot_be_used(
    capsys: Capture, lines: str, line: int, words: str
) -> None:
    path = write(f'[site.a]\naddress = "https://h/c"\n{lines}\n')
    for name, content in (("open", PLANTED), ("empty", "")):
        file = path.parent / name
        file.write_text(content)
        file.chmod(0o644 if name == "open" else 0o600)
    ran = run(capsys, "config", "validate")
    assert ran.code == USAGE
    assert re.search(rf"^error: line {line}: .*{re.escape(words)}", ran.out, re.MULTILINE), ran.out
    assert "1 error, 0 usable sites" in ran.out
    assert PLANTED not in ran.out + ran.err


def test_validate_only_notes_an_encrypted_key_when_no_password_is_referred_to(capsys: Capture) -> None:
    path = write('[site.a]\naddress = "https://h/c"\ncert = "c.pem"\n')
    pem = path.parent / "c.pem"
    pem.touch(0o600)
    pem.write_text("-----BEGIN CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    ran = run(capsys, "config", "validate")
    assert ran.code == FINE
    assert ran.out.startswith("note: line 3: [site.a] cert: its key is encrypted")


def test_validate_lists_all_problems_in_json_when_there_are_several(capsys: Capture) -> None:
    write(
        'histroy = true\n[keys]\nno-such-key = "x"\n[site.a]\naddress = "https://h/c"\npassword_env = "NOPE"\n', 0o666
    )
    ran = run(capsys, "config", "validate", "--json")
    document = json.loads(ran.out)
    assert (ran.code, document["is_valid"], document["sites"]) == (USAGE, False, ["a"])
    found = [(finding["level"], finding["key"], finding["line"]) for finding in document["findings"]]
    assert found == [
        ("error", None, None),
        ("error", "histroy", 1),
        ("note", "password_env", 6),
        ("error", "keys", None),
    ]
    assert "chmod go-w" in document["findings"][0]["text"]


@pytest.mark.parametrize(("text", "words"), [("a = ", "Invalid value"), ("a = 1\na = 2", "Cannot overwrite a value")])
def test_validate_names_the_place_when_the_file_is_not_toml(capsys: Capture, text: str, words: str) -> None:
    write(text)
    ran = run(capsys, "config", "validate")
    assert ran.code == USAGE
    assert words in ran.out


def test_validate_says_so_when_the_variable_names_no_file(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setenv("DRTUI_CONFIG", "/nowhere/config.toml")
    ran = run(capsys, "config", "validate")
    assert ran.code == USAGE
    assert "DRTUI_CONFIG names '/nowhere/config.toml', which does not exist" in ran.out


def secret_file(folder: Path, content: str = PASSWORD) -> Path:
    """Write a private file."""
    path = folder / "secret"
    path.touch(0o600)
    path.write_text(content)
    return path


def test_add_writes_the_profile_when_the_test_succeeds(
    capsys: Capture, site: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.delenv("DRTUI_TOKEN")
    path = write('# ours\n[site.old]  # stays\naddress = "https://old.example.com/arcgis"\n')
    secret = secret_file(tmp_path)
    options = ("--user", USER, "--password-command", f"cat '{secret}'", "--referer", "ops", "--timeout", "20")
    ran = run(capsys, "config", "add", "prod", f"{site}/home", *options)
    assert (ran.code, ran.out) == (FINE, f"added [site.prod] to {path}\n")
    for words in ("release 11.4.0", f"account: {USER}, default administrator", "restore points in 4 stores"):
        assert words in ran.err
    text = path.read_text()
    assert text.startswith('# ours\n[site.old]  # stays\naddress = "https://old.example.com/arcgis"\n')
    assert f'password_command = ["cat", "{secret}"]' in text
    assert PASSWORD not in text + ran.out + ran.err
    profile = load_config().find_profile("prod")
    assert profile is not None
    assert (profile.address.url, profile.user, profile.referer, profile.timeout) == (site, USER, "ops", 20)


def test_add_writes_nothing_when_the_test_fails(capsys: Capture, site: str, tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.delenv("DRTUI_TOKEN")
    secret = secret_file(tmp_path, PLANTED)
    options = ("--user", USER, "--password-file", str(secret))
    ran = run(capsys, "config", "add", "prod", site, *options)
    assert ran.code == REFUSED
    assert "rejected user name and password" in ran.err
    assert "Nothing was written" in ran.err
    with closed_port() as port:
        ran = run(capsys, "config", "add", "prod", f"http://127.0.0.1:{port}/arcgis", *options)
    assert ran.code == UNREACHABLE
    assert load_config().profiles == ()
    ran = run(capsys, "config", "add", "prod", site, *options, "--no-test")
    assert ran.code == FINE
    assert load_config().profiles[0].secret is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("prod",), "Give ADDRESS, a way to sign in"),
        (("prod", "https://h/c"), "Give a way to sign in"),
        (("prod", "https://h/c", "--password-command", "pass x"), "Give --user NAME"),
        (("prod", "https://h/c", "--sso"), "Give --client-id ID"),
        (("prod", "--no-test"), "Give ADDRESS; --no-test"),
        (("prod", "h h", "--no-test"), "'h h' is not a valid address"),
        (("old", "https://h/c", "--no-test"), "Site 'old' already exists"),
        (("a b", "https://h/c", "--no-test"), "Site name 'a b' is not allowed"),
        (("prod", "https://h/c", "--key", "k", "--no-test"), "Give --cert FILE as well"),
        (("prod", "https://h/c", "--token-command", "'", "--no-test"), "must be a program with its arguments"),
        (("prod", "https://h/c", "--token-env", "A", "--password-env", "B", "--no-test"), "exclude each other"),
        (("prod", "https://h/c", "--token", PLANTED), "no option takes a secret"),
    ],
)
def test_add_says_what_is_missing_when_it_cannot_ask(
    capsys: Capture, monkeypatch: Patch, arguments: tuple[str, ...], words: str
) -> None:
    path = write('[site.old]\naddress = "https://old.example.com/arcgis"\n')
    before = path.read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ran = run(capsys, "config", "add", *arguments)
    assert ran.code == USAGE
    assert words in ran.err
    assert PLANTED not in ran.err
    assert path.read_text() == before


def test_add_writes_no_secret_when_it_is_typed_at_a_terminal(site: str) -> None:
    with opened(
        "-m", "drtui", "config", "add", "prod", program=sys.executable, environment={"DRTUI_TOKEN": ""}
    ) as terminal:
        for question, answer in (
            ("Address of the site", "not an address"),
            ("/arcgis\nAddress of the site", site),
            ("Sign in by", "p"),
            ("User:", USER),
            ("Command that prints the password", ""),
            ("PEM file of your certificate authority", ""),
            ("Password, for this test only:", PASSWORD),
        ):
            terminal.wait_for(question)
            terminal.press(f"{answer}\n")
        assert terminal.wait_for_end() == FINE
        assert "release 11.4.0" in terminal.text
        assert PASSWORD not in terminal.text
    (profile,) = load_config().profiles
    assert (profile.name, profile.user, profile.secret) == ("prod", USER, None)
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    assert PASSWORD not in path.read_text()
