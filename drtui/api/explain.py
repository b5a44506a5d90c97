"""What went wrong, in the words of the person who has to mend it."""

import re
import socket
import ssl
from collections.abc import Iterator

import httpx

from drtui.api.errors import ApiError, Missing, Refused, SignInNeeded, Unreachable, Unreadable
from drtui.model.wire import Refusal

CHECK_CONTEXT = "Check the context path: it is the part after the host, often arcgis or enterprise."
BUSY = "The site may be starting, updating, or being restored: ask again in a while."


def of_transport(error: httpx.TransportError, request: str, host: str, issuer: str = "") -> ApiError:
    """The error for a request that got no answer; `issuer` is who signed a certificate that was not trusted."""
    causes = tuple(_causes(error))
    if isinstance(error, httpx.ProxyError):
        return Unreachable(
            "proxy",
            "the proxy did not let the request through",
            said=str(error),
            request=request,
            cause="HTTPS_PROXY or ALL_PROXY names a proxy that does not reach this host.",
            advice="Put the host into NO_PROXY, or correct the proxy.",
        )
    if isinstance(error, httpx.TimeoutException):
        return timed_out(request, host)
    certificate = next((each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        return _of_certificate(certificate, request, host, issuer)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return Unreachable(
            "tls",
            f"{host} did not speak TLS as expected",
            said=str(error),
            request=request,
            cause="This port may be plain HTTP, or a middlebox breaks the connection.",
            advice="Check port and scheme of the address.",
        )
    if any(isinstance(each, socket.gaierror) for each in causes) or "getaddrinfo" in str(error):
        return Unreachable(
            "dns",
            f"no host is called {host}",
            request=request,
            cause="A typing error, or a name that only the site's own network knows.",
            advice="Check the spelling; from outside, use the bastion or the VPN.",
        )
    if isinstance(error, httpx.ConnectError):
        return Unreachable(
            "connection-refused",
            f"{host} refused the connection",
            said=str(error),
            request=request,
            cause="Nothing listens on that port, or a firewall turned it away.",
            advice="Check the port, and whether the site is up.",
        )
    return Unreachable(
        "dropped",
        f"{host} broke the connection off",
        said=str(error),
        request=request,
        cause="The site, or something before it, went away in the middle of its answer.",
        advice=BUSY,
    )


def timed_out(request: str, host: str) -> ApiError:
    """The error for an answer that did not come in time."""
    return Unreachable(
        "timeout",
        f"{host} did not answer in time",
        request=request,
        cause="The site is down or overloaded, or a firewall swallows the request.",
        advice="Try again; a longer wait is given by --timeout.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _of_certificate(error: ssl.SSLCertVerificationError, request: str, host: str, issuer: str) -> ApiError:
    """A certificate that was not trusted, and what would make it so."""
    said, by = error.verify_message, f" by {issuer}" if issuer else ""
    if "hostname" in said.lower() or "ip address" in said.lower():
        cause, advice = "It was made for another name.", "Use the name that the certificate was made for."
    elif "expired" in said.lower():
        cause, advice = "It has run out.", "Have it renewed."
    else:
        cause = f"It was issued{by or ' by an authority'}, which this machine does not trust."
        advice = "Give that authority's certificate with --ca-file (or SSL_CERT_FILE)."
    return Unreachable(
        "tls",
        f"the certificate of {host}, issued{by or ' by somebody'}, was not trusted",
        said=said,
        cause=cause,
        advice=advice,
        request=request,
    )


def of_status(response: httpx.Response, request: str) -> ApiError:
    """The error for an answer that is not JSON: a page from a login, an ingress or a proxy (SPEC 3)."""
    status, said = response.status_code, _headline(response)
    if response.next_request is not None:
        return redirected(request, str(response.next_request.url.copy_with(query=None, userinfo=b"")))
    if status == 404:
        return Missing("404", "there is nothing at this address", said=said, cause=CHECK_CONTEXT, request=request)
    if status in {401, 403, 407}:
        return Refused(
            str(status),
            "something before the site turned the request away",
            said=said,
            request=request,
            cause="Web-tier authentication, a firewall or a proxy.",
            advice="Ask for a way in that passes the token on.",
        )
    if status == 429 or status >= 500:
        return Unreadable(str(status), f"the site answered {status}", said=said, advice=BUSY, request=request)
    return Unreadable(
        "html",
        f"the site answered {status} with a page instead of JSON",
        said=said,
        request=request,
        cause="A login page, or the address of something else.",
        advice=CHECK_CONTEXT,
    )


def _headline(response: httpx.Response) -> str:
    """The title of a page, or the beginning of its text."""
    text = response.text[:4_000]
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return title[1] if title else re.sub(r"<[^>]*>", " ", text)[:200]


def of_refusal(refusal: Refusal, request: str, *, signing_in: bool = False) -> ApiError:
    """The error that the server put into its answer (SPEC 3)."""
    code, said = refusal.code, refusal.said
    if signing_in and code in {None, 400, 401, 403}:
        return Refused(
            "sign-in",
            "the site did not accept user name and password",
            said=said,
            request=request,
            cause="A typing error, a locked account, or one of SAML, OpenID or Windows, which cannot sign in this way.",
            advice="Try again, use a built-in account, or give a token instead.",
        )
    if code in {498, 499}:
        return SignInNeeded(
            str(code),
            "the token is not valid" if code == 498 else "the site wants a token",
            said=said,
            request=request,
            cause="It has run out, or it is bound to another referer (--referer).",
            advice="Sign in again, or give a new token.",
        )
    if code in {401, 403}:
        return Refused(
            str(code),
            "this account may not read that",
            said=said,
            request=request,
            cause="Backups want the privilege Security and infrastructure, schedules the default administrator role.",
            advice="Sign in with another account, or have the privilege added.",
        )
    if code == 404:
        return Missing(
            "404", "the site says that there is no such thing", said=said, cause=CHECK_CONTEXT, request=request
        )
    return Unreadable(str(code or "error"), "the site reported an error", said=said, request=request)


def unexpected(request: str, why: str) -> ApiError:
    """The error for JSON of another shape than the documented one."""
    return Unreadable(
        "shape",
        "the answer is not what is documented",
        said=why,
        request=request,
        cause="Another kind of server, a proxy, or a release that nobody has seen yet.",
        advice="Open the address in a browser to see what answers there.",
    )


def redirected(request: str, where: str) -> ApiError:
    """The error for a redirect that would take the token elsewhere."""
    return Unreadable(
        "redirect",
        "the site sent us elsewhere, and a token must not travel",
        said=where,
        request=request,
        cause="A login page, or the address of a load balancer.",
        advice="Use the address that it names, if you trust it.",
    )


def too_large(request: str, limit: int) -> ApiError:
    """The error for an answer that does not end."""
    return Unreadable("too-large", f"the answer is larger than {limit >> 20} MiB and was not read", request=request)


def bad_ca_file(path: str, error: OSError) -> ApiError:
    """The error for a file of authorities that is none."""
    return Unreachable(
        "ca-file",
        f"the certificates in {path} could not be read",
        said=error.strerror or str(error),
        cause="The file is missing, not readable, or not in PEM form.",
        advice="Give the right file with --ca-file.",
    )
