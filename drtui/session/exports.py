"""Files exported by the user, for `cli` and `ui`."""

from drtui.storage.exports import ExportError, free_path, write_export

__all__ = ["ExportError", "free_path", "write_export"]
