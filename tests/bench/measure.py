"""What is measured, each beside its floor, in turns: these machines are noisy, so only ratios of one run count."""

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from tests.bench.program import Line, Program, running, whole
from tests.bench.site import present, records, served

HERE = Path(sys.executable).parent
DRTUI = str(HERE / "drtui")
SLOW = Line(0.15, 16_000)
"""A line of 300 ms there and back that lets 16 kB a second through."""
DOWN, PAGE_DOWN, END = b"j", b"\x1b[6~", b"G"

Figures = dict[str, list[float]]


class Bench:
    """Everything that is measured of a site with so many restore points."""

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self._now = present()
        self._folder = folder
        self._file, self._list, self._token = folder / "backups.json", folder / "list.json", folder / "token"
        listed = records(number, self._now)
        self._file.write_bytes(listed)
        self._list.write_bytes(listed[len('{"backups": ') : -1])
        self._token.write_text("of no worth")
        self._token.chmod(0o600)
        places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("STATE", "CONFIG", "CACHE", "DATA")}
        self._environment: Mapping[str, str] = places
        self.figures: Figures = defaultdict(list)

    def run(self, rounds: int) -> Figures:
        """Measure so many times, everything in turn."""
        with served(self._file) as url:
            site = [url, "--token-file", str(self._token)]
            whole([DRTUI, "list", *site], self._environment)
            self._keys(site)  # also leaves behind what the next start says first
            for _ in range(rounds):
                self._starts(site)
                self._headless(site)
            self._slow(site)
        return self.figures

    def _note(self, name: str, value: float) -> None:
        self.figures[name].append(value)

    def _starts(self, site: list[str]) -> None:
        with running([sys.executable, "-m", "tests.bench.empty"]) as program:
            self._note("empty app", program.until("ready"))
        with running([DRTUI, *site], self._environment) as program:
            self._note("something true", program.until(r"Saved \d|Asking "))
            self._note("panes", program.until("3 Restore points"))
            if self.number:
                self._note("saved rows", program.until("hourly-20"))
            self._note("live", program.until(r"live \d\d:\d\d"))
        with running([DRTUI, *site, "--no-history"], self._environment) as program:
            if self.number:
                self._note("live rows, no history", program.until("hourly-20"))
            self._note("live, no history", program.until(r"live \d\d:\d\d"))
        if self.number and (HERE / "vd").exists():
            with running([str(HERE / "vd"), str(self._list)]) as program:
                self._note("visidata on a file", program.until(r"arcgis .* bench"))
                self._note("visidata, whole", program.until(rf"\b{self.number} rows"))
                self._note("visidata: memory, MiB", program.memory)

    def _headless(self, site: list[str]) -> None:
        self._note("python -c pass", whole([sys.executable, "-c", "pass"]))
        self._note("--version", whole([DRTUI, "--version"]))
        self._note("--help", whole([DRTUI, "--help"]))
        self._note("list", whole([DRTUI, "list", *site], self._environment))
        self._note("check", whole([DRTUI, "check", *site], self._environment))
        if shutil.which("curl") and shutil.which("jq"):
            asked = f"curl -s {site[0]}/admin/system/disasterrecovery/stores/bench/backups | jq '.backups[].backupName'"
            self._note("curl | jq", whole(["sh", "-c", asked]))

    def _keys(self, site: list[str]) -> None:
        with running([DRTUI, *site], self._environment) as program:
            program.until(r"live \d\d:\d\d")
            program.settle(1.0)
            self._note("first paint: bytes", program.written)
            self._note("refresh without change: bytes", program.press(b"r").size)
            rate, cpu = program.idle(5.0)
            self._note("idle: bytes a second", rate)
            self._note("idle: CPU %", cpu)
            if self.number >= 100:
                self._moving(program, "with detail")
                program.press(b"g")
                program.press(b"f")
                self._moving(program, "zoomed")
                self._sought(program)
            self._note("memory, MiB", program.memory)

    def _moving(self, program: Program, how: str) -> None:
        self._each(program, f"down, {how}", DOWN, 8)
        self._each(program, f"page down, {how}", PAGE_DOWN, 4)
        program.press(PAGE_DOWN)
        self._each(program, f"down, scrolling, {how}", DOWN, 8)
        self._each(program, f"end, {how}", END, 1)
        program.press(b"g")

    def _sought(self, program: Program) -> None:
        program.press(b"/")
        for letter in "hourly-2":
            self._each(program, "filter letter", letter.encode(), 1)
        program.press(b"\r")
        program.press(b"\x7f")
        self._each(program, "sort", b"s", 3)

    def _each(self, program: Program, name: str, key: bytes, times: int) -> None:
        for _ in range(times):
            came = program.press(key)
            self._note(f"{name}: ms", came.milliseconds)
            self._note(f"{name}: bytes", came.size)

    def _slow(self, site: list[str]) -> None:
        """A held cursor key on a slow line."""
        if self.number < 100:
            return
        with running([DRTUI, *site, "--offline"], self._environment, SLOW) as program:
            program.until("hourly-20")
            program.settle(2.0)
            self._note("held key on a slow line: ms after release", program.hold(DOWN, 60, 1 / 30))


def mid(figures: Figures, name: str) -> float | None:
    """The median of a figure."""
    return median(figures[name]) if figures.get(name) else None


def ratio(one: str, other: str) -> Callable[[Figures], float | None]:
    """One figure as a multiple of another of the same run."""

    def of(figures: Figures) -> float | None:
        above, below = mid(figures, one), mid(figures, other)
        return above / below if above is not None and below else None

    return of


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
