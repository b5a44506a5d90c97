"""The pieces of a restore point that can be copied or saved."""

import datetime as dt

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.output.export import copy_formats
from tests.conftest import NOW
from tests.core.points import backup, reading


def test_pieces_have_their_own_kind_of_file_when_they_are_saved() -> None:
    judged = assess(reading(backup("nightly", 3)), NOW)
    found = copy_formats(
        judged, judged.points[0], DisplayContext(NOW, dt.UTC), "curl -sS https://gis.example.com/arcgis"
    )
    beginnings = {"n": "nightly", "r": "nightly  ", "o": "{\n", "c": "curl -sS ", "t": "POST ", "b": "# "}
    assert [each.letter for each in found if each.text.startswith(beginnings[each.letter])] == [*beginnings]
    assert [each.suffix for each in found] == ["txt", "txt", "json", "sh", "txt", "md"]
