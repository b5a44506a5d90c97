"""Files that a person takes along, for whoever offers them."""

from drtui.storage.exports import ExportError, free, write

__all__ = ["ExportError", "free", "write"]
