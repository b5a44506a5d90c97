"""Names of new backups."""

import pytest

from drtui.core.operations.names import default_name, name_error
from tests.conftest import NOW


@pytest.mark.parametrize("name", ["a", "pre-upgrade", "A.b_c-9", "x" * 64, "restored", "create-1", "..a"])
def test_name_error_is_empty_when_the_name_is_allowed(name: str) -> None:
    assert name_error(name) == ""


@pytest.mark.parametrize(
    "name",
    ["", "x" * 65, "with space", "a/b", "caf\u00e9", "\u0661", "a\n", "a%2Fb", ".", "..", "create", "Restore", "delete",
     "update", "validate"],
)  # fmt: skip
def test_name_error_gives_a_reason_when_the_name_is_not_allowed(name: str) -> None:
    assert name_error(name)


def test_default_name_is_allowed_and_ends_with_the_time_in_utc() -> None:
    assert default_name(NOW, "before-patch") == "before-patch-2026-09-21-14-13-20"
    assert name_error(default_name(NOW)) == ""
