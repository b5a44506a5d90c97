"""Measure the screens of a site with many items: where, comparison and timeline."""

from tests.bench.measure import LIVE, Bench
from tests.bench.program import Program
from tests.bench.site import served

GEODATABASES = 100
DOWN, BACK = b"\x1b[B", b"\x1b"


class Inside(Bench):
    """Figures of a site whose restore points contain a hundred geodatabases each."""

    def run(self, rounds: int) -> None:
        """Measure this many times, one screen after the other."""
        with served(self.folder) as url:
            self.site = [url, "--token-file", self.token]
            with self.drtui() as program:
                program.until(LIVE)
                program.rest()
                for _ in range(rounds):
                    self._where(program)
                    self._compare(program)
                    self._timeline(program)
                self.note("inside: memory, MiB", program.memory)

    def _where(self, program: Program) -> None:
        again = "again" if self.figures["where, first"] else "first"
        self.note(f"where, {again}", program.answer(b"w", r"Where: \d"))
        for letter in (b"l", b"a", b"y", b"7"):
            self.each(program, "where, letter", letter, 1)
        self.each(program, "where, down", DOWN, 3)
        self._back(program)

    def _compare(self, program: Program) -> None:
        program.press(b"g")
        program.press(b"j")  # the first line may be a missed run
        self.note("compare with the previous", program.answer(b"D", "Older: "))
        self._back(program)
        program.press(b" ")
        program.press(b"G")
        program.press(b" ")
        self.note("compare two", program.answer(b"d", "Older: "))
        self.each(program, "compare, down", b"j", 3)
        self._back(program)
        program.press(b" ")
        program.press(b"g")
        program.press(b"j")
        program.press(b" ")

    def _timeline(self, program: Program) -> None:
        again = "again" if self.figures["timeline, first"] else "first"
        self.note(f"timeline, {again}", program.answer(b"t", "a slot is"))
        for name, key in (("zoom", b"-"), ("zoom", b"-"), ("zoom", b"+"), ("pan", b"h"), ("pan", b"l"), ("lane", b"j")):
            self.each(program, f"timeline, {name}", key, 1)
        self._back(program)

    @staticmethod
    def _back(program: Program) -> None:
        program.press(BACK)
