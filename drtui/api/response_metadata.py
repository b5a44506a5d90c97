"""Metadata of a response: partial, cached, and a sample of the site's clock."""

from msgspec import Struct

from drtui.core.model.site_clock import ClockSample


class ResponseMetadata(Struct):
    """Metadata of one response, set once it was read; copied to `drtui.core.model.site_state.Fetched`."""

    partial: str = ""
    """Reason why the value is incomplete; empty if it is complete."""
    cache_age: int | None = None
    """Milliseconds that a cache in between had stored the response; None if it came from the site itself."""
    sample: ClockSample | None = None
    """Sample of the site's clock; None if the date of the response is not from the site."""

    digest: bytes = b""
    """Digest of a list of backups as it came; empty if it was not decoded while it arrived."""

    def copy_from(self, source: "ResponseMetadata") -> None:
        """Copy the metadata of a response that several requests share."""
        self.partial, self.cache_age = source.partial, source.cache_age
        self.sample, self.digest = source.sample, source.digest
