"""Marks of an answer: a part, aged, and its date."""

from msgspec import Struct

from drtui.core.model.site_clock import ClockSample


class ResponseMetadata(Struct):
    """Marks of one answer, set when it has been read; they become those of `model.reading.Answer`."""

    partial: str = ""
    """The reason why the value is not all that the site has; empty for a whole one."""
    aged: int | None = None
    """Milliseconds for which a cache on the way had kept it; None if the site itself sent it."""
    sample: ClockSample | None = None
    """A sample of the site's clock; None if it was not the site that dated the answer."""

    def copy_from(self, other: "ResponseMetadata") -> None:
        """Take over the marks of an answer that stands for several."""
        self.partial, self.aged, self.sample = other.partial, other.aged, other.sample
