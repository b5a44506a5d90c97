"""Decoding of the account, the mode of the site, and what the site says of itself."""

from typing import Any

import pytest

from drtui.core.model.account import Account, SiteAbout
from drtui.core.wire.account import decode_about, decode_account, decode_mode
from drtui.core.wire.lenient import WireError


@pytest.mark.parametrize(
    ("answer", "is_read_only"), [({"isReadOnly": True}, True), ({"isReadOnly": "false", "message": "m"}, False)]
)
def test_mode_is_read(answer: dict[str, Any], is_read_only: bool) -> None:
    assert decode_mode(answer).is_read_only is is_read_only


@pytest.mark.parametrize("decode", [decode_mode, decode_account])
@pytest.mark.parametrize("answer", [{}, {"isReadOnly": None, "username": "", "status": "x"}])
def test_answer_of_another_shape_is_an_error(decode: Any, answer: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        decode(answer)


@pytest.mark.parametrize(
    ("account", "is_administrator", "has_privilege"),
    [
        (Account("u", "org_admin"), True, True),
        (Account("u", "custom", ("portal:admin:manageSecurity",)), False, True),
        (Account("u", "org_user", ("portal:user:createItem",)), False, False),
        (Account("u", "", ("portal:admin:x",)), None, True),
        (Account("u"), None, None),
    ],
)
def test_account_has_the_rights_that_role_and_privileges_name(
    account: Account, is_administrator: bool | None, has_privilege: bool | None
) -> None:
    assert (account.is_administrator, account.has_admin_privilege) == (is_administrator, has_privilege)


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        ({}, SiteAbout()),
        (
            {"fullVersion": "11.5.0", "buildNumber": 56755, "architectureProfile": "standard-availability"},
            SiteAbout("11.5.0", "56755", "standard-availability"),
        ),
        ({"version": 12.0, "profile": {"name": "development", "pods": [1]}}, SiteAbout("12.0", "", "development")),
        ({"licenses": [{"key": "x"}], "dataStores": {}, "build": None, "profile": ["odd"]}, SiteAbout()),
    ],
)
def test_about_keeps_release_build_and_profile_in_any_spelling(answer: dict[str, Any], about: SiteAbout) -> None:
    assert decode_about(answer) == about
