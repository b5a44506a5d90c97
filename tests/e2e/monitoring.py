"""Start node_exporter and Prometheus on loopback, and receive alerts as an Alertmanager does."""

import contextlib
import json
import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from tests import processes

LISTENING = re.compile(r'msg="Listening on" address=(127\.0\.0\.1:\d+)')

CONFIGURATION = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs: [{{job_name: node, static_configs: [{{targets: ["{exporter}"]}}]}}]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{receiver}"]}}]}}]}}
"""


@contextlib.contextmanager
def _started(command: processes.Command) -> Iterator[str]:
    """Start a server of Prometheus's family, yield its address, and kill it with the block or after a minute."""
    with processes.started(command, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        output = process.stdout
        address = next(match[1] for line in output if (match := LISTENING.search(line)))
        reader = threading.Thread(target=output.read, daemon=True)  # a full pipe would stop the server
        reader.start()
        yield address
    reader.join()


def node_exporter(programs: Path, textfiles: Path) -> contextlib.AbstractContextManager[str]:
    """Start node_exporter with only a folder of files; yields its address."""
    return _started(
        [
            programs / "prometheus-node-exporter",
            "--web.listen-address=127.0.0.1:0",
            "--collector.disable-defaults",
            "--collector.textfile",
            f"--collector.textfile.directory={textfiles}",
        ]
    )


def prometheus(programs: Path, folder: Path, *, exporter: str, receiver: str) -> contextlib.AbstractContextManager[str]:
    """Start Prometheus with the `rules.yml` in a folder; yields its address. It sends alerts to the receiver."""
    configuration = folder / "prometheus.yml"
    configuration.write_text(CONFIGURATION.format(exporter=exporter, receiver=receiver), encoding="utf-8")
    return _started(
        [
            programs / "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            "--web.listen-address=127.0.0.1:0",
            "--rules.alert.resend-delay=1s",
        ]
    )


class Receiver(NamedTuple):
    """A receiver of alerts."""

    address: str
    posts: "queue.Queue[list[dict[str, Any]]]"
    """Lists of alerts as they arrive."""


@contextlib.contextmanager
def alert_receiver() -> Iterator[Receiver]:
    """Accept alerts on loopback during the block, as the API of Alertmanager does."""
    posts: queue.Queue[list[dict[str, Any]]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posts.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Receiver(f"127.0.0.1:{server.server_port}", posts)
        finally:
            server.shutdown()
            thread.join()
