"""Make the pictures of README and guides from the demo, in each language: ``make screenshots``."""

import os

from dev import apt, console, history, history_ads, local_tiktok, odoo_rpc, paths, process, venv
from dev.site import Site, free_port
from dev.test import CHROMIUM

PICTURES = paths.ROOT / "docs" / "pictures"
MOST_BYTES = 3 * 1024 * 1024  # of all pictures


def main(args):
    """Run ``make screenshots``.

    :param list args: names of pictures, all if there are none
    :return: the exit status
    :rtype: int
    :raise console.Stop: if the demo is being served, or the pictures are too large
    """
    if process.running("demo"):
        raise console.Stop("The demo runs and would be in the way: make stop, then try again.")
    apt.ensure_program(*CHROMIUM, package="chromium")
    venv.ensure("sandbox.txt", "browser.txt")
    demo = Site("demo", demo=True)
    demo.prepare()
    demo.load_languages()
    history.make(demo)
    site = Site("pictures", demo=True)
    site.copy_of(demo)
    try:
        photograph_demo(site, args)
    finally:
        process.stop("pictures")
        process.stop("tiktok-pictures")
    size = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    console.line(f"    {PICTURES}: {size / 1024:.0f} KB")
    if size > MOST_BYTES:
        raise console.Stop(f"The pictures are larger than {MOST_BYTES} bytes: take fewer.")
    return 0


def photograph_demo(site, names):
    """Serve the copy of the demo and photograph its screens.

    :param Site site: a copy of the demo
    :param list names: of pictures, all if there are none
    """
    port = free_port()
    base = f"http://localhost:{port}"
    tiktok = local_tiktok.start(free_port(), name="tiktok-pictures")
    site.serve(port, extra_env=tiktok.base_urls)
    session = odoo_rpc.Session(base, site.database)
    local_tiktok.introduce(tiktok, session, base)
    local_tiktok.introduce_event_set(tiktok, session, history_ads.EVENT_SET_UID)
    console.run(
        [str(venv.PYTHON), "-m", "dev.screenshots_browser", base, site.database, *names],
        "Take the pictures",
        hint="the end of the log says what did not appear.",
        env={**os.environ, **site.env},
        cwd=paths.ROOT,
        log="pictures-browser",
    )
