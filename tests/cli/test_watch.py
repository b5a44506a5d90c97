"""`--watch` asks a site again and again: redrawn on a terminal, a line for each change in a pipe."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pyte
import pytest

from drtui.cli.context import Context
from drtui.cli.parser import parser
from drtui.cli.watch import loop
from drtui.cli.watch.output import Redrawing
from drtui.cli.watch.snapshots import Fact, Snapshot
from drtui.core.formatting.durations import MINUTE
from drtui.core.model.config import Settings
from drtui.demo.faults import Faults
from drtui.demo.scenarios import TOKEN
from drtui.session import DEMO, ConnectionOptions, Target
from tests.cli.changing import World, changing
from tests.cli.running import Ran, run
from tests.conftest import NOW

Capture = pytest.CaptureFixture[str]


class Watched:
    """A site that is watched for some rounds."""

    def __init__(self, world: World, rounds: int) -> None:
        self.world, self.rounds = world, rounds
        self.waits: list[float] = []
        self.between: Callable[[int], None] = lambda _: None
        """Called after each round with its number, from 1 on."""

    async def sleep(self, seconds: float) -> None:
        """Let time pass; press ctrl+c after the last round."""
        self.waits.append(seconds)
        self.world.now += round(seconds * 1000)
        self.between(len(self.waits))
        if len(self.waits) == self.rounds:
            raise KeyboardInterrupt

    def lines(self, ran: Ran) -> list[str]:
        """Return the printed lines without their times."""
        return [re.sub(r"^\S+ ", "", line) for line in ran.out.splitlines()]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A site with a backup that runs for some minutes."""
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with changing(monkeypatch, "running") as world:
        site = Watched(world, 10)
        monkeypatch.setattr(loop, "sleep", site.sleep)
        monkeypatch.setattr(loop, "clock", lambda: world.now)
        yield site


def test_list_prints_a_line_for_each_change_when_watched_in_a_pipe(capsys: Capture, watched: Watched) -> None:
    watched.rounds = 4
    ran = run(capsys, "list", watched.world.url, "--watch", "10m", "--no-history")
    lines = watched.lines(ran)
    assert (ran.code, watched.waits) == (130, [600.0] * 4)
    assert lines[0].startswith("SAFE: Newest usable restore point")
    assert len([line for line in lines if line.endswith("(was running)")]) == 1
    assert len(lines) < 4
    assert all(dt.datetime.fromisoformat(line.split()[0]) for line in ran.out.splitlines())


def test_status_prints_each_stage_when_watched(capsys: Capture, watched: Watched) -> None:
    watched.rounds = 5
    lines = watched.lines(run(capsys, "status", watched.world.url, "--watch", "5m", "--no-history"))
    assert lines[0].endswith(": in_progress, Stage Object store")
    assert 2 <= len(lines) == len(set(lines)) <= 4


def test_watch_says_that_the_site_stopped_answering_and_answers_again(capsys: Capture, watched: Watched) -> None:
    def break_and_mend(round_: int) -> None:
        watched.world.app.state.faults = Faults(error_code=500) if 2 <= round_ < 5 else Faults()

    watched.rounds, watched.between = 7, break_and_mend
    lines = watched.lines(run(capsys, "list", watched.world.url, "--watch", "10s", "--no-history", "--timeout", "2"))
    assert [line for line in lines if "answer" in line] == [
        next(line for line in lines if line.startswith("site stopped answering: stores: ")),
        "site answers again",
    ]
    assert not any("gone" in line for line in lines)


def test_check_prints_the_state_again_when_it_changes(capsys: Capture, watched: Watched) -> None:
    def break_(round_: int) -> None:
        watched.world.app.state.faults = Faults(error_code=500) if round_ >= 3 else Faults()

    watched.rounds, watched.between = 6, break_
    ran = run(capsys, "check", watched.world.url, "--watch", "10s", "--no-history", "--timeout", "2")
    states = [line.partition(":")[0] for line in watched.lines(ran)]
    assert (ran.code, states[0], len(states)) == (130, "OK", 3)
    assert "check: UNKNOWN" in ran.out


def test_watch_ends_when_the_site_refuses_the_sign_in(
    capsys: Capture, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRTUI_TOKEN")
    monkeypatch.setenv("DRTUI_PASSWORD", "wrong")
    ran = run(capsys, "list", watched.world.url, "--watch", "--user", "backup-reader", "--no-history")
    assert (ran.code, watched.waits) == (4, [])


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--demo", "--watch", "9s"), "--watch must be at least 10 s"),
        (("--demo", "--watch=soon"), "Cannot read 'soon' as a duration"),
        (("--demo", "--watch", "--offline"), "Leave out --offline"),
        (("--demo", "--watch", "--now", "2026-09-21"), "Leave out --now"),
        (("--demo", "--watch", "--json"), "Leave out --format"),
        (("--demo", "--watch", "--output", "x"), "--output"),
        (("backups.json", "--watch"), "'backups.json' is a file"),
        (("--demo", "--watch", "--sort", "sise"), "Did you mean"),
    ],
    ids=" ".join,
)
def test_watch_is_refused_when_another_option_does_not_fit(
    capsys: Capture, words: tuple[str, ...], advice: str
) -> None:
    ran = run(capsys, "list", *words)
    assert (ran.code, advice in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "interval", "target"),
    [
        (["--watch"], "60s", None),
        (["--watch", "prod"], "60s", "prod"),
        (["--watch", "30s", "prod"], "30s", "prod"),
        (["--watch=5m", "prod"], "5m", "prod"),
        (["prod", "--watch", "1m30s"], "1m30s", "prod"),
        (["prod"], None, "prod"),
    ],
)
def test_watch_takes_only_a_duration_when_a_target_follows(
    words: list[str], interval: str | None, target: str | None
) -> None:
    for command in ("list", "status", "check"):
        parsed = parser(command).parse_args([command, *words])
        assert (parsed.watch, parsed.target) == (interval, target)


def context_at(now: int) -> Context:
    """Return the context of a simulated site."""
    target, access = Target(DEMO, scenario="calm"), ConnectionOptions()
    return Context(target, access, access, Settings(), now, None, dt.UTC, None, plain=False)


def test_screen_is_redrawn_in_place_when_an_answer_changes(capsys: Capture) -> None:
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    screen.set_mode(pyte.modes.LNM)
    stream.feed("$ drtui list --watch\n")
    drawn = Redrawing(MINUTE)

    def shown(snapshot: Snapshot, now: int) -> list[str]:
        drawn.show(snapshot, context_at(now))
        stream.feed(capsys.readouterr().out)
        return [line.rstrip() for line in screen.display if line.strip()]

    facts = {"a": Fact("usable", "usable")}
    first = shown(Snapshot("NAME\na long line that is replaced\nb\n", facts), NOW)
    assert first[0] == "$ drtui list --watch"
    assert first[2:] == ["NAME", "a long line that is replaced", "b"]
    assert shown(Snapshot("NAME\nshort\n", facts), NOW + MINUTE)[2:] == ["NAME", "short"]
    failed = shown(Snapshot("", {}, failure="stores: no answer"), NOW + 2 * MINUTE)
    assert failed[1].startswith("NOT ANSWERING since 14:15:20")
    assert failed[2:] == ["NAME", "short"]
    later = shown(Snapshot("", {}, failure="stores: no answer"), NOW + 3 * MINUTE)
    assert later[1].startswith("NOT ANSWERING since 14:15:20")
    many = shown(Snapshot("\n".join(map(str, range(100))), facts), NOW + 4 * MINUTE)
    assert len(many) <= 23
    assert "more lines" in many[-1]
