"""The headline: the state of the site in a word, the newest usable restore point or the reason, and the warnings."""

import datetime as dt

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.operation import is_expected_during_restore
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.times import UTC
from drtui.core.model.failure import Failure
from drtui.core.model.site import Release
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.headline_sentences import Sentence, build_sentences, capitalise, operation_sentences
from drtui.core.summary.health_check import Check, Grade, check_health
from drtui.core.summary.labels import StatusLabel
from drtui.core.summary.last_known import LastKnown, newest_usable_texts, read_before_text, state_line
from drtui.core.summary.restorability import restorability_label
from drtui.core.summary.unread_resources import find_unread_resources
from drtui.core.verdict.restore_points import start_time
from drtui.core.verdict.rules import Level

SIGNED_OUT_CODES = frozenset({"498", "499"})
"""Failure codes that a new sign-in resolves."""


class Headline(Struct, frozen=True):
    """The headline of a site."""

    label: StatusLabel | None
    """The state of the site in a word, with its symbol; None while it is being read."""
    texts: tuple[str, ...]
    """The deciding sentence, with the age of the newest usable restore point; each further one is shorter."""
    name: str
    """The name of the restore point that the sentence is about; empty if there is none."""
    codes: tuple[str, ...]
    """Codes of the findings of the health check that the deciding sentence stands for."""
    age: Sentence | None
    """The sentence on the newest usable restore point, if some of `texts` leave it out."""
    others: tuple[Sentence, ...]
    """All other sentences, worst first."""

    @property
    def tone(self) -> str:
        """The tone of the first line."""
        return "muted" if self.label is None else self.label.tone

    @property
    def first_line(self) -> str:
        """State, deciding sentence, age and name in one line, for a pipe."""
        return self.texts[0] if self.label is None else state_line(self.label.word, self.texts[0], self.name)


def make_headline(assessment: Assessment, zone: dt.tzinfo = UTC, *, accept_files: bool = False) -> Headline:
    """Return the headline of a site; its word is the grade that `drtui check` gives.

    With `accept_files`, the content of a file counts as read, as with `drtui check --now`.
    """
    site_state = assessment.site_state
    if site_state.stores is None:
        return Headline(None, (f"Asking {site_state.location} ...",), "", (), None, ())
    check = check_health(assessment, assessment.target, 2 * assessment.target, accept_files=accept_files)
    is_first_answer = not site_state.is_complete and not site_state.is_saved and site_state.stores.failure is None
    if check.grade is Grade.UNKNOWN and is_first_answer:
        return Headline(None, ("Reading the restore points ...",), "", (), None, ())
    sentences = build_sentences(assessment, zone)
    decisive = _choose_decisive(assessment, check, sentences)
    others = tuple(sentence for sentence in sentences if sentence.text != decisive.text)
    stores = site_state.stores
    if stores.value is None and stores.failure is not None and decisive.codes == (stores.failure.code,):
        advice = Sentence(f"{stores.failure.cause} {stores.failure.advice}".strip(), "warn", ("unread",))
        others = (advice, *others) if advice.text else others
    if decisive.codes == AGE_CODES:
        return Headline(
            restorability_label(check), _age_texts(assessment), _newest_name(assessment), AGE_CODES, None, others
        )
    age = _age_sentence(assessment)
    shorter = (decisive.short,) if decisive.short not in {"", decisive.text} else ()
    texts = (decisive.text, *shorter)
    if age is not None:
        texts = (*(f"{text}. {age.text}" for text in texts), *texts)
    return Headline(restorability_label(check), texts, _newest_name(assessment), decisive.codes, age, others)


def build_headline(assessment: Assessment) -> tuple[StyledText, ...]:
    """Return the lines of the headline for a pipe, most important first; never empty."""
    headline = make_headline(assessment)
    return (
        StyledText(headline.first_line, headline.tone),
        *(StyledText(sentence.text, sentence.tone) for sentence in headline.others),
    )


def make_last_known(assessment: Assessment) -> LastKnown | None:
    """Return the values to save for the first line of the next start; None without a complete live answer."""
    site_state, rpo = assessment.site_state, assessment.rpo
    if site_state.listed_at is None or site_state.is_saved or not all_lists_known(site_state):
        return None
    if rpo.newest_usable is None:
        return LastKnown(site_state.location, site_state.listed_at, rpo.target, otherwise=_nothing_usable(assessment))
    newest = rpo.newest_usable.backup
    return LastKnown(site_state.location, site_state.listed_at, rpo.target, newest.name, newest.start or 0)


AGE_CODES = ("fresh", "too-old")
"""Codes of the findings on the age of the newest usable restore point."""


def _newest_name(assessment: Assessment) -> str:
    rpo = assessment.rpo
    newest = rpo.newest_usable or (None if assessment.site_state.is_saved else rpo.fallback)
    return newest.backup.name if newest is not None else ""


def _age_texts(assessment: Assessment) -> tuple[str, str]:
    """Return the sentence on the newest usable restore point and a shorter one, with the age of data not read now."""
    rpo, site_state = assessment.rpo, assessment.site_state
    if rpo.newest_usable is None:
        text = short = _nothing_usable(assessment)
    else:
        text, short = newest_usable_texts(rpo.age, rpo.target)
    stores = site_state.stores
    is_old = site_state.is_saved or (stores is not None and stores.failure is not None)
    if is_old and site_state.listed_at is not None:
        text, short = (read_before_text(part, site_state.listed_at, assessment.now) for part in (text, short))
    return text, short


def _age_sentence(assessment: Assessment) -> Sentence | None:
    """Return the short sentence on the newest usable restore point; None if there is none."""
    return Sentence(_age_texts(assessment)[1], "", AGE_CODES) if assessment.rpo.newest_usable is not None else None


def _choose_decisive(assessment: Assessment, check: Check, sentences: tuple[Sentence, ...]) -> Sentence:
    """Return the sentence that says why the check has its grade."""
    if check.grade is Grade.UNKNOWN:
        return _unknown(assessment, check)
    for finding in check.findings:
        if finding.grade is check.grade:
            if finding.code in AGE_CODES and assessment.rpo.newest_usable is not None:
                return Sentence(_age_texts(assessment)[0], "", AGE_CODES)
            if assessment.rpo.newest_usable is None and finding.code in NOTHING_USABLE_CODES:
                return Sentence(_nothing_usable(assessment), "", (finding.code,))
            decisive = next((sentence for sentence in sentences if finding.code in sentence.codes), None)
            if decisive is not None or finding.grade is not Grade.OK:
                return decisive or Sentence(capitalise(finding.text), "", (finding.code,))
    return Sentence(_age_texts(assessment)[0], "", AGE_CODES)


NOTHING_USABLE_CODES = frozenset({"nothing-usable", "only-doubtful", "only-expired", "too-old"})
"""Codes of findings whose sentence says why no restore point is usable."""


def _unknown(assessment: Assessment, check: Check) -> Sentence:
    """Return the reason why the state of the site cannot be determined."""
    site_state = assessment.site_state
    failure = site_state.stores.failure if site_state.stores is not None else None
    if failure is not None:
        return _no_answer(assessment, failure)
    if site_state.is_saved and site_state.listed_at is not None:
        return Sentence(_age_texts(assessment)[0], "", AGE_CODES)
    unread = [resource for resource in find_unread_resources(assessment) if resource.is_needed]
    if unread:
        return Sentence(f"Not read: {unread[0].text}", "", (unread[0].code,))
    if assessment.rpo.newest_usable is None and assessment.points:
        return Sentence(_nothing_usable(assessment), "", (check.findings[0].code,))
    return Sentence(capitalise(check.findings[0].text), "", (check.findings[0].code,))


def _no_answer(assessment: Assessment, failure: Failure) -> Sentence:
    """Return why the stores could not be read; during a restore a failure is expected."""
    if failure.code in SIGNED_OUT_CODES:
        return Sentence("Signed out: token expired or refused; o signs in again", "", ("signed-out",))
    if is_expected_during_restore(assessment.site_state, failure):
        operation = next(operation_sentences(assessment), None)
        if operation is not None:
            return operation
    site_state = assessment.site_state
    is_whole_site = site_state.site is None or site_state.site.failure is not None
    text = capitalise(failure.summary) if is_whole_site else f"Stores not read: {failure.summary}"
    return Sentence(text, "", (failure.code,))


_FALLBACKS = {
    Level.DOUBTFUL: "Only doubtful restore points; the newest",
    Level.CANNOT_TELL: "The newest may not be restorable",
    Level.EXPIRED: "All backups are past their retention date",
}
"""Text if no restore point is usable, by the level of those that may still be restorable."""


def _nothing_usable(assessment: Assessment) -> str:
    """Return the reason why no restore point is usable."""
    site_state, points, fallback = assessment.site_state, assessment.points, assessment.rpo.fallback
    if not all_lists_known(site_state):
        return f"Nothing usable found, but {lists_incomplete_reason(site_state)}"
    if not points:
        return "There are no restore points"
    if fallback is not None:
        text = _FALLBACKS[fallback.verdict.level]
        reason = "" if fallback.verdict.level is Level.EXPIRED else f": {fallback.verdict.main.text}"
        return f"{text}{reason}"
    if assessment.release is not None and all(
        any(reason.code == "other-release" for reason in point.verdict.reasons) for point in points
    ):
        releases = {str(Release.parse(point.backup.release)) for point in points}
        made_by = releases.pop() if len(releases) == 1 else "other releases"
        return f"All backups are from {made_by}, this site runs {assessment.release}"
    newest = max(points, key=start_time)
    return f"Newest, {newest.backup.name}: {newest.verdict.main.text}"
