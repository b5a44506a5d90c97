"""Parsing of the configuration, and its error messages."""

import tomllib
from pathlib import Path

import pytest

from drtui.core.formatting.durations import HOUR
from drtui.core.model.config import SecretReference, Settings, SettingsError, parse_settings

FOLDER = Path("/etc/somewhere")


def read(text: str) -> Settings:
    return parse_settings(tomllib.loads(text), FOLDER)


def test_settings_returns_every_key_of_a_profile() -> None:
    settings = read(
        """
        default = "prod"
        history = false
        history_days = 30
        [site.prod]
        address = "https://gis.example.com/arcgis/manager"
        user = "admin"
        referer = "ops"
        ca_file = "ca.pem"
        store = "vault"
        target = "6h"
        accent = "#ff0000"
        timeout = 5
        history = false
        password_command = "pass show 'gis prod'"
        """
    )
    prod = settings.find_profile("prod")
    assert prod is not None
    assert (settings.default, settings.history, settings.history_days) == ("prod", False, 30)
    assert (prod.address.url, prod.user, prod.referer) == ("https://gis.example.com/arcgis", "admin", "ops")
    assert (prod.ca_file, prod.store, prod.target) == (FOLDER / "ca.pem", "vault", 6 * HOUR)
    assert (prod.accent, prod.timeout, prod.history) == ("#ff0000", 5, False)
    assert prod.secret == SecretReference("password", command=("pass", "show", "gis prod"))


def test_settings_accepts_empty_document() -> None:
    assert read("") == Settings()
    assert Settings().find_profile("prod") is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('token_file = "t"', SecretReference("token", file=FOLDER / "t")),
        ('token_file = "/run/t"', SecretReference("token", file=Path("/run/t"))),
        ('password_env = "PW"', SecretReference("password", variable="PW")),
        ('token_command = ["vault", "read", "x y"]', SecretReference("token", command=("vault", "read", "x y"))),
    ],
)
def test_settings_returns_reference_for_each_kind_of_secret(line: str, expected: SecretReference) -> None:
    assert read(f'[site.a]\naddress = "https://h/c"\n{line}').profiles[0].secret == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('defualt = "a"', "unknown key 'defualt'. Did you mean default?"),
        ('default = "b"\n[site.bb]\naddress = "https://h/c"', "Did you mean bb"),
        ("history_days = 0", "from 1 to 36600"),
        ("history_days = true", "history_days must be a whole number"),
        ('history = "no"', "history must be true or false"),
        ("site = 1", "site must be a table"),
        ("[site]\na = 1", "must be a table of keys"),
        ('[site."a b"]\naddress = "https://h/c"', "Site name 'a b' is not allowed"),
        ('[site.a]\nadress = "https://h/c"', "unknown key 'adress'. Did you mean address?"),
        ("[site.a]", "'' is not a valid address"),
        ('[site.a]\naddress = "http://h/c"', "http would send the token unencrypted"),
        ('[site.a]\naddress = "https://h/c"\ntarget = "soon"', "Cannot read 'soon' as a duration"),
        ('[site.a]\naddress = "https://h/c"\naccent = "crimsonish"', "#rrggbb"),
        ('[site.a]\naddress = "https://h/c"\ntimeout = 0', "timeout = 0 is out of range"),
        ('[site.a]\naddress = "https://h/c"\nuser = 7', "user must be a text"),
        ('[site.a]\naddress = "https://h/c"\npassword = "hunter2"', "secrets are not stored in the configuration"),
        ('[site.a]\naddress = "https://h/c"\ntoken_env = "A"\ntoken_file = "b"', "exclude each other"),
        ('[site.a]\naddress = "https://h/c"\ntoken_command = []', "a program with its arguments"),
        ('[site.a]\naddress = "https://h/c"\ntoken_command = "un\'closed"', "a program with its arguments"),
        ('[site.a]\naddress = "https://h/c"\ntoken_file = 3', "token_file must be a text"),
    ],
)
def test_settings_rejects_invalid_document_with_advice(text: str, why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(text)
    assert why in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_settings_returns_allowed_changes_and_the_passcode_command() -> None:
    profile = read(
        """
        [site.prod]
        address = "https://gis.example.com/arcgis"
        changes = ["create", "keep", "pause"]
        passcode_command = ["pass", "show", "gis/passcode"]
        """
    ).find_profile("prod")
    assert profile is not None
    assert profile.changes == {"create", "keep", "pause"}
    assert profile.passcode == SecretReference("passcode", command=("pass", "show", "gis/passcode"))


def test_settings_returns_the_client_certificate_and_the_header_of_the_token() -> None:
    profile = read(
        """
        [site.prod]
        address = "https://gis.example.com/arcgis"
        cert = "client.pem"
        key = "/etc/keys/client.key"
        key_password_command = ["pass", "show", "gis/key"]
        auth_header = "authorization"
        """
    ).find_profile("prod")
    assert profile is not None
    assert (profile.cert, profile.key) == (FOLDER / "client.pem", Path("/etc/keys/client.key"))
    assert profile.key_password == SecretReference("key_password", command=("pass", "show", "gis/key"))
    assert profile.auth_header == "authorization"


def test_settings_returns_the_single_sign_on_of_a_profile() -> None:
    profile = read('[site.a]\naddress = "https://h/c"\nsign_in = "sso"\nclient_id = "drtui"').profiles[0]
    assert (profile.sso, profile.client_id) == (True, "drtui")
    assert not read('[site.a]\naddress = "https://h/c"\nclient_id = "drtui"').profiles[0].sso


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sign_in = "SSO"', "sign_in = 'SSO' is unknown. Write sign_in = \"sso\""),
        ('sign_in = "sso"\npassword_file = "p"', 'sign_in = "sso" and password_file exclude each other'),
        ('client-id = "x"', "Did you mean client_id?"),
        ('key = "client.key"', "needs cert"),
        ('key_password_env = "KEY"', "needs cert"),
        ('cert = "c"\nkey_password_env = "A"\nkey_password_file = "b"', "exclude each other"),
        ('cert = "c"\nkey_password = "kept"', "Use key_password_file, key_password_env or key_password_command"),
        ('cert = "c\\u0000"', "NUL character"),
        ('auth_header = "x-esry"', "auth_header = 'x-esry': unknown header. Use x-esri or authorization"),
        ('auth_heder = "x-esri"', "Did you mean auth_header?"),
    ],
)
def test_settings_error_says_what_to_write_for_certificate_and_header(line: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(f'[site.prod]\naddress = "https://gis.example.com/arcgis"\n{line}')
    assert words in str(caught.value)
    assert "kept" not in str(caught.value)


def test_settings_allows_no_change_by_default() -> None:
    profile = read('[site.prod]\naddress = "https://gis.example.com/arcgis"').find_profile("prod")
    assert profile is not None
    assert (profile.changes, profile.passcode) == (frozenset(), None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('changes = ["creat"]', "unknown kind 'creat'. Did you mean create"),
        ('changes = ["all"]', "unknown kind 'all'. Use create, keep"),
        ("changes = [true]", "unknown kind True"),
        ('changes = "create"', "changes must be a list"),
        ("changes = true", "changes must be a list"),
        ('passcode = "kept"', "Use passcode_command"),
        ('passcode_file = "x"', "unknown key 'passcode_file'"),
        ('passcode_command = ""', "passcode_command must be a program"),
    ],
)
def test_settings_error_says_what_to_write_for_changes_and_passcode(line: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(f'[site.prod]\naddress = "https://gis.example.com/arcgis"\n{line}')
    assert words in str(caught.value)
    assert "kept" not in str(caught.value)
