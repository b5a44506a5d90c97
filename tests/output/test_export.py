"""Formats in which a restore point can be copied or saved."""

import datetime as dt

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.output.export import copy_formats
from tests.conftest import NOW
from tests.core.points import backup, site_of


def test_pieces_have_their_own_kind_of_file_when_they_are_saved() -> None:
    assessment = assess(site_of(backup("nightly", 3)), NOW)
    document = copy_formats(
        assessment, assessment.points[0], DisplayContext(NOW, dt.UTC), "curl -sS https://gis.example.com/arcgis"
    )
    beginnings = {"n": "nightly", "r": "nightly  ", "o": "{\n", "c": "curl -sS ", "t": "POST ", "b": "# "}
    assert [row.letter for row in document if row.text.startswith(beginnings[row.letter])] == [*beginnings]
    assert [row.suffix for row in document] == ["txt", "txt", "json", "sh", "txt", "md"]
