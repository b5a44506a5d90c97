"""Fields that mark a list as incomplete, and similar fields that do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.wire import responses
from drtui.core.wire.pagination import MORE, why_incomplete
from tests.core.wire.test_hostile_json import ANY_JSON

LISTED = 3
PARTS: list[tuple[dict[str, Any], str]] = [
    ({"hasMore": True}, MORE),
    ({"has_more": "true"}, MORE),
    ({"hasNextPage": 1}, MORE),
    ({"exceededTransferLimit": True}, MORE),
    ({"isTruncated": True}, MORE),
    ({"isLast": False}, MORE),
    ({"nextStart": 4}, MORE),
    ({"nextStart": "101"}, MORE),
    ({"nextPage": "https://gis.example.com/arcgis/admin/x?start=4"}, MORE),
    ({"next": {"start": 4}}, MORE),
    ({"nextCursor": "b3BhcXVl"}, MORE),
    ({"nextPageToken": "b3BhcXVl"}, MORE),
    ({"@odata.nextLink": "https://gis.example.com/x"}, MORE),
    ({"paging": {"hasMore": True}}, MORE),
    ({"_links": {"next": {"href": "/x"}}}, MORE),
    ({"links": [{"rel": "self"}, {"rel": "next", "href": "/x"}]}, MORE),
    ({"total": 4}, f"{MORE}: 3 of 4"),
    ({"total": "1200"}, f"{MORE}: 3 of 1,200"),
    ({"num": 3, "start": 1, "total": 12}, f"{MORE}: 3 of 12"),
    ({"start": 11, "num": 10}, f"{MORE}: it begins at 11"),
    ({"totalCount": 3, "count": 5}, f"{MORE}: 3 of 5"),
    ({"totalPages": 2}, f"{MORE}: 2 pages"),
    ({"hasMore": False, "total": 4}, f"{MORE}: 3 of 4"),
]
WHOLES: list[dict[str, Any]] = [
    {},
    {"hasMore": False, "nextStart": -1, "total": 3, "num": 10, "start": 1},
    {"hasMore": "false", "next": None, "nextPage": "", "total": None},
    {"nextStart": 0, "count": 3, "limit": 3, "offset": 0},
    {"total": -1},
    {"total": "many"},
    {"isLast": True, "totalPages": 1},
    {"start": 1_790_000_000_000},
    {"paging": {"hasMore": False}, "links": [{"rel": "self"}]},
    {"status": "success", "nextRun": 1_790_000_000_000},
]


@pytest.mark.parametrize(("beside", "text"), PARTS)
def test_why_incomplete_has_reason_when_site_has_more(beside: dict[str, Any], text: str) -> None:
    assert why_incomplete({"backups": [{}] * LISTED, **beside}, LISTED) == text


@pytest.mark.parametrize("beside", WHOLES)
def test_why_incomplete_is_empty_when_list_seems_complete(beside: dict[str, Any]) -> None:
    assert not why_incomplete({"backups": [{}] * LISTED, **beside}, LISTED)


def test_parse_document_keeps_presence_of_page_token_only() -> None:
    document = responses.parse_document(
        b'{"backups": [], "nextPageToken": "b3BhcXVl", "continuation_token": "", "token": "x"}'
    )
    assert document == {"backups": [], "nextPageToken": True, "continuation_token": False}


@given(
    st.dictionaries(st.sampled_from(["hasMore", "total", "nextStart", "paging", "links", "pages", "start"]), ANY_JSON)
)
def test_why_incomplete_never_fails_for_any_fields(beside: dict[str, Any]) -> None:
    said = why_incomplete({**beside, "num": 10}, LISTED)
    assert not said or said.startswith(MORE)
