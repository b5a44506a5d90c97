"""Words for the account, its sign-in, what it can change, and a read-only site in check and headline."""

import pytest

from drtui.core.formatting.durations import HOUR, MINUTE
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.auth import SignIn, SignInMethod
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.core.summary.account_text import account_text, possible_changes_text, role_text, sign_in_text
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade, check_health
from tests.conftest import NOW
from tests.core.points import assess_site, backup, site_of

REFUSED = Failure(FailureKind.REFUSED, "403", "the account may not read this")
BROKEN = Failure(FailureKind.UNREADABLE, "500", "the site failed")
MISSING = Failure(FailureKind.MISSING, "404", "no such resource")
ADMINISTRATOR = Account("ada", "org_admin", ("portal:admin:manageServers",), "org_admin")
CUSTOM = Account("kim", "org_publisher", ("portal:admin:manageServers",), "Rk7wLq2V")


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (ADMINISTRATOR, "default administrator"),
        (Account("u", "org_admin"), "default administrator"),
        (Account("u", "org_publisher"), "publisher"),
        (Account("u", "org_user", (), "iAAAAAAAAAAAAAAA"), "viewer"),
        (Account("u", "org_publisher", (), "iBBBBBBBBBBBBBBB"), "data editor"),
        (CUSTOM, "custom role Rk7wLq2V"),
        (Account("u", "MyRole"), "custom role MyRole"),
        (Account("u"), "role unknown"),
    ],
)
def test_role_is_named_as_in_the_portal(account: Account, words: str) -> None:
    assert role_text(account) == words


def test_account_is_no_default_administrator_for_certain_when_its_two_roles_disagree() -> None:
    assert Account("u", "org_admin", (), "Rk7wLq2V").is_administrator is None


@pytest.mark.parametrize(
    ("answer", "user", "text"),
    [
        (None, "", ""),
        (None, "ada", "as ada"),
        (Fetched(NOW, ADMINISTRATOR), "ignored", "as ada, default administrator"),
        (Fetched(NOW, failure=REFUSED), "ada", "as ada, role unknown (refused)"),
        (Fetched(NOW, failure=BROKEN), "", "as unknown user, role unknown (not readable)"),
    ],
)
def test_account_is_told_with_the_reason_when_it_is_not_known(
    answer: Fetched[Account] | None, user: str, text: str
) -> None:
    assert account_text(site_of(account=answer), SignIn(user)) == text


@pytest.mark.parametrize(
    ("sign_in", "text"),
    [
        (SignIn("ada"), ""),
        (SignIn(method=SignInMethod.TOKEN), "by token"),
        (SignIn("ada", SignInMethod.PASSWORD, NOW + 58 * MINUTE), "by password, token for 58 min"),
        (SignIn("ada", SignInMethod.SINGLE_SIGN_ON, NOW + 2 * HOUR), "by single sign-on, token for 2 h"),
        (SignIn(method=SignInMethod.TOKEN, has_certificate=True), "by token and client certificate"),
        (SignIn(has_certificate=True), "by client certificate"),
        (SignIn("ada", SignInMethod.PASSWORD, NOW), "by password, token has expired"),
    ],
)
def test_sign_in_names_the_way_and_the_end_of_the_token(sign_in: SignIn, text: str) -> None:
    assert sign_in_text(sign_in, NOW) == text


@pytest.mark.parametrize(
    ("mode", "account", "permissions", "text"),
    [
        (None, ADMINISTRATOR, ALL_CHANGES, "changes allowed"),
        (None, ADMINISTRATOR, Permissions(frozenset({"keep", "create"})), "changes allowed: create, keep"),
        (None, CUSTOM, ALL_CHANGES, "changes allowed, but schedules need the default administrator role"),
        (None, ADMINISTRATOR, READ_ONLY, "no changes: needs --allow-changes, or changes = [...] in the site's profile"),
        (
            Fetched(NOW, SiteMode(is_read_only=True)),
            Account("vic", "org_user", ("portal:user:x",)),
            ALL_CHANGES,
            "no changes: site is in read-only mode; vic has no administrative privilege",
        ),
        (Fetched(NOW, failure=BROKEN), ADMINISTRATOR, ALL_CHANGES,
         "changes allowed; read-only mode unknown (not readable)"),
        (Fetched(NOW, failure=MISSING), ADMINISTRATOR, ALL_CHANGES, "changes allowed"),
        (Fetched(NOW, failure=REFUSED), ADMINISTRATOR, ALL_CHANGES, "changes allowed"),
    ],
)  # fmt: skip
def test_changes_are_told_with_every_reason_against_them(
    mode: Fetched[SiteMode] | None, account: Account, permissions: Permissions, text: str
) -> None:
    assert possible_changes_text(site_of(mode=mode, account=Fetched(NOW, account)), permissions) == text


READ_ONLY_TEXT = "ite is in read-only mode (patching): no backup can start until it ends"


@pytest.mark.parametrize(
    ("mode", "is_told"),
    [
        (Fetched(NOW, SiteMode(is_read_only=True, message="patching")), True),
        (Fetched(NOW, SiteMode(is_read_only=False, message="patching")), False),
        (Fetched(NOW, failure=BROKEN), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_check_and_headline_say_that_a_site_is_read_only_and_grade_it_as_before(
    mode: Fetched[SiteMode] | None, is_told: bool, strict: bool
) -> None:
    point = backup("nightly-1", 2)
    before = check_health(assess_site(point), 24 * HOUR, 48 * HOUR, strict=strict)
    assessment = assess_site(point, mode=mode)
    result = check_health(assessment, 24 * HOUR, 48 * HOUR, strict=strict)
    told = [finding for finding in result.findings if finding.code == "site-read-only"]
    assert result.grade is before.grade
    assert [(finding.grade, finding.text) for finding in told] == (
        [(Grade.OK, f"s{READ_ONLY_TEXT}")] if is_told else []
    )
    assert (f"S{READ_ONLY_TEXT}" in [line.text for line in build_headline(assessment)]) is is_told
