"""Escape sequences for the terminal's clipboard, through tmux and screen."""

import base64
import re

import pytest

from drtui.ui.clipboard import (
    MAX_BYTES,
    SCREEN_CHUNK,
    Multiplexer,
    build_osc52_sequence,
    detect_multiplexer,
    fits_clipboard,
)

TMUX, STY = "/tmp/tmux-0/default,1,0", "1.pts-0.host"  # noqa: S108 - nothing is there
XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, Multiplexer.NOTHING),
        ({"TERM": "xterm-256color"}, Multiplexer.NOTHING),
        ({"TERM": "alacritty", "TMUX": ""}, Multiplexer.NOTHING),
        ({"TERM": "tmux-256color", "TMUX": TMUX}, Multiplexer.TMUX),
        ({"TERM": "screen-256color", "TMUX": TMUX}, Multiplexer.TMUX),
        ({"TERM": "xterm-256color", "TMUX": TMUX}, Multiplexer.TMUX),
        ({"TERM": "screen.xterm-256color", "STY": STY}, Multiplexer.SCREEN),
        ({"TERM": "xterm-256color", "STY": STY}, Multiplexer.SCREEN),
        ({"TERM": "tmux-256color", "TMUX": TMUX, "STY": STY}, Multiplexer.TMUX),
        ({"TERM": "screen.tmux-256color", "TMUX": TMUX, "STY": STY}, Multiplexer.SCREEN),
        ({"TERM": "tmux-256color"}, Multiplexer.TMUX),
        ({"TERM": "screen"}, Multiplexer.EITHER),
        ({"TERM": "screen-256color"}, Multiplexer.EITHER),
    ],
)
def test_detect_multiplexer_returns_the_inner_one_when_the_environment_names_it(
    environment: dict[str, str], expected: Multiplexer
) -> None:
    assert detect_multiplexer(environment) is expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (XTERM, "\x1b]52;c;YWI=\a"),
        ({"TERM": "tmux-256color"}, "\x1b]52;c;YWI=\a\x1bPtmux;\x1b\x1b]52;c;YWI=\a\x1b\\"),
        ({"TERM": "screen", "STY": STY}, "\x1bP\x1b]52;c;YWI=\a\x1b\\"),
        ({"TERM": "screen"}, "\x1b]52;c;YWI=\a\x1bP\x1b]52;c;YWI=\a\x1b\\"),
    ],
)
def test_osc52_sequence_is_wrapped_when_a_multiplexer_is_present(environment: dict[str, str], expected: str) -> None:
    assert build_osc52_sequence("ab", environment) == expected


@pytest.mark.parametrize("environment", [{"TERM": "screen", "STY": STY}, {"TERM": "screen"}])
@pytest.mark.parametrize("size", [565, 566, 1_000, MAX_BYTES])
def test_osc52_sequence_is_split_into_chunks_when_screen_may_be_present(environment: dict[str, str], size: int) -> None:
    sent = build_osc52_sequence("x" * size, environment)
    before, _, rest = sent.partition("\x1bP")
    pieces = re.findall(r"(.*?)\x1b\\(?:\x1bP)?", rest, re.DOTALL)
    assert max(map(len, pieces)) <= SCREEN_CHUNK < 768
    bare = build_osc52_sequence("x" * size, XTERM)
    assert "".join(pieces) == bare
    assert before == (bare if "STY" not in environment and len(bare) <= SCREEN_CHUNK else "")


@pytest.mark.parametrize("text", ["", "Größe", "\x1b]0;title\a", "\x1b\\", "a\nb", "備份 \u202e", "x" * 5_000])
def test_osc52_sequence_holds_only_base64_when_the_text_has_control_characters(text: str) -> None:
    sent = build_osc52_sequence(text, XTERM)
    assert sent.isascii()
    assert base64.b64decode(sent.removeprefix("\x1b]52;c;").removesuffix("\a"), validate=True).decode() == text


def test_fits_clipboard_is_false_when_the_text_is_too_large() -> None:
    assert fits_clipboard("x" * MAX_BYTES)
    assert not fits_clipboard("x" * (MAX_BYTES + 1))
    assert not fits_clipboard("ä" * (MAX_BYTES // 2 + 1))
    assert len(build_osc52_sequence("x" * MAX_BYTES, XTERM)) <= 100_000
