import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const CALL_STARTED = "TIKTOK:CALL_STARTED";
/**
 * What other addons know of a lead's links: each has `fields`, a list of names and types, and
 * `apply(links, lead)`, which returns the links with its changes, or with a `reason` why there are
 * none.
 */
const callLinkSteps = registry.category("tiktok_call_links");
const CALL_FIELDS = [
    { name: "phone", type: "char" },
    { name: "phone_sanitized", type: "char" },
    { name: "tiktok_phone_issue", type: "selection" },
];

/**
 * Return the fields of a lead that its links depend on.
 *
 * @returns {Object[]} names and types
 */
export function callFields() {
    return [...CALL_FIELDS, ...callLinkSteps.getAll().flatMap((step) => step.fields)];
}

/**
 * Return the links that call a lead.
 *
 * @param {Object} lead with the fields of `callFields`
 * @returns {{tel: String, whatsapp: String, reason: String}} empty where the number does not
 * allow it
 */
export function callLinks(lead) {
    const links = numberLinks(lead);
    return callLinkSteps.getAll().reduce((found, step) => step.apply(found, lead), links);
}

function numberLinks({ phone, phone_sanitized, tiktok_phone_issue }) {
    const number = (!tiktok_phone_issue && (phone_sanitized || phone)) || "";
    // Without * and #: with them a phone carries out a command, such as forwarding all calls.
    const dialled = number.replace(/[^\d+]|(?!^)\+/g, "");
    // WhatsApp needs the whole number with its country, and nothing but digits.
    const digits = dialled.startsWith("+") ? dialled.replace(/\D/g, "") : "";
    // It knows all numbers of Argentina with the 9 of mobiles, which many leave out.
    const whole = digits.replace(/^54(?=[^9]\d{9}$)/, "549");
    return {
        tel: dialled && `tel:${dialled}`,
        whatsapp: whole && `https://wa.me/${whole}`,
        reason: "",
    };
}

/**
 * Return why a lead has no link to call or to write to it.
 *
 * @param {Object} lead with the fields of `callFields`
 * @returns {String} empty if it has both
 */
export function missingLinksReason(lead) {
    const links = callLinks(lead);
    if (links.whatsapp || links.reason) {
        return links.reason;
    }
    if (!lead.phone) {
        return _t("No call, no WhatsApp: this lead has no phone number.");
    }
    if (lead.tiktok_phone_issue === "country") {
        return _t("No call, no WhatsApp: the country of the phone number is unknown.");
    }
    return links.tel
        ? _t("No WhatsApp: the phone number has no country code.")
        : _t("No call, no WhatsApp: this is not a valid phone number.");
}

/** Call and WhatsApp, one tap on a phone, or why they are missing. */
export class CallButtons extends Component {
    static template = "tiktok_leadgen.CallButtons";
    static props = {
        ...standardWidgetProps,
        compact: { type: Boolean, optional: true },
        iconsOnly: { type: Boolean, optional: true },
    };

    get links() {
        return callLinks(this.props.record.data);
    }

    get reason() {
        return missingLinksReason(this.props.record.data);
    }

    /** Tell the rest of the client which link was clicked; the browser follows it. */
    reportClick(channel) {
        const { resId, data } = this.props.record;
        const name = data.contact_name || data.partner_name || data.name || "";
        this.env.bus.trigger(CALL_STARTED, { id: resId, channel, name });
    }
}

registry.category("view_widgets").add("tiktok_call_buttons", {
    component: CallButtons,
    extractProps: ({ options }) => ({
        compact: Boolean(options.compact),
        iconsOnly: Boolean(options.icons_only),
    }),
    fieldDependencies: callFields,
});
