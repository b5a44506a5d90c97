"""What can be taken along of one restore point: each as a text of its own, none with a secret."""

from typing import NamedTuple

import msgspec

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.request import restore_request
from drtui.output.restore_points import of_points
from drtui.output.runbook import as_runbook
from drtui.output.site_tables import point


class Piece(NamedTuple):
    """Something that can be copied, shown or written into a file."""

    letter: str
    """That chooses it; none of those that move in a list."""
    what: str
    text: str
    suffix: str = "txt"
    """Of the file that it would be written into."""


def pieces(judged: Judgement, chosen: RestorePoint, view: View, shell: str) -> tuple[Piece, ...]:
    """What can be taken along of `chosen`; `shell` is the line that asks the site for its record."""
    row = "  ".join(filter(None, of_points([chosen], view).texts[0]))
    record = msgspec.json.format(msgspec.json.encode(point(chosen, view)), indent=2).decode()
    return (
        Piece("n", "name", chosen.backup.name),
        Piece("r", "row", row),
        Piece("o", "JSON object, without secrets", f"{record}\n", "json"),
        Piece("c", "curl line, the token as $DRTUI_TOKEN", shell, "sh"),
        Piece("t", "restore request, not sent", "\n".join(restore_request(judged, chosen)) + "\n"),
        Piece("b", "runbook, the whole hand-over", as_runbook(judged, chosen, view), "md"),
    )
