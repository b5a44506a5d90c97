"""Properties: a terminal shows exactly what was painted, whatever was painted before."""

from hypothesis import given
from hypothesis import strategies as st

from drtui.ui.renderer.ansi_writer import Terminal
from drtui.ui.renderer.cells import CellRow
from drtui.ui.renderer.screen_diff import ScreenDiff
from drtui.ui.renderer.sgr import parse_sgr
from tests.renderer.emulator import Emulator, find_difference

WIDTH, HEIGHT = 16, 7

STYLES = ("", "1", "2", "1;2;31", "7", "4;32", "44", "38;5;200;48;5;17", "38;2;1;2;3;48;2;4;5;6;1", "9;53")
LINKS = ("", "", "", "https://gis.example.com/")
TEXTS = st.one_of(
    st.sampled_from(
        ["", "  ", " " * WIDTH, "nightly-1", "nightly-2", "東京", "a東b京", "💾✨", "e\u0301\u0301", "…Ж…"]
    ),
    st.sampled_from(
        ["\U0001f469\u200d\U0001f4bb", "\u0301", "\u200d", "x\u200d", "نسخة", "\x1b[2J", "❤\ufe0f", "\u3000"]
    ),
    st.text("ab 東\u0301", max_size=WIDTH),
)
PIECES = st.lists(st.tuples(st.integers(0, WIDTH), TEXTS, st.sampled_from(STYLES), st.sampled_from(LINKS)), max_size=4)
PUT = st.dictionaries(st.integers(0, HEIGHT - 1), PIECES, max_size=HEIGHT)
MOVE = st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, HEIGHT - 1), st.integers(-3, 3))
STEPS = st.lists(st.one_of(PUT, MOVE, st.just("forget")), min_size=1, max_size=8)


def build_lines(step: object, screen: ScreenDiff) -> dict[int, CellRow]:
    """Return the lines that a step paints."""
    lines: dict[int, CellRow] = {}
    if isinstance(step, dict):
        for y, pieces in step.items():
            line = lines[y] = screen.copy_row(y)
            for x, text, parameters, link in pieces:
                line.put(x, text, parse_sgr(parameters, link))
    elif isinstance(step, tuple):
        first, last, by = [*sorted(step[:2]), step[2]]
        lines = {y: screen.copy_row(y + by) for y in range(first, last + 1) if 0 <= y + by < HEIGHT}
    return lines


def paint_separately(screen: ScreenDiff, can_erase_in_colour: bool) -> Emulator:
    """Return a terminal with the same screen, painted cell by cell from nothing."""
    plain = Emulator(WIDTH, HEIGHT, can_erase_in_colour=can_erase_in_colour)
    for y in range(HEIGHT):
        line = screen.copy_row(y)
        for x, (char, drawn) in enumerate(zip(line.chars, line.styles, strict=True)):
            if char:
                codes = ";".join(filter(None, ("0", *drawn.attributes, drawn.foreground, drawn.background)))
                plain.feed(f"\x1b[{y + 1};{x + 1}H\x1b[{codes}m\x1b]8;;{drawn.link}\x1b\\{char}\x1b]8;;\x1b\\")
    return plain


@given(STEPS, st.booleans(), st.booleans())
def test_terminal_shows_painted_lines_when_steps_are_random(
    steps: list[object], can_erase: bool, can_reset: bool
) -> None:
    screen, terminal = (
        ScreenDiff(Terminal(can_erase, can_reset)),
        Emulator(WIDTH, HEIGHT, can_erase_in_colour=can_erase),
    )
    terminal.feed("\x1b[3mleft by somebody\x1b[m")
    screen.resize(WIDTH, HEIGHT)
    for step in steps:
        if step == "forget":
            screen.forget()
            terminal.feed("\x1b[2;5r\x1b[1;31msomething unexpected\r\n" * 3)
        terminal.feed(screen.paint(build_lines(step, screen)))
        terminal.dirty.update(range(HEIGHT))
        assert not find_difference(terminal, paint_separately(screen, can_erase))
        assert screen.paint({y: screen.copy_row(y) for y in range(HEIGHT)}) == ""
