"""Decoders remove planted secrets."""

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from drtui.core.model.auth import Secret
from drtui.core.wire import backups, responses
from drtui.core.wire.known_secrets import HIDDEN, KnownSecrets
from drtui.core.wire.lenient import WireError
from drtui.core.wire.redact import is_secret_name, redact_and_sanitize
from tests.core.answers import READERS, SHAPES, leaves

PLANTED = "Pl4nted"
"""Text that is part of every planted secret."""

DOCUMENTED = [
    *("passcode", "password", "token", "encryptKey", "identityKey", "accessKey", "metadata", "credential"),
    *("credentials", "secret", "secretKey", "secretAccessKey", "adminUserPassword", "storageAccountKey", "accessKeyId"),
    *("encryptKeys", "tokens", "passphrase", "pwd", "dbPwd", "connectionString", "authorization", "sig", "sas", "key1"),
    *("SharedAccessSignature", "tokenValue", "apiKeys", "accountKey2", "proxyAuthorization", "secrets", "passcodes"),
    *("privateKey", "passwd", "sasToken", "access_token", "refreshToken", "clientSecret", "connectionCredentials"),
]
VARIANTS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    str.capitalize,
    str.swapcase,
    lambda name: re.sub("(?=[A-Z])", "_", name),
    lambda name: re.sub("(?=[A-Z])", "-", name).lower(),
    lambda name: f" {name} ",
    lambda name: f"{name[:3]}\x00\u200b{name[3:]}",
]
VALUES = [
    PLANTED,
    f"{{crypt}}{PLANTED}",
    [PLANTED],
    [[{"value": PLANTED}]],
    {"value": PLANTED},
    {"a": {"b": [PLANTED]}},
]


def with_everywhere(shape: Any, name: str, value: Any) -> Any:
    """Return a copy of `shape` with a field added to every object at any depth."""
    if isinstance(shape, dict):
        return {key: with_everywhere(inner, name, value) for key, inner in shape.items()} | {name: value}
    return [with_everywhere(inner, name, value) for inner in shape] if isinstance(shape, list) else shape


def redacted_text(body: bytes) -> str:
    """Return the results of all decoders for an answer, as text in several forms."""
    answer = responses.parse_document(body)
    results = [answer, *(read(answer) for read in READERS.values())]
    built = [msgspec.to_builtins(result) for result in results]
    raw = b"".join(value for result in built for value in leaves(result) if isinstance(value, bytes))
    return f"{results!r} {built!r} {raw.decode()} {json.dumps(answer)}"


@pytest.mark.parametrize("name", DOCUMENTED)
def test_decoders_remove_planted_secrets(name: str) -> None:
    for variant in VARIANTS:
        for value in VALUES:
            body = json.dumps(with_everywhere(SHAPES, variant(name), value)).encode()
            assert PLANTED in body.decode()
            assert PLANTED not in redacted_text(body), (variant(name), value)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_decoders_remove_secret_when_name_has_escapes(name: str) -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in name)
    body = json.dumps(with_everywhere(SHAPES, "PLACE", PLANTED)).replace("PLACE", escaped).encode()
    assert PLANTED not in redacted_text(body)


@pytest.mark.parametrize("name", ["password", "metadata", "encryptKey"])
def test_decoders_remove_secret_when_json_is_invalid(name: str) -> None:
    body = json.dumps(with_everywhere(SHAPES, name, PLANTED)).encode()
    assert PLANTED not in redacted_text(b"\xef\xbb\xbf" + body)
    assert PLANTED not in redacted_text(body.replace(b'"j1"', b'"\\ud800\xff"'))


def test_decoders_remove_secret_when_name_occurs_twice() -> None:
    assert PLANTED not in redacted_text(
        json.dumps(SHAPES).replace("{", f'{{"token": "{PLANTED}", "token": "{PLANTED}", "z": 0,', 1).encode()
    )


@pytest.mark.parametrize("value", [f"{{crypt}}{PLANTED}", f"  {{crypt}}{PLANTED}", f"{{CRYPT}}{PLANTED}"])
def test_decoders_remove_encrypted_text_under_any_name(value: str) -> None:
    body = json.dumps(with_everywhere(SHAPES, "innocent", [value, {"note": value}])).encode()
    assert PLANTED not in redacted_text(body)
    body = json.dumps(with_everywhere(SHAPES, "innocent", value)).encode()
    assert PLANTED not in redacted_text(body)


@pytest.mark.parametrize("value", [12_345_678, 1.5, True, None])
def test_decoders_remove_secret_of_any_type(value: object) -> None:
    assert redact_and_sanitize({"passcode": value, "kept": value}) == {"kept": value}


@pytest.mark.parametrize(
    "name",
    [
        *("backupName", "status", "identity", "namespace", "clusterID", "egdbID", "gdbName", "buckets", "rootDir"),
        *("providerID", "serviceID", "versionCreated", "cronExpression", "parameters", "storeName", "description"),
        *("retentionOffset", "encryptAttributes", "encryptedAttributes", "storageClass", "labels", "username", ""),
        *("relationalStore", "objectStore", "infrastructures", "systemDatabases", "keyspace", "metaData"),
        *(
            "keyword",
            "keywords",
            "monkey",
            "tokenServicesUrl",
            "tokenExpiration",
            "bypass",
            "compass",
            "class",
            "design",
        ),
        *("signed", "signature", "assigned", "SASL", "passed", "keyId", "connection", "authorized"),
    ],
)
def test_decoders_keep_fields_that_are_no_secrets(name: str) -> None:
    assert redact_and_sanitize({name: {"a": "b"}}) == {name: {"a": "b"}}


@pytest.mark.parametrize("name", ["adminPass", "db_pass", "PASS", "sasCreds", "uploadSig", "key", "\uff30assword"])
def test_is_secret_name_is_true_when_last_word_names_a_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://admin:{PLANTED}@h/x and", f"https://admin:{HIDDEN}@h/x and"),
        (f"postgres://u:{PLANTED}@x@h:5432/db", f"postgres://u:{HIDDEN}@h:5432/db"),
        (f"https://h/c?sv=2024&sig={PLANTED}%2B&se=1", f"https://h/c?sv=2024&sig={HIDDEN}&se=1"),
        (f"https://h/c?f=json&token={PLANTED}", f"https://h/c?f=json&token={HIDDEN}"),
        (f"AccountName=a;AccountKey={PLANTED}==;Suffix=b", f"AccountName=a;AccountKey={HIDDEN};Suffix=b"),
        (f"Server=h;Password='{PLANTED} x;y';Pwd={PLANTED}", f"Server=h;Password={HIDDEN};Pwd={HIDDEN}"),
        (f"SharedAccessSignature=sv=1&sig={PLANTED}", f"SharedAccessSignature={HIDDEN}&sig={HIDDEN}"),
        (
            f"X-Amz-Credential={PLANTED}&X-Amz-Signature={PLANTED}",
            f"X-Amz-Credential={HIDDEN}&X-Amz-Signature={HIDDEN}",
        ),
        (f"sent token=Bearer {PLANTED}.a.b.c.1234567", f"sent token={HIDDEN} {HIDDEN}"),
        (f"Authorization: Basic {PLANTED}0123456789==", f"Authorization: Basic {HIDDEN}"),
    ],
)
def test_text_has_no_secret_when_secret_follows_its_name(text: str, expected: str) -> None:
    assert redact_and_sanitize({"note": [text]}) == {"note": [expected]}
    assert redact_and_sanitize(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://h:443/a@b",
        "a=b",
        "mail to x@y.org",
        "Basic infrastructureobjects",
        "pass=1",
        "12:30 @ noon",
        "keys = 3",
    ],
)
def test_text_is_kept_when_it_names_no_secret(text: str) -> None:
    assert redact_and_sanitize(text) == text


def test_known_secret_is_removed_anywhere_in_an_answer() -> None:
    secrets = KnownSecrets([Secret(PLANTED), Secret("12345678")])
    body = json.dumps(
        with_everywhere(SHAPES, f"x {PLANTED}", [PLANTED, {"n": 12345678}, {"a": f"<b>{PLANTED}"}])
    ).encode()
    answer = responses.parse_document(body, secrets=secrets)
    results = [answer, *(read(answer) for read in READERS.values())]
    assert PLANTED not in f"{results!r}"
    assert "12345678" not in f"{results!r}"
    assert answer[f"x {HIDDEN}"] == [HIDDEN, {"n": HIDDEN}, {"a": f"<b>{HIDDEN}"}]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_is_secret_name_returns_expected_value(name: str) -> None:
    assert all(is_secret_name(variant(name)) for variant in VARIANTS)


def test_wire_error_does_not_quote_the_answer() -> None:
    for body in (f'{{"token": "{PLANTED}", '.encode(), json.dumps([PLANTED]).encode(), f'"{PLANTED}"'.encode()):
        with pytest.raises(WireError) as caught:
            responses.parse_document(body)
        assert PLANTED not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    with pytest.raises(WireError) as caught:
        backups.decode_backups({"backups": PLANTED}, "vault")
    assert PLANTED not in repr(caught.value)
