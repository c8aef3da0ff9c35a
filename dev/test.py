"""Run all tests, or the part that pytest's arguments choose."""

import concurrent.futures
import os
import subprocess

from dev import apt, console, paths, process, venv
from dev.sandbox.handle import Sandbox
from dev.site import Site, free_port

NO_TESTS = 5  # pytest's exit status when nothing was chosen
PURE = (
    *("tests/tiktok", "tests/tiktok_publish", "tests/tiktok_ads"),
    *("tests/dev", "dev/sandbox/tests"),
)
SLOWEST = ("--durations=20", "--durations-min=3")  # shown at the end
NO_ODOO = ("-p", "no:odoo")
SWITCHBOARD = "tests/switchboard"  # in Odoo, with a local TikTok in the same process
API = "tests/api"
SERVED = {API: "Calls of the HTTP API", "tests/browser": "Walks in the browser"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(args):
    """Run ``make test``; what is chosen by arguments runs without Odoo's own lint.

    :param list args: for pytest
    :return: the exit status
    :rtype: int
    """
    apt.ensure_program(*CHROMIUM, package="chromium")
    site = Site("test", addons=paths.ADDONS)
    log = site.prepare()
    if log:
        check_install_log(log)
        site.make_assets()
    venv.ensure("sandbox.txt", "browser.txt", "api.txt", "lint.txt")
    served = stage_served(site, args)
    # Side by side: each half waits for itself most of the time.
    with concurrent.futures.ThreadPoolExecutor(1) as aside:
        walks = aside.submit(run_served, served, args)
        statuses = [run_pure(args), run_odoo(site, args), run_addons(args), walks.result()]
    show_served(served)
    if all(status == NO_TESTS for status in statuses):
        raise console.Stop("No test fits these arguments.")
    failed = [status for status in statuses if status not in (0, NO_TESTS)]
    if not args:
        from dev import odoo_lint

        failed += [status for status in [odoo_lint.main([])] if status]
    return 1 if failed else 0


def check_install_log(log):
    """Fail on what Odoo warned about while it installed our addons.

    :param pathlib.Path log: what it printed
    :raise console.Stop: with the warnings
    """
    command = [str(venv.VENV / "bin" / "checklog-odoo"), "--no-echo", str(log)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise console.Stop(f"Odoo warned while installing:\n{done.stdout}{done.stderr}")


def run_pure(args):
    """Run what needs no Odoo.

    :rtype: int
    """
    console.step("Tests without a database")
    folders = [name for name in PURE if (paths.ROOT / name).exists()]
    path = os.pathsep.join((str(paths.ROOT / "tiktok_leadgen"), str(paths.ROOT)))
    return _pytest([*NO_ODOO, *folders, *args], {**os.environ, "PYTHONPATH": path})


def stage_served(site, args):
    """Copy the database for the tests that need a served Odoo, while no one works in it.

    :param Site site: prepared
    :return: the copy's site and its tests' folders, or None if nothing is chosen
    :rtype: tuple | None
    """
    env = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    chosen = [
        folder
        for folder in SERVED
        if _pytest([*NO_ODOO, folder, "--collect-only", "-q", *args], env, subprocess.DEVNULL)
        != NO_TESTS
    ]
    if not chosen:
        return None
    served = Site("walk")
    served.copy_of(site)
    return served, {folder: paths.log(SERVED[folder]) for folder in chosen}


def run_served(staged, args):
    """Run what needs a served Odoo with a local TikTok of its own behind it.

    :param tuple staged: of `stage_served`
    :rtype: int
    """
    if not staged:
        return NO_TESTS
    served, logs = staged
    port = free_port()
    with Sandbox.spawn(seed=1, python=str(venv.PYTHON)) as tiktok:
        served.serve(port, extra_env=tiktok.base_urls)
        env = {**os.environ, **served.server.env(), "PYTHONPATH": str(paths.ROOT)}
        env |= {"ODOO_URL": f"http://localhost:{port}", "ODOO_DATABASE": served.database}
        env |= {"ODOO_LOG": str(paths.LOGS / "walk.log"), "TIKTOK_URL": tiktok.url}
        env |= {"WALK_PICTURES": str(paths.LOGS)}  # of the last page of a walk that failed
        env |= {"ODOO_CONFIG": str(served.config), "ODOO_PROGRAM": str(served.odoo.program)}
        env |= {"ODOO_PYTHONPATH": served.env["PYTHONPATH"], **tiktok.base_urls}
        try:
            return max(_served(folder, log, args, env) for folder, log in logs.items())
        finally:
            process.stop("walk")


def _served(folder, log, args, env):
    with log.open("wb") as out:
        return _pytest([*NO_ODOO, folder, *args], env, out)


def show_served(staged):
    """Print what the tests beside the others had to say."""
    for folder, log in (staged or (None, {}))[1].items():
        console.step(SERVED[folder])
        console.line(log.read_text(errors="replace"))


def _pytest(args, env, out=None):
    command = [str(venv.PYTHON), "-m", "pytest", "-p", "dev.pytest_strict", *SLOWEST, *args]
    if API not in args:
        command += ["-p", "no:schemathesis"]  # it loads itself, and takes a second
    env = {**env, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=paths.ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode


def run_odoo(site, args):
    """Run the addons' tests in Odoo, over real HTTP, tours in a real browser.

    :rtype: int
    """
    console.step("Tests in Odoo")
    folders = [f"{addon}/tests" for addon in site.addons if (paths.ROOT / addon / "tests").exists()]
    options = [
        *("--odoo-http", "--odoo-log-level", "warn"),
        *("--odoo-config", str(site.config), "--odoo-database", site.database),
    ]
    return _pytest([*options, *folders, SWITCHBOARD, *args], site.env)


def run_addons(args):
    """Take the addons away and bring them back, as an administrator does.

    :rtype: int
    """
    console.step("Addons that come and go")
    return _pytest([*NO_ODOO, "tests/addons", *args], {**os.environ, "PYTHONPATH": str(paths.ROOT)})
