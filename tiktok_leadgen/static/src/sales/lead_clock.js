import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatDuration } from "../common/duration";
import { usePolling } from "../common/polling";
import { CONTACTED } from "./lead_notification_service";

const { DateTime } = luxon;
const REFRESH_MS = 10000;
const DEFAULT_MINUTES = 10; // where the company sets no “Call within”
const LATE_FACTOR = 3; // from so many times “Call within” on it is red

/** How long a lead has waited for a first contact, counting while it is shown. */
export class LeadClock extends Component {
    static template = "tiktok_leadgen.LeadClock";
    static props = { ...standardFieldProps, full: { type: Boolean, optional: true } };

    setup() {
        this.state = useState({ now: DateTime.now() });
        usePolling(() => {
            this.state.now = DateTime.now();
        }, REFRESH_MS);
        useBus(this.env.bus, CONTACTED, ({ detail }) => this.reloadContacted(detail.ids));
    }

    /** Reload the lead if it was contacted just now: marking a call as done does not reload it. */
    async reloadContacted(ids) {
        const { record } = this.props;
        if (ids.includes(record.resId) && !(await record.isDirty())) {
            await record.load();
        }
    }

    get data() {
        return this.props.record.data;
    }

    get began() {
        return this.data[this.props.name] || this.data.tiktok_received_at;
    }

    get shown() {
        return Boolean(this.began) && !this.data.tiktok_is_test;
    }

    get contacted() {
        return Boolean(this.data.tiktok_first_contact_at);
    }

    get waiting() {
        const { active, won_status } = this.data;
        return this.shown && !this.contacted && active !== false && won_status === "pending";
    }

    get seconds() {
        return this.state.now.diff(this.began, "seconds").seconds;
    }

    /** Whether the lead came outside of the team's working hours, which have not begun yet. */
    get closed() {
        const opens = this.data.tiktok_opens_at;
        return Boolean(opens) && this.state.now < opens;
    }

    get color() {
        if (this.closed) {
            return "text-bg-info";
        }
        const allowed = (this.data.tiktok_call_minutes || DEFAULT_MINUTES) * 60;
        const opens = this.data.tiktok_opens_at;
        const waited = opens ? this.state.now.diff(opens, "seconds").seconds : this.seconds;
        if (waited < allowed) {
            return "text-bg-success";
        }
        return waited < allowed * LATE_FACTOR ? "text-bg-warning" : "text-bg-danger";
    }

    get text() {
        if (this.closed) {
            return _t("Opens at %s", this.openingText);
        }
        const took = formatDuration(this.seconds, { isRunning: true });
        return this.props.full ? _t("%s since submitted", took) : took;
    }

    /** When the team opens: the time, and the day where it is not today. */
    get openingText() {
        const opens = this.data.tiktok_opens_at;
        const isToday = opens.hasSame(this.state.now, "day");
        return opens.toLocaleString(
            isToday
                ? DateTime.TIME_SIMPLE
                : { weekday: "short", hour: "numeric", minute: "2-digit" }
        );
    }

    get hint() {
        if (this.closed) {
            return _t("The lead came outside of the team's working hours");
        }
        return _t("Waiting for a first contact since the form was submitted");
    }

    get contactText() {
        const took = formatDuration(this.data.tiktok_response_seconds, { isRunning: true });
        return _t("First contact after %s", took);
    }
}

registry.category("fields").add("tiktok_lead_clock", {
    component: LeadClock,
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ full: Boolean(options.full) }),
    fieldDependencies: [
        { name: "tiktok_received_at", type: "datetime" },
        { name: "tiktok_opens_at", type: "datetime" },
        { name: "tiktok_first_contact_at", type: "datetime" },
        { name: "tiktok_response_seconds", type: "integer" },
        { name: "tiktok_call_minutes", type: "integer" },
        { name: "tiktok_is_test", type: "boolean" },
        { name: "won_status", type: "selection" },
        { name: "active", type: "boolean" },
    ],
});
