"""Texts of all errors, worded for the administrator who has to fix the cause, and the function that makes errors."""

from drtui.api.errors import (
    ApiError,
    Missing,
    Refused,
    RequestInfo,
    ServerFailure,
    SignInNeeded,
    Unreachable,
    Unreadable,
)
from drtui.core.formatting.text import cut, sanitize
from drtui.core.model.address import Address, AddressError
from drtui.core.model.failure import Failure

MAX_QUOTE_CELLS = 300
"""Width in cells to which the server's own words are cut."""

CHECK_ADDRESS = "Check scheme and port of the address."
CHECK_CONTEXT = "Check the context path, the part of the address after the host: often arcgis or enterprise."
LOOK_IN_BROWSER = "Open the address in a browser to see what answers there."
LONGER_TIMEOUT = "Try a longer --timeout."
NEW_ADDRESS = "Sign in again with a new address."
NO_CLIENT_ID = """\
It is the id of an application that the site's administrator registers in the portal, with the redirect address \
urn:ietf:wg:oauth:2.0:oob."""
USE_CLIENT_ID = """\
Give it with --client-id ID, or as client_id in config.toml. --client-id pythonapi works on stock portals; their \
consent page then names the ArcGIS API for Python instead of drtui."""
RETRY_LATER = "The site may be starting, updating, or being restored. Try again in a few minutes."

ERROR_TEXTS: dict[type[ApiError], dict[str, tuple[str, str, str]]] = {
    Unreachable: {
        "address": ("cannot connect to {host}", "The host name is not valid.", "Check the address."),
        "ca-file": (
            "cannot read certificates from '{path}'",
            "--ca-file, SSL_CERT_FILE or SSL_CERT_DIR names a file that is missing, not readable or not PEM.",
            "Name the right file with --ca-file, or correct the variable.",
        ),
        "client-cert: binary": (
            "no {content} in PEM format in '{path}'",
            "The file is binary: perhaps PKCS #12 (.p12, .pfx) or DER.",
            "Convert it: openssl pkcs12 -in FILE -out client.pem, then --cert client.pem; chmod 600 client.pem.",
        ),
        "client-cert: closed": (
            "{host} closed the connection after the TLS handshake",
            "Probably it requires a client certificate.",
            "Give the certificate with --cert FILE and --key FILE.",
        ),
        "client-cert: content": (
            "no {content} in '{path}'",
            "The file holds something else.",
            "Name the certificate with --cert and its key with --key, both in PEM format.",
        ),
        "client-cert: damaged": (
            "cannot use the {content} in '{path}'",
            "The text between BEGIN and END is damaged, or of a kind that is not accepted here.",
            "Export certificate and key again.",
        ),
        "client-cert: encrypted": (
            "the key in '{path}' is encrypted, and no password was given",
            "Its password is neither given as an option nor named in config.toml.",
            "Give --key-password-file FILE, or key_password_command in config.toml.",
        ),
        "client-cert: file": (
            "cannot read the client certificate or key '{path}'",
            "{reason}.",
            "Name the files with --cert and --key, or in config.toml with cert and key.",
        ),
        "client-cert: mismatch": (
            "the key in '{key}' does not belong to the certificate in '{cert}'",
            "They are of different requests, or the certificate was renewed with a new key.",
            "Name the key that the certificate was requested with.",
        ),
        "client-cert: permissions": (
            "other users can read the key in '{path}'",
            "Its mode allows it.",
            "Run chmod 600 {path}",
        ),
        "client-cert: probably required": (
            "{host} ended the TLS handshake",
            "Probably it requires a client certificate; or it serves no such host name, or no TLS version in use here.",
            "Give the certificate with --cert FILE and --key FILE.",
        ),
        "client-cert: wrong password": (
            "the password does not open the key in '{path}'",
            "It is the password of another key, or the key is damaged.",
            "Try again, or correct --key-password-file, or key_password_command in config.toml.",
        ),
        "connection-refused": (
            "{host} refused the connection",
            "Nothing listens on that port, or a firewall rejected the connection.",
            "Check the port and whether the site is running.",
        ),
        "dns": (
            "unknown host {host}",
            "A typing error, or a name that only the site's internal network knows.",
            "Check the spelling. From outside, use the bastion or the VPN.",
        ),
        "dns: offline": (
            "cannot look up the host name {host}",
            "No name server answered: this machine may be offline.",
            "Check this machine's network, then the spelling of the name.",
        ),
        "dropped": (
            "connection to {host} was lost",
            "The site, or a gateway in front of it, closed it before the answer was complete.{via_proxy}",
            RETRY_LATER,
        ),
        "no-route": (
            "no route to {host}",
            "The network is down, or the site is only reachable from its internal network.",
            "Check this machine's network. From outside, use the bastion or the VPN.",
        ),
        "protocol": (
            "no valid HTTP answer from {host}",
            "Another program listens on that port, or the port expects https instead of http.{via_proxy}",
            CHECK_ADDRESS,
        ),
        "proxy": (
            "request through {proxy} failed",
            "HTTPS_PROXY or ALL_PROXY names a proxy that is down, or that does not serve this host.",
            "Add {host} to NO_PROXY, or correct the proxy.",
        ),
        "proxy: variable": (
            "{reason}",
            "The value is misspelled, or the password contains characters with a special meaning.",
            "Correct the variable, or add the site to NO_PROXY.",
        ),
        "timeout": ("{host} did not answer in time", "The site is down or overloaded.{via_proxy}", LONGER_TIMEOUT),
        "timeout: connecting": (
            "{host} did not accept the connection in time",
            "A firewall drops the request, or the host is down.{via_proxy}",
            "Check that the site is running and reachable from here.",
        ),
        "timeout: refresh": (
            "{host} did not answer in time ({seconds:g} s for the whole refresh)",
            "The site is overloaded, or has a great many stores.{via_proxy}",
            LONGER_TIMEOUT,
        ),
        "tls": (
            "TLS handshake with {host} failed",
            "The port may be plain HTTP, the site may require a client certificate, or a middlebox interferes.",
            CHECK_ADDRESS,
        ),
        "tls: another name": (
            "certificate of {host}{issued} is for another name",
            "It does not contain the name {host}.",
            "Use a name that it contains, or have it reissued.",
        ),
        "tls: expired": (
            "certificate of {host}{issued} has expired",
            "It was not renewed, or this machine's clock is wrong.",
            "Have it renewed, and check this machine's clock.",
        ),
        "tls: not valid yet": (
            "certificate of {host}{issued} is not valid yet",
            "It was issued recently, or this machine's clock is slow.",
            "Check this machine's clock.",
        ),
        "tls: self-signed": (
            "certificate of {host}{issued} is not trusted",
            "It is self-signed, and this machine does not know it.",
            "Verify a copy of it, then name the file with --ca-file (or SSL_CERT_FILE).",
        ),
        "tls: untrusted": (
            "certificate of {host}{issued} is not trusted",
            "It was issued by {issuer}, which this machine does not trust.",
            "Get that authority's certificate and name it with --ca-file (or SSL_CERT_FILE).",
        ),
    },
    Refused: {
        "client-cert: refused": (
            "{host} refused the client certificate '{path}'",
            "{reason}{via_proxy}",
            "Ask the site's administrators which authority's certificates it accepts.",
        ),
        "client-cert: required": (
            "{host} requires a client certificate, and none was given",
            "The site, or a gateway in front of it, accepts only clients with a certificate.{via_proxy}",
            "Give it with --cert FILE and --key FILE, or cert and key in config.toml.",
        ),
        "client: missing": (
            "single sign-on needs a client id",
            NO_CLIENT_ID,
            USE_CLIENT_ID,
        ),
        "client: redirect": (
            "the application '{client_id}' cannot hand out a code to copy",
            "Its registration in the portal lacks the redirect address urn:ietf:wg:oauth:2.0:oob.",
            "Have it added, or use another client id.",
        ),
        "client: unknown": (
            "the site does not know the client id '{client_id}'",
            "A typing error, or no application of that id is registered in this portal.",
            "Check it, or have an application registered with the redirect address urn:ietf:wg:oauth:2.0:oob.",
        ),
        "code: denied": (
            "the sign-in was not approved in the browser",
            "Somebody pressed Cancel, or the account may not use this application.",
            NEW_ADDRESS,
        ),
        "code: error": (
            "the pasted text is an error of the portal, not a code",
            "The sign-in in the browser failed.",
            NEW_ADDRESS,
        ),
        "code: none": (
            "the pasted text contains no sign-in code",
            "Something else was copied, or only a part of the page.",
            "Copy the code of the page that says SUCCESS, or that page's address. " + NEW_ADDRESS,
        ),
        "code: other sign-in": (
            "the code belongs to another sign-in",
            "The page was opened from an address that was shown earlier.",
            NEW_ADDRESS,
        ),
        "code: rejected": (
            "the site rejected the sign-in code",
            "It has expired (codes last a few minutes), was used before, or was copied only in part.",
            NEW_ADDRESS,
        ),
        "gateway": (
            "a gateway or proxy in front of the site rejected the request",
            "Web-tier authentication, a firewall or a proxy requires a sign-in of its own.",
            "Try the other --auth-header, or ask its administrators for an address that lets the token through.",
        ),
        "header": (
            "the {name} contains characters that cannot be sent",
            "It was copied together with a line break, a quotation mark or an ellipsis.",
            "Copy the {name} again, without anything around it.",
        ),
        "privilege": (
            "this account has no permission to read this",
            "{privilege}",
            "Sign in with another account, or have the privilege added.",
        ),
        "sign-in": (
            "the site rejected user name and password",
            "A typing error; or an account of an identity provider (SAML, OpenID) or with multifactor sign-in.",
            "Check both. Such accounts cannot sign in by password: use --sso or a token.",
        ),
        "sign-in: browser": (
            "the site refused the single sign-on",
            "The portal does not allow it for this application or account.",
            NEW_ADDRESS,
        ),
        "sign-in: locked": (
            "the site rejected user name and password",
            "Too many attempts have locked the account.",
            "Wait 15 minutes, or use a token.",
        ),
    },
    SignInNeeded: {
        "498": (
            "the token is not valid",
            "It has expired, or it is bound to another referer (--referer).",
            "Sign in again, or use a new token.",
        ),
        "498: single sign-on": (
            "the single sign-on has ended",
            "Its tokens have expired or were revoked.",
            "Sign in again in a browser.",
        ),
        "499": (
            "the site requires a token",
            "No token was given, or something in between removed it.",
            "Sign in again, use a new token, or try the other --auth-header.",
        ),
    },
    Missing: {
        "404": (
            "{summary}",
            "It was deleted, this release does not have it, or the context path is wrong.",
            CHECK_CONTEXT,
        ),
        "404: root": (
            "{summary}",
            "The context path is wrong, or no ArcGIS Enterprise on Kubernetes runs there.",
            CHECK_CONTEXT,
        ),
    },
    Unreadable: {
        "html": (
            "the site answered {status} with a page instead of JSON",
            "A login page, a gateway, or another server at this address.",
            CHECK_CONTEXT,
        ),
        "html: empty": (
            "the site's answer {status} is empty",
            "A login page, a gateway, or another server at this address.",
            CHECK_CONTEXT,
        ),
        "internal": (
            "could not process the answer of {host}",
            "The site sent something unexpected that drtui cannot handle: a bug in drtui.",
            "Please report it, with the log that --log-file FILE writes.",
        ),
        "invalid": (
            "the site rejected the request as invalid",
            "This release differs from the documentation.",
            "Open the address in a browser to compare, and please report it.",
        ),
        "memory": (
            "not enough memory for the answer of {host}",
            "The answer is very large, or this machine has little memory left.",
            "Close other programs, or use another machine.",
        ),
        "redirect": (
            "refused to follow a redirect to another host with the token",
            "A login page, or the address of a load balancer.",
            "If you trust that address, use it instead.",
        ),
        "shape": (
            "the answer does not have the documented form",
            "Another kind of server, a proxy, or a release that drtui does not know.",
            LOOK_IN_BROWSER,
        ),
        "shape: packed": (
            "cannot decompress the answer of {host}",
            "A proxy or gateway in between damages answers.",
            "Try from another network, or report it to whoever runs the gateway.",
        ),
        "too-large": (
            "the answer is larger than {mebibytes} MiB; drtui stopped reading",
            "Another server answers there, or the site is out of order.",
            LOOK_IN_BROWSER,
        ),
    },
    ServerFailure: {
        "429": ("the site answered 429", "Too many requests in a short time.", RETRY_LATER),
        "500": (
            "the site answered 500",
            "The server, or a gateway in front of it, failed; its log says more.",
            RETRY_LATER,
        ),
        "502": (
            "the site answered {status}",
            "The gateway works, but the site behind it is starting, updating, being restored or down.",
            RETRY_LATER,
        ),
        "error": ("the site reported an error", "An internal error of the site; its log says more.", RETRY_LATER),
    },
}
"""Summary, cause and advice of each condition, by the class of the error. A condition is the code of the failure, and a
variant after a colon if one code has several texts."""

DIAGNOSED = frozenset({"gateway", "404: root", "html", "html: empty", "redirect"})
"""Conditions besides those of `Unreachable` whose cause `drtui doctor` may find: something else answers."""


def make_error(
    condition: str, request: RequestInfo | None = None, quote: str = "", *, code: object = "", **values: object
) -> ApiError:
    """Return the error for a condition in `ERROR_TEXTS`.

    `quote` is the message of the server or library, `code` replaces the code in the condition, and `values` are named
    by the texts besides the host and the proxy of the request.
    """
    kind_of_error, texts = next((kind, texts[condition]) for kind, texts in ERROR_TEXTS.items() if condition in texts)
    if request is not None:
        proxy = f"the proxy {request.proxy}".strip()
        via_proxy = f" The request went through {proxy}." if request.proxy else ""
        values |= {"host": request.host, "proxy": proxy, "via_proxy": via_proxy}
        quote = request.hide(quote)
    summary, cause, advice = (sanitize(text.format(**values)) for text in texts)
    quote = cut(sanitize(" ".join(quote.split())), MAX_QUOTE_CELLS)
    code = str(code) or condition.partition(":")[0]
    line = "" if request is None else request.line
    is_diagnosed = request is not None and (kind_of_error is Unreachable or condition in DIAGNOSED)
    site = _site_of(request) if request is not None and is_diagnosed else ""
    return kind_of_error(Failure(kind_of_error.kind, code, summary, quote, cause, advice, line, site))


def _site_of(request: RequestInfo) -> str:
    """Return the address of the site that a request was for; empty if it has none."""
    try:
        return Address.parse(request.url, allow_http=True).url
    except AddressError:
        return ""
