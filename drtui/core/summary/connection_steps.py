"""Judge the way to a site: host name, proxy, connection, TLS, context path, clocks."""

from collections.abc import Sequence

from drtui.core.formatting.durations import DAY, format_signed
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_utc
from drtui.core.model.connection_facts import Attempt, Certificate, FirstAnswer, ProxyChoice, TlsFacts
from drtui.core.model.diagnosis import Fact, Step
from drtui.core.model.failure import Failure
from drtui.core.model.site_clock import ClockSample, clock_offset, skew_text
from drtui.core.summary.diagnosis_steps import facts, failed, ok, skipped, unknown, warning

ENDS_SOON = 30 * DAY
"""Milliseconds before the end of a certificate from which on it is a warning."""

MAX_NAMES = 8
"""Names of a certificate that are listed."""

TLS_CODES = ("tls", "ca-file", "client-cert")
"""Codes of failures, or beginnings of them, that belong to TLS."""


def name_step(host: str, addresses: Sequence[str], proxy: str) -> Step:
    """Return the step of a host name that was found; `proxy` is its host and port if `host` is the proxy's."""
    whose = f"the proxy {host}" if proxy else host
    evidence = [Fact("address", address) for address in addresses]
    if addresses == (host,):
        return ok("name", f"{whose} is an IP address", evidence)
    return ok("name", f"{whose} is {', '.join(addresses[:3])}{' ...' if len(addresses) > 3 else ''}", evidence)


def proxy_step(choice: ProxyChoice) -> Step:
    """Return the step of a proxy that can be used, or of none."""
    evidence = facts({"proxy": choice.host, "because": choice.reason})
    use = f"proxy {choice.host}" if choice.host else "no proxy"
    return ok("proxy", f"{use}: {choice.reason}", evidence)


def tcp_step(host: str, port: int, attempts: Sequence[Attempt], proxy: str) -> Step:
    """Return the step of the connections to all addresses of a host; `proxy` is set if it is the proxy's."""
    evidence = [
        Fact(attempt.address, attempt.failure.summary if attempt.failure else f"open after {attempt.duration} ms")
        for attempt in attempts
    ]
    whose = f"the proxy {host}" if proxy else host
    good = [attempt for attempt in attempts if attempt.failure is None]
    bad = [attempt for attempt in attempts if attempt.failure is not None]
    if not good:
        failure = bad[0].failure if bad else None
        assert failure is not None  # noqa: S101 - a name without addresses is a failure of its own
        return failed("tcp", failure, evidence)
    summary = f"port {port} of {whose} is open ({good[0].duration} ms)"
    closed = [attempt for attempt in bad if attempt.failure and attempt.failure.code != "no-route"]
    if closed:
        return warning(
            "tcp",
            f"{plural(len(closed), 'address', 'addresses')} of {whose} cannot be reached: {closed[0].address}",
            evidence,
            cause="One of several gateways is down, or DNS has an outdated entry.",
            advice="Connections may be slow or fail at times: have DNS or the gateway corrected.",
        )
    return ok("tcp", summary, evidence)


def certificate_facts(certificate: Certificate | None) -> tuple[Fact, ...]:
    """Return the evidence about a certificate."""
    if certificate is None:
        return ()
    names = ", ".join(certificate.names[:MAX_NAMES]) + (" ..." if len(certificate.names) > MAX_NAMES else "")
    ends = "" if certificate.ends is None else format_utc(certificate.ends)
    return facts(
        {"subject": certificate.subject, "names": names, "issuer": certificate.issuer, "certificate ends": ends}
    )


def tls_step(tls: TlsFacts, stores: Sequence[str], now: int, *, insecure: bool) -> Step:
    """Return the step of a TLS connection; `stores` are the trusted ones, `now` is epoch ms."""
    certificate = tls.certificate
    evidence = (
        *facts({"version": tls.version, "cipher": tls.cipher}),
        *certificate_facts(certificate),
        *(Fact("trusted", store) for store in stores),
    )
    if insecure:
        return warning(
            "tls",
            f"{tls.version}, certificate not verified (--insecure)",
            evidence,
            cause="Anyone on the network path could read the password and the token.",
            advice="Give the CA certificate with --ca-file, and leave out --insecure.",
        )
    ends = certificate.ends if certificate is not None else None
    issuer = certificate.issuer if certificate is not None else "unknown"
    if ends is not None and ends - now < ENDS_SOON:
        return warning(
            "tls",
            f"certificate ends {format_utc(ends)}, in {max(0, (ends - now) // DAY)} d",
            evidence,
            cause="It has not been renewed yet.",
            advice="Have it renewed: drtui cannot connect after it expires.",
        )
    until = "" if ends is None else f" until {format_utc(ends)[:10]}"
    return ok("tls", f"{tls.version}, certificate of {issuer} valid{until}", evidence)


def tls_failure(failure: Failure, evidence: Sequence[Fact]) -> Step:
    """Return the step of a TLS connection that failed. A client certificate is named in the first line."""
    is_named = "client certificate" in failure.summary or "client certificate" not in failure.cause
    summary = "" if is_named else f"{failure.summary}; it may require a client certificate"
    return failed("tls", failure, evidence, summary=summary)


def is_tls_failure(failure: Failure) -> bool:
    """True if a connection failed because of TLS or of certificates."""
    return failure.code.startswith(TLS_CODES)


def answer_facts(answer: FirstAnswer) -> tuple[Fact, ...]:
    """Return the evidence about the first answer of a site."""
    return facts({"status": answer.status, "server": answer.server, "WWW-Authenticate": answer.challenge})


def context_step(url: str, answer: FirstAnswer, *, gateway: bool, elsewhere: str) -> Step:
    """Return the step of the first answer.

    Args:
        url: the address that was asked.
        answer: its answer without a token.
        gateway: True if a web tier in front of the site answered.
        elsewhere: address at which an administrator API does answer; empty if none was found.
    """
    evidence = (*facts({"asked": url}), *answer_facts(answer))
    if gateway:
        asked = f" ({answer.challenge})" if answer.challenge else ""
        return unknown(
            "context",
            f"a web tier in front of the site answers {answer.status}{asked}",
            evidence,
            cause="Web-tier authentication or a gateway requires its own sign-in.",
            advice="The next step shows if the token gets through.",
        )
    if answer.failure is not None:
        if elsewhere:
            return failed("context", answer.failure, evidence, advice=f"Use {elsewhere}: a site answers there.")
        return failed("context", answer.failure, evidence)
    how = "asks for a token" if answer.asks_for_token else "answers without a token"
    return ok("context", f"an administrator API is at {url} and {how}", evidence)


def clock_step(sample: ClockSample | None, now: int) -> Step:
    """Return the step of the difference of the clocks; `now` by this machine, epoch ms."""
    offset = clock_offset((sample,)) if sample is not None else None
    if sample is None or offset is None:
        return unknown("clock", "the answers of the site have no date", facts({"this machine": format_utc(now)}))
    evidence = facts(
        {
            "this machine": format_utc(sample.received),
            "site": format_utc(sample.received + offset),
            "difference": format_signed(offset),
        }
    )
    text = skew_text(offset)
    if not text:
        return ok("clock", "clocks of this machine and the site agree", evidence)
    return warning(
        "clock",
        text,
        evidence,
        cause="One of the two clocks is wrong.",
        advice="Check this machine's clock (timedatectl): tokens and certificates depend on it.",
    )


NOT_ENCRYPTED = skipped("tls", "the address is plain http")
