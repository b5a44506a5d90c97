"""`python -m tests.fuzz`: many inputs for every target, shared out among processes."""

import argparse
import base64
import multiprocessing
import sys
import time
from collections.abc import Iterable

from tests.fuzz.driver import Finding, tried
from tests.fuzz.pieces import Piece, pieces, work
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Fuzz, print the findings, and return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of all targets together")
    parser.add_argument("--seed", default="1", help="the same seed makes the same inputs")
    parser.add_argument("--only", choices=sorted(TARGETS), help="one target")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--input", metavar="BASE64", help="try this one input of --only, as a finding names it")
    arguments = parser.parse_args()
    if arguments.input is not None:
        if arguments.only is None:
            parser.error("--input needs --only")
        finding = tried(TARGETS[arguments.only], base64.b64decode(arguments.input))
        sys.stdout.write(f"{finding or 'nothing is wrong with it'}\n")
        return int(finding is not None)
    names = [arguments.only] if arguments.only else list(TARGETS)
    return _run(pieces(names, arguments.inputs, arguments.seed), arguments.jobs)


def _run(shared: Iterable[Piece], jobs: int) -> int:
    begun, done = time.monotonic(), 0
    cost: dict[str, tuple[int, float]] = {}
    piece_findings: dict[tuple[str, str], Finding] = {}
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for (name, inputs, seed), took, findings in pool.imap_unordered(work, shared):
            done += inputs
            cost[name] = (cost.get(name, (0, 0.0))[0] + inputs, cost.get(name, (0, 0.0))[1] + took)
            for finding in findings:
                if (finding.target, finding.failure) not in piece_findings:
                    piece_findings[finding.target, finding.failure] = finding
                    sys.stdout.write(f"\nseed {seed}: {finding}\n")
            sys.stderr.write(f"\r{done} inputs")
    for name, (inputs, seconds) in cost.items():
        sys.stdout.write(f"{name:<10}{inputs:>9} inputs  {seconds:>6.0f} s  {seconds / inputs * 1e6:>6.0f} µs each\n")
    sys.stdout.write(f"{done} inputs in {time.monotonic() - begun:.0f} s, {len(piece_findings)} findings\n")
    return int(bool(piece_findings))


if __name__ == "__main__":
    sys.exit(main())
