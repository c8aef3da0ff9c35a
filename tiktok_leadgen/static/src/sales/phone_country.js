import { registry } from "@web/core/registry";
import {
    BadgeSelectionField,
    badgeSelectionField,
} from "@web/views/fields/badge_selection/badge_selection_field";

/** The countries that a phone number can be of: one click chooses one and saves the lead. */
export class PhoneCountryField extends BadgeSelectionField {
    async onChange(value) {
        await super.onChange(value);
        await this.props.record.save();
    }
}

registry.category("fields").add("tiktok_phone_country", {
    ...badgeSelectionField,
    component: PhoneCountryField,
    supportedTypes: ["many2one"],
});
