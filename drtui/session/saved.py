"""A file with a saved answer, read as if it were a site."""

from pathlib import Path

from drtui.model import wire
from drtui.model.reading import Answer, Reading, Source, Trouble, TroubleKind
from drtui.model.site import Store
from drtui.model.tolerant import WireError


def read_file(path: Path, now: int) -> Reading:
    """The reading that a saved answer gives: its backups, under the stores that they name."""
    try:
        answer = wire.document(path.read_bytes())
        backups = wire.backups(answer, None)
        at = int(path.stat().st_mtime * 1000)
    except (OSError, WireError) as error:
        said = (error.strerror or "") if isinstance(error, OSError) else str(error)
        trouble = Trouble(
            TroubleKind.UNREADABLE,
            "file",
            f"{path} could not be read as a saved answer",
            said,
            advice='A saved answer is a JSON object with a list under "backups".',
        )
        return Reading(str(path), stores=Answer(now, trouble=trouble, source=Source.FILE), complete=True)
    names = dict.fromkeys(each.store for each in backups)
    listed = {name: Answer(at, tuple(b for b in backups if b.store == name), source=Source.FILE) for name in names}
    stores = Answer(at, tuple(map(Store, names)), source=Source.FILE)
    return Reading(str(path), stores=stores, backups=listed, complete=True)
