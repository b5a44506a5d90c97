"""Files with secrets that others can read."""

import pytest

from drtui.core.model.secret_reference import is_exposed

ROOT, SERVICE, OTHER = 0, 990, 1000


@pytest.mark.parametrize(
    ("mode", "owner", "user", "exposed"),
    [
        (0o600, SERVICE, SERVICE, False),
        (0o400, ROOT, ROOT, False),
        (0o640, SERVICE, SERVICE, True),
        (0o440, ROOT, ROOT, True),
        (0o440, ROOT, SERVICE, False),
        (0o640, ROOT, SERVICE, False),
        (0o440, OTHER, SERVICE, True),
        (0o460, ROOT, SERVICE, True),
        (0o450, ROOT, SERVICE, True),
        (0o444, ROOT, SERVICE, True),
        (0o642, ROOT, SERVICE, True),
    ],
)
def test_secret_is_exposed_when_others_can_read_or_change_it(mode: int, owner: int, user: int, exposed: bool) -> None:
    assert is_exposed(0o100000 | mode, owner, user) is exposed
