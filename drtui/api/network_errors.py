"""Requests that got no answer: what that means, in the words of the person who has to mend it."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from drtui.api.errors import ApiError, Unreachable, Unreadable
from drtui.api.proxies import ProxyError
from drtui.api.request_log import RequestInfo
from drtui.api.tls import CaFileError
from drtui.crash_report import error_name

BUSY = "The site may be starting, updating, or being restored: ask again in a while."
NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
UNTRUSTED = "Ask for that authority's certificate and give it with --ca-file (or SSL_CERT_FILE)."

EXPIRED, NOT_YET, SELF_SIGNED, WRONG_NAME, WRONG_IP = 10, 9, 18, 62, 64
"""OpenSSL's numbers for what is wrong with a certificate (X509_V_ERR_…)."""


def error_from_exception(failure: Exception, asked: RequestInfo, issuer: str = "") -> ApiError:
    """The error for a request that got no answer; `issuer` is who signed the certificate, if that is known."""
    if isinstance(failure, httpx.ProxyError):
        return _of_proxy(str(failure), asked)
    if isinstance(failure, httpx.TimeoutException):
        return timeout_error(asked, connecting=isinstance(failure, httpx.ConnectTimeout))
    if isinstance(failure, httpx.DecodingError):
        return Unreadable(
            "shape",
            "the answer is not compressed as it says",
            request=asked.request,
            cause="A proxy or a gateway in between damages answers.",
            advice="Ask from another network, or tell whoever runs the gateway.",
        )
    if isinstance(failure, (httpx.RemoteProtocolError, httpx.LocalProtocolError)) and not is_connection_lost(failure):
        return Unreachable(
            "protocol",
            f"what answers at {asked.host} does not speak HTTP as expected",
            said=asked.hide(str(failure)),
            request=asked.request,
            cause=_by_way_of(asked, "Another program listens on that port, or it expects https where http is asked."),
            advice="Check scheme and port of the address.",
        )
    return _of_connection(failure, asked, issuer)


def _of_connection(failure: Exception, asked: RequestInfo, issuer: str) -> ApiError:
    """The error for a connection that did not come about, or that broke."""
    untrusted = certificate_error(failure)
    if untrusted is not None:
        return _of_certificate(untrusted, asked, issuer)
    causes = tuple(_causes(failure))
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return Unreachable(
            "tls",
            f"{asked.host} did not speak TLS as expected",
            said=asked.hide(str(failure)),
            request=asked.request,
            cause="The port may be plain HTTP, the site may want a certificate of yours, or a middlebox interferes.",
            advice="Check scheme and port of the address.",
        )
    if any(isinstance(each, socket.gaierror) or is_bad_host_name(each) for each in causes):
        return _of_name(causes, asked)
    if isinstance(failure, httpx.ConnectError) and not is_connection_lost(failure):
        return _of_connecting(causes, asked)
    return Unreachable(
        "dropped",
        f"{asked.host} broke the connection off",
        said=asked.hide(str(failure)),
        request=asked.request,
        cause=_by_way_of(asked, "The site, or something before it, went away in the middle of its answer."),
        advice=BUSY,
    )


def unexpected_error(error: Exception, asked: RequestInfo) -> ApiError:
    """Return the failure for an exception that no library documents; its own words may hold what was sent or read."""
    if isinstance(error, MemoryError):
        return Unreadable(
            "memory",
            "there is not enough memory for the answer",
            request=asked.request,
            cause="The answer is very large, or this machine has little memory left.",
            advice="Close other programs, or ask from another machine.",
        )
    if type(error).__module__.startswith("socksio"):  # httpx passes its errors on as they are
        return _of_proxy("it does not speak SOCKS5", asked)
    return Unreadable(
        "internal",
        f"the answer of {asked.host} could not be processed",
        said=error_name(error),
        request=asked.request,
        cause="The site sent something unexpected, and drtui has a fault in dealing with it.",
        advice="Please report it, with what --log-file FILE writes about it.",
    )


def is_connection_lost(failure: Exception) -> bool:
    """Whether a connection that stood was broken off: the next one may hold."""
    if isinstance(failure, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return not any(isinstance(each, ssl.SSLError) for each in _causes(failure))
    if isinstance(failure, httpx.RemoteProtocolError):
        return "disconnected" in str(failure) or "peer closed" in str(failure)
    reset = any(isinstance(each, (ConnectionResetError, BrokenPipeError)) for each in _causes(failure))
    return isinstance(failure, httpx.ConnectError) and reset


def is_bad_host_name(error: BaseException) -> bool:
    """True if a host name could not be encoded for the name service."""
    return isinstance(error, UnicodeError) and "idna" in str(error)


def _of_name(causes: tuple[BaseException, ...], asked: RequestInfo) -> ApiError:
    """A host name that could not be resolved: the proxy's, if there is one in between."""
    if asked.proxy:
        return _of_proxy("its name cannot be resolved", asked)
    if any(isinstance(each, socket.gaierror) and each.errno == socket.EAI_AGAIN for each in causes):
        return Unreachable(
            "dns",
            f"the name {asked.host} could not be looked up",
            request=asked.request,
            cause="No name server answered: this machine may be offline.",
            advice="Check the network of this machine, then the spelling of the name.",
        )
    return Unreachable(
        "dns",
        f"no host is called {asked.host}",
        request=asked.request,
        cause="A typing error, or a name that only the site's own network knows.",
        advice="Check the spelling; from outside, use the bastion or the VPN.",
    )


def _of_connecting(causes: tuple[BaseException, ...], asked: RequestInfo) -> ApiError:
    """A host that did not take the connection."""
    if asked.proxy:
        return _of_proxy("it does not take connections", asked)
    if any(isinstance(each, OSError) and each.errno in NO_WAY for each in causes):
        return Unreachable(
            "no-route",
            f"there is no way from here to {asked.host}",
            request=asked.request,
            cause="The network is down, or the site is only reachable from within its own.",
            advice="Check the network of this machine; from outside, use the bastion or the VPN.",
        )
    return Unreachable(
        "connection-refused",
        f"{asked.host} refused the connection",
        request=asked.request,
        cause="Nothing listens on that port, or a firewall turned it away.",
        advice="Check the port, and whether the site is up.",
    )


def _of_proxy(why: str, asked: RequestInfo) -> ApiError:
    return Unreachable(
        "proxy",
        f"the proxy {asked.proxy} did not let the request through".replace("  ", " "),
        said=asked.hide(why),
        request=asked.request,
        cause="HTTPS_PROXY or ALL_PROXY names a proxy that is down, or that does not serve this host.",
        advice=f"Put {asked.host} into NO_PROXY, or correct the proxy.",
    )


def _by_way_of(asked: RequestInfo, cause: str) -> str:
    """The cause, with the proxy in between, which may be what is at fault."""
    return f"{cause} It was asked by way of the proxy {asked.proxy}." if asked.proxy else cause


def timeout_error(asked: RequestInfo, *, connecting: bool = False) -> ApiError:
    """The error for an answer, or a connection, that did not come in time."""
    what = "did not take the connection in time" if connecting else "did not answer in time"
    cause = "A firewall swallows the request, or the host is down." if connecting else "The site is down or overloaded."
    return Unreachable(
        "timeout",
        f"{asked.host} {what}",
        request=asked.request,
        cause=_by_way_of(asked, cause),
        advice="Check whether the site is up and reachable from here." if connecting else "Try a longer --timeout.",
    )


def refresh_timeout_error(asked: RequestInfo, seconds: float) -> ApiError:
    """Return the failure of what was not answered before the whole refresh took as long as it may."""
    return Unreachable(
        "timeout",
        f"{asked.host} did not answer in time: a whole refresh may take {seconds:g} s",
        request=asked.request,
        cause=_by_way_of(asked, "The site is overloaded, or has very many stores."),
        advice="Try a longer --timeout.",
    )


def certificate_error(failure: BaseException) -> ssl.SSLCertVerificationError | None:
    """What was wrong with the site's certificate, if that is what the failure comes from."""
    return next((each for each in _causes(failure) if isinstance(each, ssl.SSLCertVerificationError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything it came from."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


def _of_certificate(error: ssl.SSLCertVerificationError, asked: RequestInfo, issuer: str) -> ApiError:
    """A certificate that is not trusted, and what would make it so."""
    by = f" by {issuer}" if issuer else ""
    what, cause, advice = {
        WRONG_NAME: (
            "is another's",
            f"It was made for another name than {asked.host}.",
            "Use the name that it was made for, or have it issued anew.",
        ),
        EXPIRED: (
            "has expired",
            "It was not renewed, or the clock here is wrong.",
            "Have it renewed, and check this machine's clock.",
        ),
        NOT_YET: (
            "is not valid yet",
            "It was made a short while ago, or the clock here is slow.",
            "Check this machine's clock.",
        ),
        SELF_SIGNED: (
            "is not trusted",
            "It is signed by itself, and this machine does not know it.",
            "Have a copy of it checked, and give it with --ca-file (or SSL_CERT_FILE).",
        ),
    }.get(
        {WRONG_IP: WRONG_NAME}.get(error.verify_code, error.verify_code),
        ("is not trusted", f"It was issued{by or ' by an authority'}, which this machine does not trust.", UNTRUSTED),
    )
    what = f"the certificate of {asked.host}{f', issued{by},' if by else ''} {what}"
    return Unreachable("tls", what, said=error.verify_message, request=asked.request, cause=cause, advice=advice)


def ca_file_error(error: CaFileError) -> ApiError:
    """The error for a file of authorities that is none."""
    return Unreachable(
        "ca-file",
        f"the certificates in {error.path} could not be read",
        said=error.why,
        cause="--ca-file, SSL_CERT_FILE or SSL_CERT_DIR names something that is missing, closed, or not PEM.",
        advice="Give the right file with --ca-file, or correct the variable.",
    )


def proxy_error(error: ProxyError) -> ApiError:
    """Return the failure for a variable that names no proxy."""
    return Unreachable(
        "proxy",
        str(error),
        cause="A variable that names a proxy is misspelled, or its password holds signs that mean something else.",
        advice="Correct it, or put the site into NO_PROXY.",
    )


def setup_error(why: str, asked: RequestInfo) -> ApiError:
    """The error for a proxy or a host name with which no client can be made."""
    if asked.proxy:
        return _of_proxy(why, asked)
    return Unreachable(
        "address",
        f"{asked.host} cannot be asked",
        said=asked.hide(why),
        request=asked.request,
        cause="The host's name is none.",
        advice="Check the address.",
    )
