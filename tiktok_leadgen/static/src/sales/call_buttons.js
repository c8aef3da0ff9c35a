import { Component } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Return the links that call a lead.
 *
 * @param {Object} lead with `phone` and `phone_sanitized`
 * @returns {{tel: String, whatsapp: String}} empty where the number does not allow it
 */
export function callLinks({ phone, phone_sanitized }) {
    const number = phone_sanitized || phone || "";
    // Without * and #: with them a phone carries out a command, such as forwarding all calls.
    const dialled = number.replace(/[^\d+]|(?!^)\+/g, "");
    // WhatsApp needs the whole number with its country, and nothing but digits.
    const whole = dialled.startsWith("+") ? dialled.replace(/\D/g, "") : "";
    return {
        tel: dialled && `tel:${dialled}`,
        whatsapp: whole && `https://wa.me/${whole}`,
    };
}

/** Call and WhatsApp, one tap on a phone. */
export class CallButtons extends Component {
    static template = "tiktok_leadgen.CallButtons";
    static props = { ...standardWidgetProps };

    get links() {
        return callLinks(this.props.record.data);
    }
}

registry.category("view_widgets").add("tiktok_call_buttons", {
    component: CallButtons,
    fieldDependencies: [
        { name: "phone", type: "char" },
        { name: "phone_sanitized", type: "char" },
    ],
});
