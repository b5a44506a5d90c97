"""Single sign-on: the address to sign in at, the code in a pasted text, tokens and errors."""

from urllib.parse import parse_qs, urlsplit

import pytest

from drtui.core.model.address import Address
from drtui.core.wire.oauth import (
    OUT_OF_BAND,
    PastedTextError,
    authorize_url,
    decode_oauth_error,
    decode_oauth_grant,
    make_challenge,
    parse_code,
)

CODE = "V2x7-bQ0.e_9~kLmN+aZ/4=="
STATE = "our-state"
APPROVAL = "https://gis.example.com/arcgis/sharing/rest/oauth2/approval"
ENCODED = "V2x7-bQ0.e_9~kLmN%2BaZ%2F4%3D%3D"


def test_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert make_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_address_has_the_parameters_of_the_portal_and_no_secret() -> None:
    url = authorize_url(Address.parse("https://gis.example.com/arcgis"), "drtui & co", "challenge", STATE)
    parts = urlsplit(url)
    assert parts._replace(query="").geturl() == "https://gis.example.com/arcgis/sharing/rest/oauth2/authorize"
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "client_id": "drtui & co",
        "response_type": "code",
        "redirect_uri": OUT_OF_BAND,
        "expiration": "480",
        "code_challenge": "challenge",
        "code_challenge_method": "S256",
        "state": STATE,
    }


@pytest.mark.parametrize(
    "pasted",
    [
        CODE,
        f"  {CODE}\t\r\n",
        f"{CODE[:9]}\n{CODE[9:]}",
        f"{CODE[:9]} \n   {CODE[9:]}",
        f'"{CODE}"',
        f"`{CODE}`",
        f"SUCCESS code={CODE}",
        f"SUCCESS\ncode = {CODE}\n",
        f"success code={CODE}&state={STATE}",
        f"Page title: SUCCESS code={CODE}",
        f"SUCCESS code={CODE} \u2014 Mozilla Firefox",
        f"SUCCESS code={CODE} - Web",
        f"You are signed in\nCopy this code and paste it into drtui:\n{CODE}\nIt can be used once. Then close.",
        f"{CODE[:20]}\n{CODE[20:]}",
        f"code={CODE}",
        f"?code={ENCODED}&state={STATE}",
        f"{APPROVAL}?code={ENCODED}",
        f"{APPROVAL}?code={CODE}&state={STATE}",
        f"{APPROVAL}?state={STATE}&code={ENCODED}#top",
        f"{APPROVAL}#code={ENCODED}&state={STATE}",
        f"  {APPROVAL}?co\n  de={ENCODED[:10]}\n{ENCODED[10:]}\n",
        f"HTTPS://GIS.EXAMPLE.COM/arcgis/sharing/rest/oauth2/approval?code={ENCODED}",
        f"<{APPROVAL}?code={ENCODED}>",
    ],
)
def test_code_is_found_when_it_is_pasted_with_what_surrounds_it(pasted: str) -> None:
    assert parse_code(pasted, STATE).reveal() == CODE


@pytest.mark.parametrize(
    ("pasted", "condition"),
    [
        ("", "code: none"),
        (" \n", "code: none"),
        ("abc", "code: none"),
        ("x" * 5000, "code: none"),
        ("I did not get any.", "code: none"),
        ("I have no code", "code: none"),
        ("\x1b[200~code\x1b[201~", "code: none"),
        ("c\u00f6de-with-an-umlaut", "code: none"),
        ("<html><title>Sign In</title></html>", "code: none"),
        (APPROVAL, "code: none"),
        (f"{APPROVAL}?code=", "code: none"),
        ("https://[broken", "code: none"),
        (authorize_url(Address.parse("https://gis.example.com/arcgis"), "drtui", "challenge", STATE), "code: none"),
        (f"{APPROVAL}?code={ENCODED}&state=another", "code: other sign-in"),
        (f"SUCCESS code={CODE}&state=another", "code: other sign-in"),
        (f"{APPROVAL}?error=access_denied&error_description=no&state={STATE}", "code: denied"),
        ("Denied error=access_denied", "code: denied"),
        (f"error=server_error&state={STATE}", "code: error"),
        ("Error: Invalid redirect_uri", "client: redirect"),
        ("Error: 400 Invalid client_id", "client: unknown"),
    ],
)
def test_pasted_text_is_refused_with_its_reason_when_it_has_no_code(pasted: str, condition: str) -> None:
    with pytest.raises(PastedTextError) as caught:
        parse_code(pasted, STATE)
    assert caught.value.condition == condition


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"access_token": "a", "expires_in": 1800}', ("a", 1_801_000, "", None, None)),
        (
            b'{"access_token":"a","expires_in":"60","username":"u","refresh_token":"r","refresh_token_expires_in":120}',
            ("a", 61_000, "u", "r", 121_000),
        ),
        (b'{"access_token": "a", "expires_in": 0, "refresh_token": ""}', ("a", None, "", None, None)),
        (b'{"access_token": "a", "expires_in": -5, "refresh_token": "a\\nb"}', ("a", None, "", None, None)),
    ],
)
def test_grant_has_tokens_and_their_ends_when_the_answer_has(body: bytes, expected: tuple[object, ...]) -> None:
    grant = decode_oauth_grant(body, "drtui", 1000)
    assert grant is not None
    refresh_token = grant.refresh_token and grant.refresh_token.reveal()
    ends = (grant.expires, grant.refresh_expires)
    assert (grant.access_token.reveal(), ends[0], grant.user, refresh_token, ends[1]) == expected
    assert grant.client_id == "drtui"


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"access_token": ""}', b'{"access_token": 5}', b'{"error": "x"}'])
def test_grant_is_none_when_the_answer_has_no_token(body: bytes) -> None:
    assert decode_oauth_grant(body, "drtui", 0) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"error": {"code": 400, "error": "invalid_grant", "error_description": "Expired", "message": "m"}},
            ("invalid_grant", "Expired"),
        ),
        ({"error": {"code": 400, "message": "Invalid client_id"}}, ("", "Invalid client_id")),
        ({"error": "Invalid_Grant", "error_description": "Expired"}, ("invalid_grant", "Expired")),
        ({"access_token": "a"}, ("", "")),
    ],
)
def test_error_has_word_and_message_in_either_form(answer: dict[str, object], expected: tuple[str, str]) -> None:
    assert decode_oauth_error(answer) == expected
