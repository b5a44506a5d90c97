"""All measurements, each next to its baseline, in turns: the machines are noisy, so only ratios within a run count."""

import importlib.util
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from tests.bench.program import QUIET, Line, Program, running, whole
from tests.bench.site import LIST, prepare, present, served

HERE = Path(sys.executable).parent
DRTUI = str(HERE / "drtui")
SLOW = Line(0.15, 16_000)
"""A line with 300 ms round trip and 16 kB per second."""
LONG = 1.0
"""Seconds without a byte after which a slow key is finished: the letter appears at once, the list later."""
DOWN, PAGE_DOWN, END = b"j", b"\x1b[6~", b"G"
LIVE, ROWS = r"(?s)\A(?!.*(Asking|Reading|so far)).*LIVE \d\d:\d\d", r"(?m)^..hourly-20"
"""Texts on the screen when everything is loaded, and when there are rows; sentences above may name them as well."""
FEWEST = 100
"""Restore points from which the list scrolls."""

Figures = dict[str, list[float]]


class Bench:
    """All measurements of a site with this many restore points."""

    def __init__(self, folder: Path, number: int, geodatabases: int = 0) -> None:
        self.number = number
        self.folder = folder
        self._list, token = folder / "list.json", folder / "token"
        prepare(folder, number, present(), geodatabases)
        self._list.write_bytes((folder / LIST).read_bytes()[len('{"backups": ') : -1])
        token.write_text("of no worth")
        token.chmod(0o600)
        self.token = str(token)
        places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("STATE", "CONFIG", "CACHE", "DATA")}
        self._environment: Mapping[str, str] = places
        self.figures: Figures = defaultdict(list)
        self.site: list[str] = []

    def run(self, rounds: int) -> None:
        """Measure this many times, everything in turn."""
        with served(self.folder) as url:
            self.site = [url, "--token-file", self.token]
            whole([DRTUI, "list", *self.site], self._environment)
            self._keys()  # also leaves the headline for the next start
            for _ in range(rounds):
                self._starts()
                self._headless()
            self._once()
            self._slow_start()
        self._slow_keys()

    def drtui(self, *options: str, line: Line | None = None) -> AbstractContextManager[Program]:
        """Start the program on this site."""
        return running([DRTUI, *self.site, *options], self._environment, line)

    def note(self, name: str, value: float) -> None:
        """Add a figure."""
        self.figures[name].append(value)

    def _starts(self) -> None:
        with running([sys.executable, "-m", "tests.bench.empty"]) as program:
            self.note("empty app", program.until("ready"))
            self.note("empty app: MiB", program.memory)
        with self.drtui() as program:
            self.note("something true", program.until(r"CANNOT TELL|Asking "))
            self.note("panes", program.until("3 Restore points"))
            if self.number:
                self.note("saved rows", program.until(ROWS))
            self.note("live", program.until(LIVE))
        with self.drtui("--no-history") as program:
            if self.number:
                self.note("live rows, no history", program.until(ROWS))
            self.note("live, no history", program.until(LIVE))
        visidata = shutil.which("vd", path=HERE) or shutil.which("vd")
        if self.number and visidata:
            with running([visidata, str(self._list)]) as program:
                self.note("visidata on a file", program.until(r"arcgis .* bench"))
                self.note("visidata, whole", program.until(rf"\b{self.number} rows"))
                self.note("visidata: MiB", program.memory)

    def _headless(self) -> None:
        self.note("python -c pass", whole([sys.executable, "-c", "pass"]))
        self.note("--version", whole([DRTUI, "--version"]))
        self.note("--help", whole([DRTUI, "--help"]))
        self.note("list", whole([DRTUI, "list", *self.site], self._environment))
        self.note("check", whole([DRTUI, "check", *self.site], self._environment))
        if importlib.util.find_spec("arcgis"):
            self.note("arcgis", whole([sys.executable, "-c", "from arcgis.gis import GIS"]))
        if shutil.which("curl") and shutil.which("jq"):
            address = f"{self.site[0]}/admin/system/disasterrecovery/stores/bench/backups"
            self.note("curl | jq", whole(["sh", "-c", f"curl -s {address} | jq '.backups[].backupName'"]))

    def _keys(self) -> None:
        with self.drtui() as program:
            program.until(LIVE)
            program.settle(1.0)
            self.note("first paint: bytes", program.written)
            program.rest()
            for _ in range(3):  # in one of them a minute may pass, which changes the screen
                self.note("refresh without change: bytes", program.press(b"r", 2.0).size)
                program.rest()
            idle = program.idle(10.0)
            self.note("idle: bytes", idle.size)
            self.note("idle: CPU", idle.cpu)
            self.note("idle: woken", idle.woken)
            if self.number >= FEWEST:
                self._moving(program, "with detail")
                program.press(b"g")
                program.press(b"f")
                self._moving(program, "zoomed")
                self._sought(program)
            self.note("memory, MiB", program.memory)

    def _moving(self, program: Program, how: str) -> None:
        self.each(program, f"down, {how}", DOWN, 8)
        for _ in range(3):
            program.press(b"g")
            program.press(PAGE_DOWN)  # the first one hardly scrolls
            self.each(program, f"page down, {how}", PAGE_DOWN, 1)
        program.press(b"g")
        program.press(PAGE_DOWN)
        self.each(program, f"down, scrolling, {how}", DOWN, 8)
        for _ in range(3):
            program.press(b"g")
            self.each(program, f"end, {how}", END, 1)
        program.press(b"g")

    def _sought(self, program: Program) -> None:
        program.press(b"/")
        self.each(program, "first filter letter", b"h", 1, LONG)
        for letter in (b"o", b"u", b"r", b"l", b"y", b"-", b"2"):
            self.each(program, "filter letter", letter, 1, LONG)
        program.press(b"\r")
        program.press(b"\x7f")
        self.each(program, "sort", b"s", 6, LONG)

    def each(self, program: Program, name: str, key: bytes, times: int, quiet: float = QUIET) -> None:
        """Press a key this many times; each is finished after `quiet` seconds without output."""
        for _ in range(times):
            came = program.press(key, quiet=quiet)
            self.note(f"{name}: ms", came.milliseconds)
            self.note(f"{name}: bytes", came.size)
            self.note(f"{name}: work", came.cpu)

    def _once(self) -> None:
        """Measure the first picture in a theme of 256 colours, and the wake-ups of the empty application."""
        with self.drtui("--theme", "textual-dark") as program:
            program.until(LIVE)
            program.settle(1.0)
            self.note("first paint, 256 colours: bytes", program.written)
        with running([sys.executable, "-m", "tests.bench.empty"]) as program:
            program.until("ready")
            program.settle(1.0)
            self.note("empty app: woken", program.idle(5.0).woken)

    def _slow_start(self) -> None:
        with self.drtui(line=SLOW) as program:
            self.note("slow line: something true", program.until(r"CANNOT TELL|Asking "))
            self.note("slow line: panes", program.until("3 Restore points"))
            if self.number:
                self.note("slow line: rows", program.until(ROWS))

    def _slow_keys(self) -> None:
        """Measure keys on a slow line, one of them held down."""
        if self.number < FEWEST:
            return
        with self.drtui("--offline", line=SLOW) as program:
            program.until(ROWS)
            program.rest()
            self.note("slow line: held key", program.hold(DOWN, 60, 1 / 30))
            self.each(program, "slow line: down", DOWN, 3)
            self.each(program, "slow line: page down", PAGE_DOWN, 2)
            program.press(b"/")
            self.each(program, "slow line: letter", b"h", 1, LONG)


def side_by_side(benches: Sequence[Bench], times: int = 40) -> None:
    """Press the same keys on each site in turn, to see whether they cost more on a larger site."""
    with ExitStack() as stack:
        opened = [(bench, stack.enter_context(bench.drtui("--offline"))) for bench in benches]
        for _, program in opened:
            program.until(ROWS)
            program.rest()
            program.press(b"f")
        for _ in range(times):
            for bench, program in opened:
                bench.each(program, "in turn: down", DOWN, 1)
        for _ in range(times // 4):
            for bench, program in opened:
                program.press(b"g")
                program.press(PAGE_DOWN)
                bench.each(program, "in turn: page down", PAGE_DOWN, 1)
