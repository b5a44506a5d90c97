"""Requests as curl commands."""

import os
import shlex
from pathlib import Path

import pytest

from drtui.core.model.auth import ClientCertificate, Secret
from drtui.core.model.requests import curl_command
from tests import processes

URL = "https://gis.example.com/arcgis/admin/system/tasks"
SIGN_IN = "https://gis.example.com/arcgis/sharing/rest/generateToken"


@pytest.mark.parametrize(
    ("ca_file", "insecure", "expected"),
    [
        (None, False, []),
        (Path("our ca.pem"), False, ["--cacert", "our ca.pem"]),
        (Path("ca.pem"), True, ["--insecure"]),
    ],
)
def test_curl_command_repeats_the_request(ca_file: Path | None, insecure: bool, expected: list[str]) -> None:
    line = curl_command(URL, user="a", referer="it's mine", ca_file=ca_file, insecure=insecure)
    words = shlex.split(line.partition(" | ")[2])
    assert words[:3] == ["curl", "--silent", "--show-error"]
    assert words[3 : 3 + len(expected)] == expected
    assert words[-5:] == ["--header", "@-", "--header", "Referer: it's mine", f"{URL}?f=json"]


@pytest.mark.parametrize(
    ("key", "words"), [(None, ["--cert", "c.pem"]), (Path("k.pem"), ["--cert", "c.pem", "--key", "k.pem"])]
)
def test_curl_command_presents_the_certificate_when_there_is_one(key: Path | None, words: list[str]) -> None:
    certificate = ClientCertificate(Path("c.pem"), key, Secret("planted"))
    line = curl_command(URL, user="a", referer="r", ca_file=None, insecure=False, certificate=certificate)
    assert shlex.split(line.partition(" | ")[2])[3 : 3 + len(words)] == words
    assert "planted" not in line


def test_curl_command_has_the_other_header_when_it_is_chosen() -> None:
    line = curl_command(URL, user="a", referer="r", ca_file=None, insecure=False, auth_header="authorization")
    assert line.startswith("printf 'Authorization: Bearer %s'")


@pytest.mark.parametrize("path", ["token", "revokeToken"])
def test_curl_command_is_a_comment_when_the_request_is_of_a_single_sign_on(path: str) -> None:
    url = f"https://gis.example.com/arcgis/sharing/rest/oauth2/{path}"
    line = curl_command(url, user="a", referer="r", ca_file=None, insecure=False)
    assert line == f"# POST {url} is a part of the single sign-on and cannot be repeated"


def test_curl_command_sends_user_when_url_is_sign_in() -> None:
    command = curl_command(SIGN_IN, user="a b;c", referer="r", ca_file=None, insecure=False)
    assert "username=a b;c" in shlex.split(command)


@pytest.mark.parametrize(
    ("url", "variable", "stdin", "option"),
    [
        (URL, "DRTUI_TOKEN", "X-Esri-Authorization: Bearer {}", "@-"),
        (SIGN_IN, "DRTUI_PASSWORD", "{}", "password@-"),
    ],
)
def test_curl_command_has_no_secret_in_arguments(
    tmp_path: Path, url: str, variable: str, stdin: str, option: str
) -> None:
    """Runs the command with a fake curl that records its arguments and its standard input."""
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >&2\ncat\n')
    fake.chmod(0o700)
    secret = 'it\'s "100%" \\ secret $HOME'
    line = curl_command(url, user="a", referer="r", ca_file=None, insecure=False)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", variable: secret}
    ran = processes.run(["/bin/sh", "-c", line], environment=environment, check=True)
    assert ran.stdout == stdin.format(secret)
    assert "secret" not in ran.stderr
    assert option in ran.stderr.splitlines()
