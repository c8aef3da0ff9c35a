"""Where things lie: the checkout, and the ignored folder with all that is downloaded."""

import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = pathlib.Path(os.environ.get("TIKTOK_DEV_HOME") or ROOT / ".local").resolve()
RUN = HOME / "run"  # process ids, sockets
LOGS = HOME / "log"

# In the order of their dependencies.
ADDONS = tuple(
    name
    for name in (
        *("tiktok_leadgen", "tiktok_publish", "tiktok_publish_blog", "tiktok_ads"),
        *("tiktok_first_contact", "tiktok_first_contact_sms"),
        "tiktok_routing",
    )
    if (ROOT / name / "__manifest__.py").exists()
)


def log(name):
    """Return the path of a fresh log file for this step.

    :param str name: what is logged; turned into a file name
    :rtype: pathlib.Path
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    path = LOGS / f"{slug}.log"
    path.write_text("")
    return path
