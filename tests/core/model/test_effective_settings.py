"""Effective values: every key of a site has one, and none of them shows a secret."""

from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.config import SITE_KEYS, Profile
from drtui.core.model.effective_settings import (
    DEFAULTS,
    SITE_ORDER,
    SiteInputs,
    Source,
    describe_reference,
    site_values,
)
from drtui.core.model.secret_reference import SecretReference, secret_keys

PROD = Profile("prod", Address("https", "gis.example.com", "arcgis"))


def test_site_values_have_every_key_of_the_configuration() -> None:
    references = secret_keys("token", "password", "passcode", "key_password")
    assert SITE_KEYS.keys() - references <= set(SITE_ORDER)
    assert set(SITE_ORDER) - {"address"} == DEFAULTS.keys()
    values = tuple(site_values(SiteInputs(PROD, {"address": "gis.example.com/arcgis"}, {}, {}, {})))
    assert [value.key for value in values] == list(SITE_ORDER)
    assert {value.source for value in values[1:]} == {Source.DEFAULT}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (SecretReference("token", command=("pass", "planted")), "token from command 'pass'"),
        (SecretReference("key_password", file=Path("/run/k")), "key password from file /run/k"),
        (SecretReference("password", variable="OUR_PW"), "password from variable OUR_PW"),
    ],
)
def test_describe_reference_names_only_the_program_when_a_command_has_arguments(
    reference: SecretReference, expected: str
) -> None:
    assert describe_reference(reference) == expected


def test_site_values_have_no_key_of_the_profile_when_an_option_names_another_certificate() -> None:
    profile = Profile("prod", PROD.address, cert=Path("/c"), key=Path("/k"))
    table = {"address": "x", "cert": "/c", "key": "/k"}
    values = {value.key: value for value in site_values(SiteInputs(profile, table, {}, {"cert": "/mine"}, {}))}
    assert (values["cert"].text, values["cert"].source) == ("/mine", Source.OPTION)
    assert (values["key"].text, values["key"].source) == ("none", Source.DEFAULT)


def test_history_value_is_false_when_it_is_off_for_all_sites() -> None:
    inputs = SiteInputs(PROD, {"address": "x", "history": True}, {("", "history"): 3}, {}, {}, has_history=False)
    value = next(value for value in site_values(inputs) if value.key == "history")
    assert (value.text, value.source, value.line) == ("false", Source.FILE, 3)
