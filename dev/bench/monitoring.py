"""A real Prometheus scrapes the health route of a running Odoo."""

import contextlib
import json
import shutil
import time
import urllib.parse
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from dev import apt, console, paths, process
from dev.bench import bodies, odoo_process
from dev.bench.client import post
from dev.site import free_port

PATH = "/api/integrations/tiktok/health/"
SECONDS = 40
LEADS = 50
UNPACKED = paths.HOME / "prometheus"
CONFIG = """global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: tiktok_leadgen
    metrics_path: {path}
    params: {{format: [prometheus]}}
    authorization: {{credentials: "{token}"}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def run(stage, report):
    """Let Prometheus scrape while leads wait, and compare what it stored with the database."""
    console.step("Monitoring: Prometheus scrapes the health route")
    token = odoo_process.call(stage, "health_token")
    families = _read_families(stage, token)
    names = sorted(families)
    report.check("Prometheus' own client reads the text", len(names) > 10, f"{len(names)} metrics")
    with _run_prometheus(stage, token) as address, stage.held_job():
        uids = bodies.uids(stage.new_run(), LEADS)
        post(stage.url(stage.path), bodies.body(uids))
        waiting = stage.waiting()
        found = _wait_for_value(address, "tiktok_leadgen_queue_waiting", waiting)
        report.check("Prometheus stores how many leads wait", found == waiting, f"{found:g}")
        rows = [(name, _query(address, name)) for name in names]
    missing = [name for name, value in rows if value is None]
    report.check("Prometheus stores each metric", not missing, ", ".join(missing) or "all")
    report.table("What Prometheus stored while leads waited", ("metric", "value"), rows)


def _read_families(stage, token):
    """Return the metrics of the health route, parsed by Prometheus' client.

    :rtype: dict
    """
    request = urllib.request.Request(
        stage.url(f"{PATH}?format=prometheus"), headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


@contextlib.contextmanager
def _run_prometheus(stage, token):
    """Run a Prometheus that scrapes this stage's node once a second; give its address."""
    program = shutil.which("prometheus") or str(
        apt.unpack(UNPACKED, "prometheus") / "usr/bin/prometheus"
    )
    folder, port = paths.HOME / "prometheus-data", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    config = folder / "prometheus.yml"
    config.touch(mode=0o600)
    config.write_text(CONFIG.format(path=PATH, token=token, port=stage.node.port))
    command = [
        *(program, f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"),
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    started = process.start("prometheus", command)
    try:
        process.wait_http(f"http://127.0.0.1:{port}/-/ready", started, SECONDS, "prometheus")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop("prometheus")
        shutil.rmtree(folder, ignore_errors=True)


def _query(address, name):
    """Return the sum of a metric's last samples, None if there is none.

    :rtype: float | None
    """
    url = f"{address}/api/v1/query?{urllib.parse.urlencode({'query': f'sum({name})'})}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        result = json.load(answer)["data"]["result"]
    return float(result[0]["value"][1]) if result else None


def _wait_for_value(address, name, value):
    """Wait until a metric has a value, and return what it has in the end.

    :rtype: float
    """
    deadline = time.monotonic() + SECONDS
    while (found := _query(address, name)) != value and time.monotonic() < deadline:
        time.sleep(0.2)
    return -1 if found is None else found
