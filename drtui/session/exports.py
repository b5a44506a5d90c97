"""Files that a person takes along, for whoever offers them."""

from drtui.storage.exports import ExportError, free_path, write_export

__all__ = ["ExportError", "free_path", "write_export"]
