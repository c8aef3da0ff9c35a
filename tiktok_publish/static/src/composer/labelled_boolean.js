import { useEffect, useRef } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { BooleanField, booleanField } from "@web/views/fields/boolean/boolean_field";

/** A check box whose label is a sentence of the form, with links in it. */
export class LabelledBoolean extends BooleanField {
    static template = "tiktok_publish.LabelledBoolean";
    static props = { ...BooleanField.props, labelId: { type: String } };

    setup() {
        super.setup();
        const root = useRef("root");
        useEffect(
            (input) => input.setAttribute("aria-labelledby", this.props.labelId),
            () => [root.el.querySelector("input")]
        );
    }
}

registry.category("fields").add("tiktok_labelled_boolean", {
    ...booleanField,
    component: LabelledBoolean,
    extractProps: ({ options }) => ({ labelId: options.label_id }),
});
