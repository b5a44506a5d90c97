"""`drtui --plain`: the interface line by line, without boxes, colours, or a cursor that moves.

For screen readers, which read what is added and lose their way where a screen is painted over, and for terminals that
can do no more. All of it goes to standard output: what was typed and what is answered are one conversation.
"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from drtui.cli.context import context
from drtui.cli.exit_codes import FINE, CommandError
from drtui.cli.shell.commands import WORDS, now
from drtui.cli.shell.state import ShellState
from drtui.core.analysis.changes import previous_lists
from drtui.core.formatting.text import ELLIPSIS, wrap_cells
from drtui.core.formatting.times import TimeError
from drtui.core.query.text_tests import suggest_word
from drtui.core.summary.headline import headline, last_known_of
from drtui.session import Session, save_last_known
from drtui.session import runner as threads

CELLS = 100
"""Of a line; a longer one is folded at a blank."""


def run(arguments: argparse.Namespace) -> int:
    """Talk until there is nothing more to answer; the exit code.

    Raises:
        CommandError: there is nothing to look at.
    """
    found = context(arguments, ask=True)
    if found.target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")
    talk = ShellState(found, found.target.place)
    with threads.runner() as runner:
        session = Session(found.target, found.access, now=found.fixed_now)
        try:
            runner.run(_begin(talk, session))
            for line in _typed(lambda: talk.prompt):
                if line == "quit":
                    break
                if line == "refresh":
                    runner.run(_look(talk, session))
                else:
                    _answer(talk, line)
        finally:
            runner.run(session.close())
    return FINE


async def _begin(talk: ShellState, session: Session) -> None:
    """Say what was saved of the site, then what it says itself."""
    saved = None if talk.found.access.offline else await session.cached()
    if saved is None:
        _say([f"Asking {session.target.place} ..."])
    else:
        talk.update(replace(saved, is_complete=False))
        talk.before = previous_lists(saved, talk.found.now)
        _say([f"{session.target.place}: {headline(talk.judged)[0].text}"])
    await _look(talk, session)


async def _look(talk: ShellState, session: Session) -> None:
    """Ask the site, and say what is important now."""
    talk.update((await session.read()).with_fallback(talk.judged.site_state))
    talk.before = talk.before.with_unlisted(talk.judged.site_state, talk.judged.points)
    said = last_known_of(talk.judged)
    if said is not None:
        await asyncio.to_thread(save_last_known, session.target, talk.found.access, said)
    _say([*now(talk, ""), *filter(None, [session.history_trouble])])


def _answer(talk: ShellState, line: str) -> None:
    """Carry out what was typed, or say why not."""
    word, _, rest = line.partition(" ")
    talk.refresh_ages()
    try:
        if word not in WORDS:
            _say([f"{word!r} is no command; {suggest_word(word, filter(None, WORDS))}"])
        else:
            _say(WORDS[word].answer(talk, rest.strip()))
    except (CommandError, TimeError) as error:
        _say([str(error)])


def _say(lines: Iterable[str]) -> None:
    """Tell something at once: whoever reads a pipe waits for it."""
    for line in lines:
        spelled = line.replace(ELLIPSIS, "...")  # which a voice makes a pause of, and no word
        sys.stdout.writelines(f"{each}\n" for each in wrap_cells(spelled, CELLS))
    sys.stdout.flush()


def _typed(prompt: Callable[[], str]) -> Iterator[str]:
    """What is typed, line by line; after a prompt, if it is a person who types."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)  # a test may have put something simpler in its place
    if reconfigure is not None:
        reconfigure(errors="replace")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield from (line.strip() for line in iter(sys.stdin.readline, ""))
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: PLC0415 - to edit a line, and to have earlier ones back; not every Python has it

        readline.parse_and_bind("set enable-bracketed-paste off")  # it would send what not every terminal understands
    try:
        while True:
            yield input(prompt()).strip()
    except (EOFError, KeyboardInterrupt) as left:
        sys.stdout.write("\n")
        if isinstance(left, KeyboardInterrupt):
            raise
