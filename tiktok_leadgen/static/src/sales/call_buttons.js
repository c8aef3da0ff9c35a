import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Return the links that call a lead.
 *
 * @param {Object} lead with `phone`, `phone_sanitized` and `tiktok_phone_issue`
 * @returns {{tel: String, whatsapp: String}} empty where the number does not allow it
 */
export function callLinks({ phone, phone_sanitized, tiktok_phone_issue }) {
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
    };
}

/**
 * Return why a lead has no link to call or to write to it.
 *
 * @param {Object} lead with `phone`, `phone_sanitized` and `tiktok_phone_issue`
 * @returns {String} empty if it has both
 */
export function missingLinksReason(lead) {
    const links = callLinks(lead);
    if (links.whatsapp) {
        return "";
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
    static props = { ...standardWidgetProps };

    get links() {
        return callLinks(this.props.record.data);
    }

    get reason() {
        return missingLinksReason(this.props.record.data);
    }
}

registry.category("view_widgets").add("tiktok_call_buttons", {
    component: CallButtons,
    fieldDependencies: [
        { name: "phone", type: "char" },
        { name: "phone_sanitized", type: "char" },
        { name: "tiktok_phone_issue", type: "selection" },
    ],
});
