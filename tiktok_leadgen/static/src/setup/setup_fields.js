import { Component, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const MODEL = "res.company";

/** The number of a step, its tick when it is done, or a mark when it needs attention. */
export class SetupStep extends Component {
    static template = "tiktok_leadgen.SetupStep";
    static props = { ...standardFieldProps, number: { type: Number } };

    get state() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        const [, state] = selection.find(([key]) => key === this.state) || [false, ""];
        return _t("Step %(number)s: %(state)s", { number: this.props.number, state });
    }
}

registry.category("fields").add("tiktok_setup_step", {
    component: SetupStep,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ number: options.number }),
});

/** The ways in which leads can come in, and what each of them needs. */
export class LeadMethods extends Component {
    static template = "tiktok_leadgen.LeadMethods";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get methods() {
        const texts = {
            ads: _t(
                "You have a developer app of TikTok API for Business, or can request one. Leads arrive within a second."
            ),
            relay: _t("You use Zapier, Make, LeadsBridge or a similar service. No app is needed."),
            import: _t(
                "You have neither. Download the leads in Leads Center and import the file. Works immediately."
            ),
        };
        const { data, fields } = this.props.record;
        return fields[this.props.name].selection.map(([key, label]) => ({
            key,
            label,
            text: texts[key],
            isChosen: data[this.props.name] === key,
            isRecommended: key === "ads" && data.tiktok_has_business_app,
        }));
    }

    async choose(method) {
        const { record } = this.props;
        const args = [[record.resId], method];
        const action = await this.orm.call(MODEL, "action_tiktok_choose_method", args);
        // Odoo reads the whole page again when a company was saved. The notification does not: keys
        // that are typed meanwhile would be lost.
        await ((await record.isDirty()) ? record.save() : record.load());
        if (action) {
            await this.action.doAction(action);
        }
    }
}

registry.category("fields").add("tiktok_lead_methods", {
    component: LeadMethods,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "tiktok_has_business_app", type: "boolean" }],
});

/**
 * The keys of the app for ad accounts, and the button that saves them and opens TikTok's consent.
 *
 * They are no fields of the form: Odoo reads the whole page again when a company was saved, and
 * would leave TikTok's page.
 */
export class BusinessApp extends Component {
    static template = "tiktok_leadgen.BusinessApp";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keys = useState({ appId: this.data.tiktok_app_id || "", secret: "" });
        this.inputs = { appId: useRef("appId"), secret: useRef("secret") };
    }

    get data() {
        return this.props.record.data;
    }

    get secretHint() {
        return this.data.has_tiktok_app_secret
            ? _t("A secret is set. A new one replaces it.")
            : _t("Paste it here");
    }

    /** The field in which a key is missing, so that TikTok would not know the app. */
    get emptyInput() {
        const { tiktok_has_business_app: isKnown, has_tiktok_app_secret: hasSecret } = this.data;
        const { appId, secret } = this.keys;
        if (isKnown || (appId.trim() && (secret.trim() || hasSecret))) {
            return null;
        }
        return this.inputs[appId.trim() ? "secret" : "appId"].el;
    }

    async connect() {
        const { emptyInput } = this;
        if (emptyInput) {
            this.notification.add(
                _t(
                    "Enter the ID and secret of your TikTok API for Business app here, then click Save and Connect."
                ),
                { type: "warning" }
            );
            emptyInput.focus();
            return;
        }
        const { appId, secret } = this.keys;
        const args = [[this.props.record.resId], appId.trim(), secret.trim()];
        const action = await this.orm.call(MODEL, "action_tiktok_save_and_connect", args);
        this.keys.secret = "";
        await this.action.doAction(action);
    }

    async onKeydown(event) {
        if (event.key === "Enter") {
            await this.connect();
        }
    }
}

registry.category("view_widgets").add("tiktok_business_app", {
    component: BusinessApp,
    fieldDependencies: [
        { name: "has_tiktok_app_secret", type: "boolean" },
        { name: "tiktok_app_id", type: "char" },
        { name: "tiktok_can_configure", type: "boolean" },
        { name: "tiktok_connected_ads", type: "integer" },
        { name: "tiktok_has_business_app", type: "boolean" },
    ],
});
