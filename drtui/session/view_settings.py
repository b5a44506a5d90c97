"""How a person looks at a site, from one run to the next; not of a simulated one, a file, or without history.

What cannot be read or written is as if it were not there: nothing of a site is lost with it.
"""

import asyncio
import contextlib

from drtui.core.listing.view_settings import ViewSettings
from drtui.session import ConnectionOptions, Target


async def load_view_settings(target: Target, access: ConnectionOptions) -> ViewSettings | None:
    """How the site was looked at last; None if that is not known, or not to be."""
    if not target.is_site or target.address is None or not access.remember:
        return None
    from drtui.storage import view_settings  # noqa: PLC0415 - platformdirs comes with it

    return await asyncio.to_thread(view_settings.load, target.address)


async def save_view_settings(target: Target, access: ConnectionOptions, arrangement: ViewSettings) -> None:
    """Remember how the site is looked at, if it is to be."""
    if not target.is_site or target.address is None or not access.remember:
        return
    from drtui.storage import view_settings  # noqa: PLC0415 - platformdirs comes with it

    with contextlib.suppress(OSError):
        await asyncio.to_thread(view_settings.save, target.address, arrangement)
