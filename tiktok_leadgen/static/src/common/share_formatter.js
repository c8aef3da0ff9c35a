import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";

/** A share in percent, and nothing where there is none: Odoo's own formatter shows 0%. */
export function formatShare(value, options = {}) {
    const isNumber = typeof value === "number";
    return isNumber ? formatPercentage(value, { ...options, digits: [16, 0] }) : "";
}

registry.category("formatters").add("tiktok_share", formatShare);
