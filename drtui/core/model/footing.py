"""How one stands with a site, beyond what it answered: what the next look need not find out again."""

from msgspec import Struct

from drtui.core.model.auth import Secret
from drtui.core.model.site_state import Trouble


class Footing(Struct, frozen=True):
    """What came of the sign-in, and of asking for the first time."""

    token: Secret | None = None
    expires: int | None = None
    """When it ends, epoch ms, if that is known."""
    refused: Trouble | None = None
    """Why user name and password were refused: tried again and again, they lock the account."""
    old_layout: bool | None = None
    """Whether the site has 10.9's addresses (SPEC 0.2); None if that was not found out."""
