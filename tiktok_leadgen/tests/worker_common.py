"""Processes of their own that run a scheduled action, to be killed by `kill -9`."""

import os
import signal
import subprocess
import sys

import odoo
from odoo.tests.common import get_db_name
from odoo.tools import config

from .common import CommittedCommon

WORKER = """
import sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config.parse_config(sys.argv[3:])
registry = Registry(sys.argv[1])
def hang(word):
    print(word, flush=True)
    sys.stdin.read()  # until the process is killed
{preparation}
with registry.cursor() as cr:
    api.Environment(cr, SUPERUSER_ID, {{}}).ref(sys.argv[2]).method_direct_trigger()
print("done", flush=True)
"""


class WorkerCommon(CommittedCommon):
    """Start workers on the database of the test, and kill them in the middle of their work."""

    cron = ""  # XML id of the scheduled action
    preparation = ""  # Python code of the worker; where it calls `hang(word)`, it stops

    def start_worker(self):
        """Start a worker.

        :return: the process, and the first word it prints: of `hang`, or "done"
        :rtype: tuple[subprocess.Popen, str]
        """
        options = ["--database", get_db_name(), "--addons-path", ",".join(odoo.addons.__path__)]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options += [f"--{name}" if name.startswith("db_") else "--data-dir", config[name]]
        code = WORKER.format(preparation=self.preparation)
        arguments = [get_db_name(), self.cron, *map(str, options), "--log-level", "critical"]
        worker = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.stdin.close)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        return worker, worker.stdout.readline().strip()

    def run_killed(self, word):
        """Start a worker and kill it where it hangs.

        :param str word: of `hang`
        """
        worker, found = self.start_worker()
        self.assertEqual(found, word)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def run_finished(self):
        """Start a worker that must come to its end."""
        _worker, found = self.start_worker()
        self.assertEqual(found, "done")
