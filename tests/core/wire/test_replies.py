"""Decoding of replies to operations and of one record."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.model.reply import ReplyKind
from drtui.core.wire.lenient import WireError
from drtui.core.wire.replies import MAX_TEXT, decode_record, decode_reply
from tests.core.records import record

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
ANSWERS = st.dictionaries(
    st.sampled_from(("status", "jobid", "isReady", "error", "success", "code", "messages", "username", "isReadOnly")),
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(("code", "message")), SCALARS),
)


@pytest.mark.parametrize(
    ("answer", "kind", "job", "is_ready"),
    [
        ({"isReady": True, "status": "success"}, ReplyKind.ACCEPTED, "", True),
        ({"isReady": "true", "status": "success"}, ReplyKind.ACCEPTED, "", True),
        ({"isReady": False, "status": "success"}, ReplyKind.ACCEPTED, "", False),
        ({"status": "success"}, ReplyKind.ACCEPTED, "", None),
        ({"jobsUrl": "u", "jobid": "j1", "status": "SUBMITTED"}, ReplyKind.ACCEPTED, "j1", None),
        ({"jobId": "j2"}, ReplyKind.ACCEPTED, "j2", None),
        ({"status": "failed"}, ReplyKind.ERROR, "", None),
        ({"status": "Error"}, ReplyKind.ERROR, "", None),
        ({"success": "false"}, ReplyKind.ERROR, "", None),
        ({"error": "no"}, ReplyKind.ERROR, "", None),
    ],
)
def test_reply_has_kind_job_and_readiness(
    answer: dict[str, Any], kind: ReplyKind, job: str, is_ready: bool | None
) -> None:
    reply = decode_reply(answer)
    assert (reply.kind, reply.job, reply.is_ready) == (kind, job, is_ready)


def test_reply_text_is_the_answer_cut_to_a_length() -> None:
    assert decode_reply({"status": "success"}).text == '{"status":"success"}'
    assert len(decode_reply({"note": "x" * 9_999}).text) == MAX_TEXT


@given(ANSWERS)
def test_reply_is_never_ready_unless_the_answer_says_so(answer: dict[str, Any]) -> None:
    reply = decode_reply(answer)
    is_ready = answer.get("isReady")
    assert reply.is_ready is not True or is_ready is True or str(is_ready).strip().lower() == "true"


@pytest.mark.parametrize("answer", [{}, {"isReadOnly": None, "username": "", "status": "x"}])
def test_record_of_another_shape_is_an_error(answer: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        decode_record(answer, "vault")


def test_record_is_decoded_under_the_store_that_was_asked() -> None:
    backup = decode_record(record(backupStore="before"), "vault")
    assert (backup.store, backup.recorded_store, backup.name) == ("vault", "before", "nightly-2026-09-20-00-00-09")
