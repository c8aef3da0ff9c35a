"""Processes of their own that run a scheduled action, to be killed by `kill -9`."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import odoo
from odoo.tests.common import get_db_name
from odoo.tools import config

from .common import CommittedCommon

SECONDS = 30  # for PostgreSQL to notice that a process is gone
# Loads Odoo once for all workers of a test class, and forks one for each message.
LOADER = """
import json, os, socket, sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config
config.parse_config(sys.argv[3:])
registry = Registry(sys.argv[1])
close_all()  # a worker opens its own connections
door = socket.socket(fileno=int(sys.argv[2]))
def say(word):
    os.write(words, word.encode() + b"\\n")
def hang(word):
    say(word)
    os.read(held, 1)  # until the process is killed, or its test is over
    os._exit(1)
while True:
    message, pipes, _flags, _address = socket.recv_fds(door, 1 << 16, 2)
    if not message:
        break
    pid = os.fork()
    if pid:
        for pipe in pipes:
            os.close(pipe)
        door.send(str(pid).encode())
        continue
    door.close()
    words, held = pipes
    cron, preparation = json.loads(message)
    try:
        registry = registry.check_signaling()
        exec(preparation)
        with registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {}).ref(cron).method_direct_trigger()
        say("done")
    except Exception as error:
        say(repr(error))
    finally:
        os._exit(0)
"""


class Worker:
    """A process that runs a scheduled action.

    Its loader never waits for it: until the loader ends, its number is of no other process.
    """

    def __init__(self, door, cron, preparation):
        words, words_end = os.pipe()
        held_end, self._held = os.pipe()
        message = json.dumps([cron, preparation]).encode()
        socket.send_fds(door, [message], [words_end, held_end])
        os.close(words_end)
        os.close(held_end)
        self.pid = int(door.recv(64))
        self._words = os.fdopen(words)

    def read_word(self):
        """Return the next word it prints, or the error that ended it."""
        return self._words.readline().strip()

    def kill(self):
        """Kill it by `kill -9`."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self):
        """Wait until it has ended."""
        self._words.read()

    def close(self):
        """Kill it and close what led to it."""
        self.kill()
        self.wait()
        self._words.close()
        os.close(self._held)


class WorkerCommon(CommittedCommon):
    """Start workers on the database of the test, and kill them in the middle of their work."""

    cron = ""  # XML id of the scheduled action
    preparation = ""  # Python code of the worker; where it calls `hang(word)`, it stops
    _door = None  # to the loader
    _loader_pid = None

    @classmethod
    def _start_loader(cls):
        """Start the process that loads Odoo and becomes the workers of this class."""
        options = ["--database", get_db_name(), "--addons-path", ",".join(odoo.addons.__path__)]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options += [f"--{name}" if name.startswith("db_") else "--data-dir", config[name]]
        cls._door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = [get_db_name(), inside.fileno(), *options, "--log-level", "critical"]
        loader = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", LOADER, *map(str, arguments)],
            pass_fds=[inside.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        inside.close()
        cls._loader_pid = loader.pid
        cls.addClassCleanup(loader.wait)
        cls.addClassCleanup(cls._stop_loader)

    @classmethod
    def _stop_loader(cls):
        """Close the door: the loader ends."""
        cls._door.close()
        cls._door = None

    def start_worker(self):
        """Start a worker.

        :return: the process, and the first word it prints: of `hang`, "done" or an error
        :rtype: tuple[Worker, str]
        """
        if not self._door:
            self._start_loader()
        worker = Worker(self._door, self.cron, self.preparation)
        self.addCleanup(worker.close)
        return worker, worker.read_word()

    def run_killed(self, word):
        """Start a worker and kill it where it hangs.

        :param str word: of `hang`
        """
        worker, found = self.start_worker()
        self.assertEqual(found, word)
        self.kill_worker(worker)

    def kill_worker(self, worker):
        """Kill a worker, and wait until PostgreSQL has noticed and released what it held.

        :param Worker worker: that hangs; the last one of its class
        """
        worker.kill()
        worker.wait()
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = ANY(%s)"
        names = [f"odoo-{pid}" for pid in (self._loader_pid, worker.pid)]
        deadline = time.monotonic() + SECONDS
        count = 1
        while count:
            self.assertLess(time.monotonic(), deadline)
            with self.registry.cursor() as cr:
                cr.execute(query, [names])
                (count,) = cr.fetchone()

    def run_finished(self):
        """Start a worker that must come to its end."""
        _worker, found = self.start_worker()
        self.assertEqual(found, "done")
