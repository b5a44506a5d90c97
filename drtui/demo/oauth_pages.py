"""Pages of the simulated portal and its identity provider: plain forms that work without scripts."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from starlette.responses import HTMLResponse

ORGANIZATION_NAME = "City GIS"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 1rem/1.5 sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem }}
label, input, button {{ display: block; font: inherit }} input {{ width: 100%; margin-bottom: 1rem }}
code {{ font-size: 1.1rem; overflow-wrap: anywhere }}
</style>{script}</head>
<body><main><h1>{heading}</h1>
{body}
</main></body></html>
"""
SCRIPT = """<script>
var oAuthInfo = %s;
</script>"""
"""Variable of a page. Esri's Python package reads it from one line, without blanks (`EsriPKCEAuth`), and the title."""
NEVER_STORED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

SIGN_IN = "/arcgis/sharing/oauth2/signin"
"""Address of the sign-in form."""
CITY_ID = "/city-id/sign-in"
"""Address of the identity provider, which lies outside the portal."""


def _page(
    title: str, heading: str, body: str, variable: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """Return a page; title and heading are text, `body` is HTML."""
    # `<` as an escape, so that no value ends the script.
    script = SCRIPT % json.dumps(variable, separators=(",", ":")).replace("<", "\\u003c") if variable else ""
    text = PAGE.format(title=escape(title), script=script, heading=escape(heading), body=body)
    return HTMLResponse(text, status, NEVER_STORED)


def _form(action: str, state: str, *fields: str, button: str = "Sign in") -> str:
    hidden = f'<input type="hidden" name="oauth_state" value="{escape(state)}">'
    return f'<form method="post" action="{action}">{hidden}{"".join(fields)}<button>{button}</button></form>'


def _field(name: str, label: str, kind: str = "text", complete: str = "off") -> str:
    return (
        f'<label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" required>'
    )


USERNAME, PASSWORD = _field("username", "Username", complete="username"), _field("password", "Password", "password")


def _alert(message: str) -> str:
    return f'<p role="alert"><strong>{escape(message)}</strong></p>' if message else ""


def sign_in_page(state: str, app: str, message: str = "") -> HTMLResponse:
    """Return the sign-in page of the portal, which also asks for consent to an app."""
    consent = (
        f"<p><strong>{escape(app)}</strong> asks to use {ORGANIZATION_NAME} with your account and your privileges."
        " Signing in allows it.</p>"
    )
    other = f'<p><a href="{CITY_ID}?oauth_state={escape(state)}">Sign in with City ID</a></p>'
    deny = _form(f"{SIGN_IN}/deny", state, button="Cancel")
    body = consent + _alert(message) + _form(SIGN_IN, state, USERNAME, PASSWORD) + other + deny
    variable = {"oauth_state": state, "client_name": app, "messages": [message] if message else []}
    return _page("Sign In", f"Sign in to {ORGANIZATION_NAME}", body, variable)


def verification_page(state: str, message: str = "") -> HTMLResponse:
    """Return the page that asks for the code of an authenticator."""
    field = _field("mfa_code", "Verification code from your authenticator", complete="one-time-code")
    body = _alert(message) + _form(SIGN_IN, state, field, button="Verify")
    variable = {"oauth_state": state, "messages": [message] if message else []}
    return _page("Multifactor Authentication", "Verify that it is you", body, variable)


def city_id_page(state: str, message: str = "") -> HTMLResponse:
    """Return the sign-in page of the identity provider."""
    introduction = f"<p>City ID signs you in to {ORGANIZATION_NAME}, which does not see your password.</p>"
    body = introduction + _alert(message) + _form(CITY_ID, state, USERNAME, PASSWORD)
    return _page("City ID", "Sign in with your City ID", body)


def approval_page(code: str, app: str) -> HTMLResponse:
    """Return the page that ends a sign-in with a code to copy."""
    body = (
        f'<p>Copy this code and paste it into <strong>{escape(app)}</strong>:</p><p><code id="code">{escape(code)}'
        "</code></p><p>It can be used once, within ten minutes. Then close this page.</p>"
    )
    return _page(f"SUCCESS code={code}", "You are signed in", body, {"code": code})


def finished_page() -> HTMLResponse:
    """Return the page that ends a sign-in without a code."""
    return _page("SUCCESS", "You are signed in", "<p>You can close this page.</p>")


def denied_page() -> HTMLResponse:
    """Return the page that ends a sign-in which was cancelled."""
    return _page("Denied error=access_denied", "Sign-in cancelled", "<p>The app got no access. Close this page.</p>")


def error_page(reason: str) -> HTMLResponse:
    """Return the page of the portal for a sign-in that cannot be continued."""
    explanation = f"<p>{escape(reason)}</p><p>Go back to the app, and ask it for a new address.</p>"
    return _page(f"Error: {reason}", "Cannot sign in", explanation, status=400)
