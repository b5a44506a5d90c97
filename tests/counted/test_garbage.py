"""The garbage collector does not run at start, and never visits objects created then."""

import sys

from drtui.ui.app import GC_THRESHOLD
from tests import processes

START_APP = """
import asyncio, gc, os, sys
from drtui.__main__ import program
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options
from textual.drivers.headless_driver import HeadlessDriver

class WritingDriver(HeadlessDriver):
    is_headless = False

collections = 0
def count_collection(phase, info):
    global collections
    collections += phase == "start"

sys.argv = ["drtui", "--version"]
program()
gc.unfreeze()
gc.callbacks.append(count_collection)
app = DrtuiApp(Options(Target(DEMO, scenario="calm"), ConnectionOptions()))
app.driver_class = WritingDriver

async def start():
    running = asyncio.create_task(app.run_async(size=(120, 40)))
    while not gc.get_freeze_count():
        await asyncio.sleep(0)
    print(collections, gc.get_freeze_count(), gc.get_threshold()[0], flush=True, file=sys.__stdout__)
    os._exit(0)

asyncio.run(start())
"""


def test_garbage_collector_never_runs_when_app_starts() -> None:
    process = processes.run([sys.executable, "-c", START_APP], check=True)
    collections, frozen, threshold = map(int, process.stdout.splitlines()[-1].split())
    assert collections == 0
    assert frozen > 20_000, "the loaded modules"
    assert threshold == GC_THRESHOLD
