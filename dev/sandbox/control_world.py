"""Control of the world: clock, switches, faults, deliveries."""

import dataclasses

from dev.sandbox import outbox


def delivery_row(delivery):
    """Return a delivery as JSON can say it.

    :rtype: dict
    """
    row = dataclasses.asdict(delivery)
    row["body"] = delivery.body.decode()
    row.pop("secret")
    return row


class WorldControl:
    """Clock, switches, faults, deliveries."""

    def ping(self):
        """Answer."""
        return {"seed": self.world.seed, "now": self.world.now()}

    def now(self):
        """Return the time in seconds."""
        return self.world.now()

    def flush(self):
        """Run all that is due; return how many tasks ran."""
        return self.world.scheduler.run_due()

    def advance(self, seconds):
        """Move the clock and run what falls due on the way; return the new time."""
        self.world.scheduler.advance(float(seconds))
        return self.world.now()

    def idle(self, timeout=10.0):
        """Wait until nothing is due; tell whether that came."""
        return self.world.scheduler.idle(timeout)

    def settings(self):
        """Return all switches."""
        return dataclasses.asdict(self.world.settings)

    def set_settings(self, **values):
        """Set some switches; return all."""
        self.world.settings.change(values)
        return self.settings()

    def set_fault(self, path, kind, value=None, times=None, skip=0):
        """Set a fault on an endpoint."""
        self.world.faults.add(path, kind, value, times, skip)

    def clear_faults(self, path=None):
        """Take faults away; let go what hangs."""
        self.world.faults.clear(path)

    def faults(self):
        """Return the faults in force."""
        return [dataclasses.asdict(rule) for rule in self.world.faults.rules]

    def map_host(self, host, address):
        """Let a name be served from an address of this machine, for the sandbox only."""
        self.world.hosts[host] = address

    def set_txt(self, domain, values):
        """Set the TXT records of a domain, for the sandbox only."""
        self.world.dns_txt[domain] = list(values)

    def deliveries(self, kind=None, state=None, limit=None):
        """Return deliveries, newest first."""
        found = [
            delivery_row(each)
            for each in reversed(self.world.deliveries.values())
            if kind in (None, each.kind) and state in (None, each.state)
        ]
        return found[:limit]

    def delivery_counts(self):
        """Return how many deliveries are in each state, and how many tries were made."""
        counts = {"waiting": 0, "delivered": 0, "dropped": 0, "attempts": 0}
        for delivery in self.world.deliveries.values():
            counts[delivery.state] += 1
            counts["attempts"] += len(delivery.attempts)
        return counts

    def resend(self, delivery_id):
        """Send a body again; return the new delivery's id."""
        return outbox.resend(self.world, delivery_id).delivery_id

    def forget_deliveries(self):
        """Forget all deliveries, also those that wait."""
        self.world.deliveries.clear()
