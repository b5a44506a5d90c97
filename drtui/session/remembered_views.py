"""View settings of a site, kept between runs. Not for scenarios, files, or without history.

Failures to read or write are ignored: no information about the site is lost.
"""

import asyncio
import contextlib

from drtui.core.listing.view_settings import ViewSettings
from drtui.session import ConnectionOptions, Target
from drtui.session.target import remembered_address


async def load_view_settings(target: Target, options: ConnectionOptions) -> ViewSettings | None:
    """Return the saved view settings of the site; None if there are none, or if history is turned off."""
    address = remembered_address(target, options)
    if address is None:
        return None
    from drtui.storage import view_settings_file

    return await asyncio.to_thread(view_settings_file.load, address)


async def save_view_settings(target: Target, options: ConnectionOptions, settings: ViewSettings) -> None:
    """Save the view settings of the site, unless history is turned off."""
    address = remembered_address(target, options)
    if address is None:
        return
    from drtui.storage import view_settings_file

    with contextlib.suppress(OSError):
        await asyncio.to_thread(view_settings_file.save, address, settings)
