"""Named sites: values of the profile, values given instead, and the last known headline."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.model.config import Profile, SecretReference, SettingsError
from drtui.core.summary.last_known import LastKnown
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.session.profiles import (
    add_profile,
    last_known_sites,
    load_config,
    named_sites,
    profile_options,
    profile_target,
    secret_line,
    simulated_sites,
)
from drtui.storage import last_known as glance
from tests.estate import configure
from tests.planted import password_file
from tests.storage.archives import ADDRESS

PROFILE = Profile(
    "prod",
    ADDRESS,
    user="siteadmin",
    referer="https://ops.example.com",
    ca_file=Path("own.pem"),
    store="vault",
    target=7_200_000,
    accent="red",
    timeout=7,
)


@pytest.mark.parametrize(
    ("profile", "options", "expected"),
    [
        ({"sso": True, "client_id": "p"}, ConnectionOptions(), (True, "p")),
        ({"sso": True, "client_id": "p"}, ConnectionOptions(client_id="o"), (True, "o")),
        ({"sso": True}, ConnectionOptions(token=Secret("t")), (False, "")),
        ({"sso": True}, ConnectionOptions(password=Secret("p")), (False, "")),
        ({"secret": SecretReference("token", variable="NO_SUCH_VARIABLE")}, ConnectionOptions(sso=True), (True, "")),
        ({}, ConnectionOptions(), (False, "")),
    ],
)
def test_options_sign_in_by_browser_when_profile_or_option_says_so_and_no_secret_is_given(
    profile: dict[str, Any], options: ConnectionOptions, expected: tuple[bool, str]
) -> None:
    completed = profile_options(replace(PROFILE, **profile), options)
    assert (completed.sso, completed.client_id) == expected


def test_target_has_the_values_when_a_profile_names_them() -> None:
    target = profile_target(PROFILE)
    assert target == Target(ADDRESS, name="prod", accent="red", store="vault", rpo=7_200_000)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            ConnectionOptions(),
            {"user": "siteadmin", "referer": "https://ops.example.com", "ca_file": Path("own.pem"), "timeout": 7},
        ),
        (ConnectionOptions(user="other"), {"user": "other"}),
        (ConnectionOptions(referer="mine"), {"referer": "mine"}),
        (ConnectionOptions(ca_file=Path("given.pem")), {"ca_file": Path("given.pem")}),
        (ConnectionOptions(timeout=3), {"timeout": 3}),
        (ConnectionOptions(remember=False), {"remember": False}),
        (ConnectionOptions(offline=True), {"offline": True, "remember": True}),
    ],
)
def test_options_override_the_profile_when_both_are_set(options: ConnectionOptions, expected: dict[str, Any]) -> None:
    access = profile_options(PROFILE, options)
    assert {name: getattr(access, name) for name in expected} == expected


CERTIFIED = replace(
    PROFILE, cert=Path("c"), key=Path("k"), key_password=SecretReference("key_password", variable="PATH")
)


@pytest.mark.parametrize(
    ("options", "expected", "has_password"),
    [
        (ConnectionOptions(), ("c", "k"), True),
        (ConnectionOptions(cert=Path("mine")), ("mine", None), False),
        (ConnectionOptions(key=Path("mine")), ("c", "mine"), False),
        (ConnectionOptions(key_password=Secret("mine")), ("c", "k"), True),
        (ConnectionOptions(offline=True), ("c", "k"), False),
    ],
)
def test_options_take_no_key_of_the_profile_when_another_certificate_is_given(
    options: ConnectionOptions, expected: tuple[str, str | None], *, has_password: bool
) -> None:
    completed = profile_options(CERTIFIED, options)
    assert (str(completed.cert), completed.key and str(completed.key)) == expected
    assert bool(completed.key_password) is has_password
    assert options.key_password is None or completed.key_password is options.key_password


def test_options_for_any_site_have_no_certificate_when_one_is_given_for_a_site() -> None:
    options = ConnectionOptions(cert=Path("c"), key=Path("k"), key_password=Secret("p"), auth_header="authorization")
    assert options.for_any_site == ConnectionOptions()


def test_options_have_the_header_of_the_profile_when_no_option_names_one() -> None:
    profile = replace(PROFILE, auth_header="authorization")
    assert profile_options(profile, ConnectionOptions()).auth_header == "authorization"
    assert profile_options(profile, ConnectionOptions(auth_header="x-esri")).auth_header == "x-esri"


def test_options_have_the_defaults_when_the_profile_sets_nothing() -> None:
    access = profile_options(Profile("plain", ADDRESS), ConnectionOptions())
    assert access == ConnectionOptions()


@pytest.mark.parametrize(
    ("history", "options", "expected"), [(False, True, False), (True, True, True), (True, False, False)]
)
def test_options_remember_when_profile_and_options_allow_it(history: bool, options: bool, *, expected: bool) -> None:
    profile = replace(PROFILE, history=history)
    assert profile_options(profile, ConnectionOptions(remember=options)).remember is expected


@pytest.mark.parametrize("kind", ["password", "token"])
def test_options_have_the_secret_of_the_profile_when_none_was_given(tmp_path: Path, kind: str) -> None:
    path = password_file(tmp_path)
    profile = replace(PROFILE, secret=SecretReference(kind, file=path))
    secret = path.read_text().strip()
    access = profile_options(profile, ConnectionOptions())
    options = {name: value.reveal() for name in ("password", "token") if (value := getattr(access, name)) is not None}
    assert options == {kind: secret}
    mine = Secret("mine")
    assert profile_options(profile, ConnectionOptions(token=mine)) == replace(
        profile_options(PROFILE, ConnectionOptions()), token=mine
    )
    assert profile_options(profile, ConnectionOptions(password=mine)).token is None
    offline = profile_options(profile, ConnectionOptions(offline=True))
    assert (offline.password, offline.token) == (None, None)


def test_last_known_is_of_each_named_site_when_one_was_fetched() -> None:
    configure({"prod": {"address": str(ADDRESS.url)}, "dr": {"address": "https://other.example.com/arcgis"}})
    assert [(site.target.name, last_known) for site, last_known in last_known_sites()] == [("prod", None), ("dr", None)]
    glance.save_last_known(ADDRESS.url, LastKnown("gis", 1_000, 86_400_000, "nightly-1", 900), None)
    (_, prod), (_, dr) = last_known_sites()
    assert (prod is not None and prod.newest, dr) == ("nightly-1", None)


def test_last_known_sites_are_none_when_the_configuration_cannot_be_used() -> None:
    configure({"prod": {"address": "no address at all"}})
    assert last_known_sites() == ()


def test_named_sites_keep_the_order_when_the_configuration_has_several() -> None:
    configure(
        {"prod": {"address": str(ADDRESS.url), "user": "siteadmin"}, "dr": {"address": "https://b.example.com/x"}}
    )
    sites = named_sites(load_config().profiles)
    assert [(site.target.name, site.complete_options(ConnectionOptions()).user) for site in sites] == [
        ("prod", "siteadmin"),
        ("dr", ""),
    ]
    assert [site.target for site in simulated_sites()] == [
        Target(DEMO, scenario=named_site.target.name, name=named_site.target.name) for named_site in simulated_sites()
    ]


def test_add_profile_writes_no_secret_when_it_adds_a_site() -> None:
    path = add_profile("prod", Target(ADDRESS), ConnectionOptions(user="siteadmin", password=Secret("planted")))
    assert "planted" not in path.read_text()
    assert [(file.name, file.user) for file in load_config().profiles] == [("prod", "siteadmin")]
    again = add_profile("dr", Target(ADDRESS), ConnectionOptions(cert=Path("c.pem"), key_password=Secret("planted")))
    assert "planted" not in again.read_text()
    assert load_config().profiles[1].cert == Path("c.pem").absolute()
    browser = ConnectionOptions(sso=True, client_id="drtui", grant=OAuthGrant(Secret("planted"), None, "drtui"))
    assert "planted" not in add_profile("sso", Target(ADDRESS), browser).read_text()
    assert (load_config().profiles[2].sso, load_config().profiles[2].client_id) == (True, "drtui")
    with pytest.raises(SettingsError, match="only a site"):
        add_profile("file", Target(file=Path("saved.json")), ConnectionOptions())


def test_secret_is_the_first_line_when_it_came_from_elsewhere() -> None:
    assert secret_line(b" planted \nmore", "standard input").reveal() == "planted"
    with pytest.raises(SettingsError, match="no secret in standard input"):
        secret_line(b"\n", "standard input")
