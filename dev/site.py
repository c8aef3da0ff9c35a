"""A database with our addons, and the Odoo that serves it."""

import hashlib
import os
import shutil
import socket

from dev import console, node, odoo_source, paths, postgres, process, venv

# A change of these needs no update of the database.
NOT_LOADED = ("tests", "__pycache__", "i18n", "readme", "README.rst", "pyproject.toml")
LANGUAGES = ("ar_001", "ru_RU", "kk_KZ")  # of the demo, beside English
KEY_FILE = "tiktok_leadgen.key"
# Where Odoo's paid services are asked; nothing listens on this port of our own machine.
SERVICES = ("iap.endpoint", "enrich.endpoint", "iap.partner_autocomplete.endpoint", "sms.endpoint")
NOWHERE = "http://127.0.0.1:9"


class Site:
    """One database of ours and how to run Odoo on it.

    :param str name: names the database, the logs and the configuration
    :param tuple addons: what is installed
    :param bool demo: whether with demo data
    """

    def __init__(self, name, *, addons=paths.ADDONS, demo=False, prefer_debian=False):
        self.name = name
        self.database = f"tiktok_{name}"
        self.addons = addons
        self.demo = demo
        venv.ensure()
        self.odoo = odoo_source.ensure()
        self.server = postgres.ensure(prefer_debian=prefer_debian)
        self.config = paths.HOME / f"{name}.conf"
        self.path = node.mirroring_path()

    @property
    def env(self):
        """The environment for Odoo and for pytest."""
        return {
            **self.server.env(),
            "PYTHONPATH": f"{self.odoo.python_path}{os.pathsep}{paths.ROOT}",
            "PYTHONWARNINGS": "ignore",
            "PATH": self.path,
        }

    def command(self, *args):
        """Return the command that runs Odoo on this database.

        :rtype: list
        """
        program = [str(venv.PYTHON), str(self.odoo.program)]
        return [*program, "-c", str(self.config), "-d", self.database, *args]

    def subcommand(self, *words):
        """Return the command that runs one of Odoo's other commands on this database.

        :param str words: the command and its arguments
        :rtype: list
        """
        program = [str(venv.PYTHON), str(self.odoo.program)]
        return [*program, *words, "-c", str(self.config), "-d", self.database]

    def configure(self, **options):
        """Write Odoo's configuration.

        :param options: further options of odoo.conf
        """
        options = {
            "addons_path": f"{self.odoo.addons},{paths.ROOT}",
            "data_dir": paths.HOME / "data" / self.name,
            "db_name": self.database,
            "dbfilter": f"^{self.database}$",
            "list_db": False,
            "http_interface": "127.0.0.1",
            **options,
        }
        lines = [f"{key} = {value}" for key, value in options.items()]
        self.config.write_text("\n".join(["[options]", *lines, ""]))

    def prepare(self):
        """Make the database, or bring it up to date with the addons.

        :return: the log of what Odoo did, or None if there was nothing to do
        :rtype: pathlib.Path | None
        """
        self.configure(http_port=free_port())
        mark = paths.HOME / f"{self.name}.prepared"
        digest = self._digest()
        exists = self.server.exists(self.database)
        if exists and mark.exists() and mark.read_text() == digest:
            return None
        if exists and not mark.exists():
            self.server.delete_database(self.database)  # its first installation was cut off
            exists = False
        if not exists:
            shutil.rmtree(paths.HOME / "data" / self.name, ignore_errors=True)
        log = self._install("-u" if exists else "-i")
        self._stay_here()
        mark.write_text(digest)
        return log

    def make_assets(self):
        """Make the bundles of scripts and styles, so that no page makes them first."""
        self._run_inside("assets", "Make the scripts and styles of the pages")

    def _run_inside(self, module, label):
        return console.run(
            [str(venv.PYTHON), "-m", f"dev.{module}", str(self.config), self.database],
            label,
            hint="the end of the log says what Odoo did not accept.",
            env=self.env,
            cwd=paths.ROOT,
            log=f"{self.name}-make-{module}",
        )

    def load_languages(self):
        """Load the languages of the addons, once.

        :raise console.Stop: if one of them is not there afterwards
        """
        mark = paths.HOME / f"{self.name}.languages"
        codes = ", ".join(f"'{code}'" for code in LANGUAGES)
        query = f"SELECT count(*) FROM res_lang WHERE active AND code IN ({codes})"  # noqa: S608
        known = self.server.sql(query, self.database)
        if known == str(len(LANGUAGES)) and mark.exists():
            return
        mark.unlink(missing_ok=True)
        self._run_inside("languages", "Make Kazakh, which Odoo's list of languages lacks")
        console.run(
            self.subcommand("i18n", "loadlang", "-l", *LANGUAGES),
            f"Load the languages {', '.join(LANGUAGES)}",
            hint="the end of Odoo's log says what it could not load.",
            env=self.env,
            log=f"{self.name}-languages",
        )
        if self.server.sql(query, self.database) != str(len(LANGUAGES)):
            raise console.Stop(f"Odoo did not load all of {', '.join(LANGUAGES)}.")
        mark.touch()

    def copy_of(self, other):
        """Replace this database with a copy of another.

        :param Site other: prepared, and not served
        """
        self.configure()
        self.server.copy(other.database, self.database)
        for site in (self, other):
            site.filestore.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.filestore)
        shutil.copytree(other.filestore, self.filestore)
        key = paths.HOME / "data" / other.name / KEY_FILE
        if key.exists():  # what is sealed in the one opens in the other
            shutil.copy2(key, paths.HOME / "data" / self.name / KEY_FILE)

    @property
    def filestore(self):
        """Where Odoo keeps the files of this database."""
        return paths.HOME / "data" / self.name / "filestore" / self.database

    def _install(self, flag):
        names = ",".join(self.addons)
        # An update leaves out an addon that is new since; asking for both does not.
        flags = [flag, names] if flag == "-i" else ["-i", names, "-u", names]
        args = [*flags, "--stop-after-init", "--no-http"]
        if self.demo:
            args.append("--with-demo")
        return console.run(
            self.command(*args),
            f"{'Install' if flag == '-i' else 'Update'} the addons in {self.database}",
            hint="the end of Odoo's log says what it could not load.",
            env=self.env,
            log=f"{self.name}-install",
        )

    def _stay_here(self):
        """Let Odoo enrich no lead of ours: what we try out does not leave this machine."""
        rows = ", ".join(f"('{key}', '{NOWHERE}')" for key in SERVICES)
        known = "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        statement = f"INSERT INTO ir_config_parameter (key, value) VALUES {rows} {known}"  # noqa: S608
        self.server.sql(statement, self.database)

    def _digest(self):
        found = hashlib.sha256(
            f"{self.addons}{self.demo}{self.server.host}{self.server.bindir}".encode()
        )
        for addon in self.addons:
            for path in sorted((paths.ROOT / addon).rglob("*")):
                inside = path.relative_to(paths.ROOT / addon).parts
                if path.is_file() and not set(NOT_LOADED) & set(inside):
                    found.update(str(path).encode() + path.read_bytes())
        return found.hexdigest()

    def serve(self, port, *args, extra_env=None):
        """Start Odoo in the background and wait until it answers.

        :param int port: where it listens
        :rtype: subprocess.Popen
        """
        own = ["--http-port", str(port), "--gevent-port", str(free_port())]
        started = process.start(
            self.name, self.command(*own, *args), env={**self.env, **(extra_env or {})}
        )
        process.wait_http(f"http://127.0.0.1:{port}/web/health", started, 90, self.name)
        return started


def free_port():
    """Return a port of this machine that no program listens on.

    :rtype: int
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port):
    """Tell whether no program listens there.

    :rtype: bool
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
