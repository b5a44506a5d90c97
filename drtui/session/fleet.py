"""Several sites, looked at side by side: each by its own connections, within its own time, with its own failure."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from drtui.model.profile import SettingsError
from drtui.model.reading import Answer, Reading, Trouble, TroubleKind
from drtui.session import Access, Session, Target, nothing_saved, present

SIDE_BY_SIDE = 4
"""Sites that are asked at the same time."""

ROUNDS = 2
"""A look asks for the stores and then for their backups, everything else beside that: twice the time of a resource."""


class Named(NamedTuple):
    """A site by its name, and how to get in."""

    target: Target
    way_in: Callable[[Access], Access]
    """What was given, with what is said of the site and its secret. May block; raises SettingsError."""


class Fleet:
    """Looks at several sites.

    Args:
        sites: which, by names that differ.
        given: what was asked for, of all of them: never a secret, which would go to every site.
        now: the moment that scenarios are made for, epoch ms; the present if not given.
        clock: the present, epoch ms.
        beside: the session that is open anyway: its site is asked through it, as one has signed in there.
    """

    def __init__(
        self,
        sites: Sequence[Named],
        given: Access,
        *,
        now: int | None = None,
        clock: Callable[[], int] = present,
        beside: Session | None = None,
    ) -> None:
        self.sites = tuple(sites)
        self._given = replace(given, user="", token=None, password=None)
        self._now, self._clock, self._beside = now, clock, beside

    async def recall(self) -> AsyncIterator[tuple[Target, Reading]]:
        """What is saved of each, one after another; what nothing is saved of is left out. Asks nobody."""
        for site in self.sites:
            saved = await self._saved(site)
            if saved is not None:
                yield site.target, saved

    async def look(self) -> AsyncIterator[tuple[Target, Reading]]:
        """One look at each, as they come. Failures are troubles in the reading, under which lies what was saved."""
        room = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(site: Named) -> tuple[Target, Reading]:
            async with room:
                return site.target, await self._read(site)

        looks = [asyncio.create_task(one(site)) for site in self.sites]
        try:
            for each in asyncio.as_completed(looks):
                yield await each
        finally:
            for task in looks:
                task.cancel()

    async def _saved(self, site: Named) -> Reading | None:
        access = site.way_in(replace(self._given, offline=True))  # of a site that is not asked no secret is fetched
        return await Session(site.target, access, clock=self._clock).recalled()

    async def _read(self, site: Named) -> Reading:
        saved = await self._saved(site)
        if self._given.offline and site.target.is_site:
            return saved or nothing_saved(site.target, self._clock())
        beside = self._beside
        if beside is not None and _is_same(beside.target, site.target):
            reading = await self._asked(beside)
        else:
            reading = await self._signed_in(site)
        return reading if saved is None else reading.over(saved)

    async def _signed_in(self, site: Named) -> Reading:
        """A look over connections of its own, with the secret fetched first."""
        try:
            access = await asyncio.to_thread(site.way_in, self._given)
        except SettingsError as error:
            return self._not_asked(site.target, str(error))
        if site.target.is_site and not access.can_sign_in:
            return self._not_asked(site.target, "no secret is named for it")
        async with Session(site.target, access, now=self._now, clock=self._clock) as session:
            return await self._asked(session)

    async def _asked(self, session: Session) -> Reading:
        """One look, as far as it came within its time."""
        patience = ROUNDS * session.access.timeout
        reading = Reading(session.target.place, session.target.address)
        try:
            async with asyncio.timeout(patience):
                async for reading in session.look():  # noqa: B007 - the last one counts
                    pass
        except TimeoutError:
            trouble = Trouble(TroubleKind.UNREACHABLE, "timeout", f"no whole answer within {patience:g} s")
            return _unanswered(reading, Answer(self._clock(), trouble=trouble))
        return reading

    def _not_asked(self, target: Target, why: str) -> Reading:
        """The reading of a site whose secret is not to be had."""
        trouble = Trouble(
            TroubleKind.REFUSED,
            "secret",
            f"not asked, there is no way in: {why}",
            advice=f"Name its secret under [site.{target.name}] in config.toml: password_file, token_command, ….",
        )
        return Reading(target.place, target.address, stores=Answer(self._clock(), trouble=trouble), complete=True)


def _is_same(one: Target, other: Target) -> bool:
    """Whether two targets are one site, whatever it is called."""
    return (one.address, one.scenario) == (other.address, other.scenario)


def _unanswered(reading: Reading, trouble: Answer[None]) -> Reading:
    """A reading that was given up, with what had not come."""
    stores = reading.stores or trouble
    missing = [store.name for store in stores.value or () if store.name not in reading.backups]
    return replace(
        reading,
        site=reading.site or trouble,
        stores=stores,
        backups={**reading.backups, **dict.fromkeys(missing, trouble)},
        complete=True,
    )
