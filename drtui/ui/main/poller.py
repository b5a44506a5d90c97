"""Keeping an eye on one site: what was saved first, then the site itself, again and again, however it fares."""

import asyncio
import random
from collections.abc import Callable

from msgspec.structs import replace
from textual import work
from textual.timer import Timer

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import PreviousLists, previous_lists
from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State
from drtui.core.model.site_state import SiteState
from drtui.core.summary.headline import last_known_of
from drtui.session import ConnectionOptions, Session, Target, save_last_known
from drtui.session.view_settings import load_view_settings
from drtui.ui.background import is_large
from drtui.ui.main.age_timer import AgeTimer
from drtui.ui.options import Options

WONDERING = 1.0
"""Seconds after which one wonders whether anything goes on."""


class Polling(AgeTimer):
    """A screen that knows a site. What it shows is for others to say: `show_judged` and `note`."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.target, self.access = options.target, options.access
        self.rpo = self._rpo_of(options.target)
        nothing = SiteState(self.target.place if self.target else "no site yet")
        self.judged = assess(nothing, self.present_at(nothing), self.rpo)
        self.last_error: Failure | None = None
        self.failures = 0
        """Looks in a row that brought no list."""
        self.before = PreviousLists()
        """The lists as they were before this visit to the site."""
        self._ahead = options.ahead
        self._saved: SiteState | None = None
        """What those are to be made of."""
        self.pause: float | None = None
        """Seconds from the last look to the next one; None while one is made, or none is to come."""
        self._next: Timer | None = None
        self._unjudged: SiteState | None = None
        self._judging: asyncio.Task[None] | None = None

    def _rpo_of(self, target: Target | None) -> int:
        """The target that was asked for, else the site's own, else the usual one; milliseconds."""
        return self.options.rpo or (target.rpo if target is not None else None) or DEFAULT_TARGET

    @property
    def reading(self) -> SiteState:
        """What has been read so far."""
        return self.judged.site_state

    def note(self, text: str = "") -> None:
        """Say what is going on; nothing says that nothing is."""
        raise NotImplementedError

    def judge(self, reading: SiteState | None = None) -> None:
        """Judge what is known as of now, and show it."""
        reading = reading or self.reading
        self._take_over(assess(reading, self.present_at(reading), self.rpo))

    async def _judge_in_time(self, reading: SiteState) -> None:
        """The same; where it takes long enough to be felt, keys are answered meanwhile."""
        if is_large(reading):
            self._take_over(await asyncio.to_thread(assess, reading, self.present_at(reading), self.rpo))
        else:
            self.judge(reading)

    def _take_over(self, judged: Assessment) -> None:
        self.judged = judged
        troubles = self.reading.failures
        self.last_error = troubles[0][1] if troubles else self.last_error
        self.show_judged()
        self.wait_for_time()

    @work(exclusive=True, group="look", exit_on_error=True)
    async def begin(self, otherwise: Callable[[], object] | None = None) -> None:
        """Show what was saved of the site, then ask it; or, without a way in, do `otherwise`."""
        if self.target is None:
            if otherwise is not None:
                otherwise()
            return
        ahead, self._ahead = self._ahead, None
        now, clock = self.options.now, self.options.clock
        self.session = Session(self.target, self.access, now=now, clock=clock, ahead=ahead)
        self.look_as_before(await load_view_settings(self.target, self.access))
        saved = await self.session.cached()
        asks = otherwise is None or self._can_ask
        if saved is not None and self.reading.stores is None:
            await self._judge_in_time(replace(saved, is_complete=saved.is_complete and not asks))
        self._saved = saved if self.before.at is None else None
        if otherwise is not None and not asks:
            otherwise()
        else:
            await self._ask()

    @property
    def _can_ask(self) -> bool:
        """Whether there is a way in, or none is needed."""
        return self.access.can_sign_in or self.access.offline or (self.target is not None and not self.target.is_site)

    @work(exclusive=True, group="look", exit_on_error=True)
    async def look(self) -> None:
        """Ask the site for everything, now, as a person wishes."""
        await self._ask()

    @work(exclusive=True, group="look", exit_on_error=True)
    async def _look_again(self) -> None:
        """Ask because it is time: nothing is said of it, nor anything taken away that is being read."""
        await self._take_look()

    async def _ask(self) -> None:
        """Ask the site, and say so where it takes long enough to wonder."""
        wondering = self.set_timer(WONDERING, lambda: self.note("asking ..."))
        try:
            await self._take_look()
        finally:
            wondering.stop()
        self.note()

    async def _take_look(self) -> None:
        """Ask the site, and take over its answers as they come."""
        session = self.session
        if session is None:
            return
        self._stop_waiting()
        if self.reading.is_saved and self.reading.is_complete:
            await self._judge_in_time(replace(self.reading, is_complete=False))
        trouble: Failure | None = None
        async for reading in session.fetch():
            trouble = next((each for name, each in reading.failures if name.startswith(("stores", "backups"))), None)
            self._arrived(reading)
        judging, self._judging = self._judging, None
        if judging is not None:
            await judging
        self._went(trouble)
        await self._tell_from_before()
        await self._keep_glance()

    async def _tell_from_before(self) -> None:
        """What the lists were before this visit, once there are rows to look at: to judge them again takes its time."""
        saved, self._saved = self._saved, None
        if saved is not None:
            self.before = await asyncio.to_thread(previous_lists, saved, self.now)
        reading, points = self.reading, self.judged.points
        if is_large(reading):
            self.before = await asyncio.to_thread(self.before.with_unlisted, reading, points)
        else:
            self.before = self.before.with_unlisted(reading, points)
        if saved is not None:
            self.show_judged()

    async def _keep_glance(self) -> None:
        """Save what is to be said first the next time that drtui is started like this."""
        told = last_known_of(self.judged)
        if told is not None and self.target is not None and self.options.now is None:
            words = self.options.words if self.target is self.options.target else None
            await asyncio.to_thread(save_last_known, self.target, self.access, told, words)

    def _arrived(self, reading: SiteState) -> None:
        """Take over what has come; several answers that come at once are judged once."""
        waiting, self._unjudged = self._unjudged is not None, reading
        if is_large(reading) or is_large(self.reading):
            if self._judging is None or self._judging.done():
                self._judging = asyncio.create_task(self._judge_beside())
        elif reading.is_complete:
            self._judge_arrived()
        elif not waiting:
            self.call_later(self._judge_arrived)

    def _judge_arrived(self) -> None:
        """Judge what has come; what has not come yet, or failed this time, stays as it was."""
        reading, self._unjudged = self._unjudged, None
        if reading is not None:
            self.judge(reading.with_fallback(self.reading))

    async def _judge_beside(self) -> None:
        """Judge what has come, until no more has come meanwhile."""
        while (reading := self._unjudged) is not None:
            self._unjudged = None
            await self._judge_in_time(reading.with_fallback(self.reading))

    # when to look again

    def _went(self, trouble: Failure | None) -> None:
        """Note how a look went, and wait for the next one: a refusal stays one, however often one asks."""
        failed = trouble is not None and trouble.kind is not FailureKind.REFUSED
        self.failures = self.failures + 1 if failed else 0
        if self.target is None or self.target.file is not None or self.access.offline:
            return
        found = self.judged.operation
        going = found is not None and found.is_worth_polling
        chance = random.random()  # noqa: S311 - nothing to be kept secret
        self.pause = next_refresh_delay(self.failures, going=going, unit=self.options.follow_every, chance=chance)
        self._next = self.set_timer(self.pause, self._follow if going else self._look_again)

    def _stop_waiting(self) -> None:
        if self._next is not None:
            self._next.stop()
        self._next = self.pause = None

    @work(exclusive=True, group="look", exit_on_error=True)
    async def _follow(self) -> None:
        """Ask for the status; once the operation has ended, for everything."""
        if self.session is None:
            return
        self._stop_waiting()
        reading = await self.session.follow(self.reading)
        await self._judge_in_time(reading)
        found = self.judged.operation
        if found is not None and found.outcome is State.IN_PROGRESS:
            self._went(reading.status.failure if reading.status is not None else None)
        else:
            await self._take_look()

    # from one site to another

    def open_site(
        self, target: Target, access: ConnectionOptions, otherwise: Callable[[], object] | None = None
    ) -> None:
        """Look at this site from now on; the same one, signed in anew, keeps everything that is shown of it.

        `otherwise` is what to do where there is no way in, instead of asking.
        """
        self.workers.cancel_group(self, "look")
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None
        self._stop_waiting()
        self.let_go()
        same = self.target is not None and target.is_same_site(self.target) and target.name == self.target.name
        self.target, self.access, self.failures, self._unjudged = target, access, 0, None
        self.rpo = self._rpo_of(target)
        if not same:
            self.last_error = None
            self.before, self._saved = PreviousLists(), None
            self.changed_site()
            self.judge(SiteState(target.place))
        self.begin(otherwise)

    def look_as_before(self, found: ViewSettings | None) -> None:
        """Show the site as it was looked at last, if that is known."""
        raise NotImplementedError

    def changed_site(self) -> None:
        """Forget what was chosen on the site before."""
        raise NotImplementedError

    def let_go(self) -> None:
        """Part from the session; nobody waits until it is closed."""
        session, self.session = self.session, None
        if session is not None:
            self.app.run_worker(session.close(), group="close", exit_on_error=False)


CALM = 30
"""Waits between two looks where nothing happens, in units: five minutes with units of ten seconds."""


LONGEST_GOING = 6
"""The longest wait while an operation goes on, in units: a site that comes back is to be noticed within a minute."""


def next_refresh_delay(failures: int, *, going: bool, unit: float, chance: float) -> float:
    """Seconds until the next look.

    Args:
        failures: how many looks in a row have failed.
        going: whether an operation goes on, or its record has yet to show what the status says.
        unit: seconds between two looks while an operation goes on.
        chance: from 0 to 1, at random: many programs that lost a site at one moment must not come back at one moment.
    """
    longest = LONGEST_GOING if going else CALM
    if not failures:
        return unit if going else unit * CALM
    return unit * min(1 << min(failures - 1, 10), longest) * (0.75 + chance / 2)
