"""Files of ours: for nobody else to read, and replaced as a whole or not at all."""

import os
from pathlib import Path


def put(path: Path, body: bytes) -> None:
    """Put a file that holds `body` in the place of what is at `path`, if anything is.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    import tempfile  # noqa: PLC0415 - not needed to read

    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}-")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
