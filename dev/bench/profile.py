"""Where the time goes, for those who want to make it less."""

from dev import console
from dev.bench import odoo_process

COUNT = 1_000


def run(stage, _report):
    """Profile the job and the route in one process, without a server."""
    console.step(f"Profile: {COUNT:,} leads")
    stage.node.stop()
    console.line(odoo_process.finish(odoo_process.start(stage, "profile", stage.new_run(), COUNT)))
