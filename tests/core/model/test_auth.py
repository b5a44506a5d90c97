"""The type Secret reveals its value only on request."""

import copy
import json
import logging
import pickle
import pprint
import traceback

import msgspec
import pytest

from drtui.core.model.auth import Secret
from drtui.core.wire.responses import TokenGrant

PLANTED = "Pl4nted"


def test_secret_reveal_returns_value() -> None:
    assert Secret(PLANTED).reveal() == PLANTED


@pytest.mark.parametrize(
    "expected",
    [
        repr(Secret(PLANTED)),
        str(Secret(PLANTED)),
        f"{Secret(PLANTED)}",
        f"{Secret(PLANTED)!r:>40}",
        "%s %r" % (Secret(PLANTED), Secret(PLANTED)),  # noqa: UP031 - how loggers do it
        pprint.pformat([Secret(PLANTED)]),
        repr(TokenGrant(Secret(PLANTED), None)),
        repr({"token": Secret(PLANTED)}),
        logging.makeLogRecord({"msg": "%s", "args": (Secret(PLANTED),)}).getMessage(),
    ],
)
def test_secret_is_hidden_when_printed(expected: str) -> None:
    assert PLANTED not in expected
    assert "Secret(...)" in expected


def failing(secret: Secret) -> None:
    """Fail with a secret among the local variables."""
    raise ValueError(secret)


def test_secret_is_hidden_in_traceback_with_locals() -> None:
    with pytest.raises(ValueError, match="Secret") as caught:
        failing(Secret(PLANTED))
    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "secret = Secret(...)" in text
    assert PLANTED not in text


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps, lambda it: pickle.dumps(it, 0)])
def test_secret_raises_when_copied_or_pickled(copied: object) -> None:
    assert callable(copied)
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        copied(Secret(PLANTED))


@pytest.mark.parametrize("encode", [json.dumps, msgspec.json.encode, msgspec.to_builtins, vars])
def test_secret_raises_when_encoded(encode: object) -> None:
    assert callable(encode)
    with pytest.raises(TypeError) as caught:
        encode(Secret(PLANTED))
    assert PLANTED not in str(caught.value)


@pytest.mark.parametrize("other", [Secret(PLANTED), PLANTED])
def test_secret_equals_only_itself(other: object) -> None:
    secret = Secret(PLANTED)
    assert secret == secret  # noqa: PLR0124 - that is the point
    assert secret != other


def test_secret_is_true_when_not_empty() -> None:
    assert Secret(PLANTED)
    assert not Secret("")
