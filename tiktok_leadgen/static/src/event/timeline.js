import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatDuration } from "../common/duration";

const { DateTime } = luxon;
const SECOND_MS = 1000;
const ICONS = { done: "fa-check-circle", waiting: "fa-clock-o", stopped: "fa-times-circle" };
const COLORS = { done: "text-success", waiting: "text-info", stopped: "text-danger" };

/** The way of a delivery from the person's submission to the lead, with the time of each step. */
export class Timeline extends Component {
    static template = "tiktok_leadgen.Timeline";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    icon(step) {
        return `fa me-1 ${ICONS[step.state]} ${COLORS[step.state]}`;
    }

    title({ step }) {
        return {
            submitted: _t("Submitted in TikTok"),
            received: _t("Received"),
            stored: _t("Stored"),
            processed: _t("Processed"),
            lead: _t("Lead"),
        }[step];
    }

    /** A screen reader does not see the color. */
    stateText({ state }) {
        return { done: _t("done"), waiting: _t("in progress"), stopped: _t("not reached") }[state];
    }

    time({ at }) {
        const moment = at && DateTime.fromISO(at, { zone: "utc" }).toLocal();
        return moment ? moment.toLocaleString(DateTime.DATETIME_SHORT_WITH_SECONDS) : "";
    }

    took({ step, ms }) {
        if (ms === undefined) {
            return "";
        }
        const duration =
            ms < SECOND_MS ? _t("%s ms", formatInteger(ms)) : formatDuration(ms / SECOND_MS);
        return step === "stored" ? duration : _t("%s after it was received", duration);
    }

    result({ result, attempts }) {
        const text = {
            retry: _t("Will be tried again"),
            failed: _t("Failed"),
            ignored: _t("Ignored"),
            quarantined: _t("Quarantined"),
        }[result];
        const count = attempts > 1 && _t("Attempts: %s", formatInteger(attempts));
        return [text, count].filter(Boolean).join(" · ");
    }

    openLead(step) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: step.lead.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("tiktok_timeline", {
    component: Timeline,
    supportedTypes: ["json"],
});
