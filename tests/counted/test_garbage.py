"""How often one looks for garbage among what is kept: hardly at the start, and never again in what was made then."""

import sys

from drtui.ui.app import GC_THRESHOLD
from tests import processes

STARTED = """
import asyncio, gc, os, sys
from drtui.__main__ import program
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from textual.drivers.headless_driver import HeadlessDriver

class Shown(HeadlessDriver):
    is_headless = False

looks = 0
def looked(phase, about):
    global looks
    looks += phase == "start"

sys.argv = ["drtui", "--version"]
program()
gc.unfreeze()
gc.callbacks.append(looked)
app = DrtuiApp(Options(Target(DEMO, scenario="calm"), ConnectionOptions()))
app.driver_class = Shown

async def started():
    running = asyncio.create_task(app.run_async(size=(120, 40)))
    while not gc.get_freeze_count():
        await asyncio.sleep(0)
    print(looks, gc.get_freeze_count(), gc.get_threshold()[0], flush=True, file=sys.__stdout__)
    os._exit(0)

asyncio.run(started())
"""


def test_what_the_start_makes_is_not_looked_through() -> None:
    ran = processes.run([sys.executable, "-c", STARTED], check=True)
    looks, kept, threshold = map(int, ran.stdout.splitlines()[-1].split())
    assert looks == 0
    assert kept > 20_000, "all that was loaded"
    assert threshold == GC_THRESHOLD
