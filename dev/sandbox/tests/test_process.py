"""The sandbox as a process of its own, in real time."""

import json
import time

from dev.sandbox import app, control
from dev.sandbox.handle import Sandbox
from dev.sandbox.tests.conftest import NOW


def test_it_delivers_by_itself_and_remembers(tmp_path, receiver):
    kept = tmp_path / "world"
    with Sandbox.spawn(args=["--db", str(kept)]) as tiktok:
        known = tiktok.describe()
        account, form = known["advertisers"][0], known["forms"][0]
        tiktok.paste_webhook(receiver.url, account["advertiser_id"])
        tiktok.submit_leads(form["page_id"], 20)
        deadline = time.monotonic() + 10
        while len(receiver.requests) < 20 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(receiver.requests) == 20
        tiktok.advance(5)
        ids = {lead["lead_id"] for lead in tiktok.leads()}
    with Sandbox.spawn(args=["--db", str(kept)]) as tiktok:
        assert {lead["lead_id"] for lead in tiktok.leads()} == ids
        assert tiktok.delivery_counts()["delivered"] == 20
    assert all(json.loads(body)["object"] == 1 for _p, _h, body in receiver.requests)


def test_a_saved_world_continues_its_retries(tmp_path, receiver):
    world = app.make_world(1, NOW)
    account = next(iter(world.advertisers))
    receiver.answers = [(500, "")] * 2
    tiktok = control.Control(world)
    tiktok.paste_webhook(receiver.url, account)
    tiktok.submit_leads(next(iter(world.forms)), 1)
    tiktok.flush()
    app.save(world, tmp_path / "world")
    later = control.Control(app.make_world(1, NOW, saved=tmp_path / "world"))
    later.advance(60)
    assert later.delivery_counts() == {
        "waiting": 0, "delivered": 1, "dropped": 0, "attempts": 3,
    }  # fmt: skip
