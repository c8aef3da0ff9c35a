import { Component, onWillUnmount, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { CONTACTED } from "./lead_notification_service";

const { DateTime } = luxon;
const EVERY_MS = 10000;
const DEFAULT_MINUTES = 10; // where the company asks for no call
const LATE = 3; // so many times too long is red

/**
 * Say how long something took, in the largest unit that fits.
 *
 * @param {Number} seconds
 * @returns {String}
 */
export function duration(seconds) {
    const minutes = Math.max(Math.floor(seconds / 60), 0);
    if (minutes < 120) {
        return _t("%s min", minutes);
    }
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? _t("%s h", hours) : _t("%s d", Math.floor(hours / 24));
}

/** How long a lead has waited for somebody: it counts while one looks. */
export class LeadClock extends Component {
    static template = "tiktok_leadgen.LeadClock";
    static props = { ...standardFieldProps, full: { type: Boolean, optional: true } };

    setup() {
        this.state = useState({ now: DateTime.now() });
        const timer = setInterval(() => (this.state.now = DateTime.now()), EVERY_MS);
        onWillUnmount(() => clearInterval(timer));
        useBus(this.env.bus, CONTACTED, ({ detail }) => this.stop(detail.ids));
    }

    /** Read the lead again if it was contacted just now: a call that is done does not. */
    async stop(ids) {
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

    get color() {
        const allowed = (this.data.tiktok_call_minutes || DEFAULT_MINUTES) * 60;
        if (this.seconds < allowed) {
            return "text-bg-success";
        }
        return this.seconds < allowed * LATE ? "text-bg-warning" : "text-bg-danger";
    }

    get text() {
        const took = duration(this.seconds);
        return this.props.full ? _t("%s since submitted", took) : took;
    }

    get hint() {
        return _t("Waiting for a first contact since the form was submitted");
    }

    get contactText() {
        return _t("First contact after %s", duration(this.data.tiktok_response_seconds));
    }
}

registry.category("fields").add("tiktok_lead_clock", {
    component: LeadClock,
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ full: Boolean(options.full) }),
    fieldDependencies: [
        { name: "tiktok_received_at", type: "datetime" },
        { name: "tiktok_first_contact_at", type: "datetime" },
        { name: "tiktok_response_seconds", type: "integer" },
        { name: "tiktok_call_minutes", type: "integer" },
        { name: "tiktok_is_test", type: "boolean" },
        { name: "won_status", type: "selection" },
        { name: "active", type: "boolean" },
    ],
});
