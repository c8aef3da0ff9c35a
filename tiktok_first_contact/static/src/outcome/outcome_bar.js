import { Component, useState } from "@odoo/owl";

import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The bar at the lower edge that asks how a call went, wherever in Odoo the user is. */
export class OutcomeBar extends Component {
    static template = "tiktok_first_contact.OutcomeBar";
    static props = {};

    setup() {
        this.attempts = useService("tiktok_attempt");
        this.state = useState(this.attempts.state);
    }

    get outcomes() {
        return [
            { key: "reached", label: _t("Reached"), style: "btn-success" },
            { key: "no_answer", label: _t("No answer"), style: "btn-secondary" },
            { key: "wrong_number", label: _t("Wrong number"), style: "btn-secondary" },
            { key: "not_interested", label: _t("Not interested"), style: "btn-secondary" },
        ];
    }

    get answer() {
        const { outcome, next_try_at } = this.state.attempt;
        const label = this.outcomes.find(({ key }) => key === outcome).label;
        if (outcome !== "no_answer" || !next_try_at) {
            return label;
        }
        return _t(
            "No answer. Next try: %s",
            toLocaleDateTimeString(deserializeDateTime(next_try_at))
        );
    }
}

registry.category("main_components").add("TiktokOutcomeBar", { Component: OutcomeBar });

/** On a lead: asks again for the outcome of a call that has none. */
export class OpenAttempt extends Component {
    static template = "tiktok_first_contact.OpenAttempt";
    static props = { ...standardWidgetProps };

    setup() {
        this.attempts = useService("tiktok_attempt");
        this.state = useState(this.attempts.state);
    }

    get isShown() {
        const { resId, data } = this.props.record;
        return data.tiktok_open_attempt_id && this.state.attempt?.id !== resId;
    }

    show() {
        const { resId, data } = this.props.record;
        const name = data.contact_name || data.partner_name || data.name;
        this.attempts.show({ id: resId, name, outcome: false });
    }
}

registry.category("view_widgets").add("tiktok_open_attempt", {
    component: OpenAttempt,
    fieldDependencies: [{ name: "tiktok_open_attempt_id", type: "many2one" }],
});

registry.category("tiktok_call_links").add("wrong_number", {
    fields: [{ name: "tiktok_is_wrong_number", type: "boolean" }],
    apply(links, lead) {
        if (!lead.tiktok_is_wrong_number || !lead.phone) {
            return links;
        }
        const reason = _t("No call, no WhatsApp: a salesperson marked the phone number as wrong.");
        return { tel: "", whatsapp: "", reason };
    },
});
