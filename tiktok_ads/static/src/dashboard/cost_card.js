import { Component } from "@odoo/owl";

import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

/** What the leads of the period cost and earned. */
export class CostCard extends Component {
    static template = "tiktok_ads.CostCard";
    static props = { data: Object, days: Number };

    setup() {
        this.action = useService("action");
    }

    get cost() {
        return this.props.data.cost;
    }

    get isEmpty() {
        return !this.cost || (!this.cost.total && !this.cost.before);
    }

    get tiles() {
        const { total, before } = this.props.data;
        const { roas } = this;
        return [
            { id: "spend", value: this.money(this.cost.total), change: this.change("total") },
            { id: "lead", ...this.ratio(total.leads, before.leads) },
            { id: "qualified", ...this.ratio(total.qualified, before.qualified) },
            { id: "won", ...this.ratio(total.won, before.won) },
            { id: "roas", value: roas === null ? "–" : formatFloat(roas, { digits: [0, 2] }) },
        ];
    }

    get roas() {
        return this.cost.total ? this.cost.revenue / this.cost.total : null;
    }

    get openDay() {
        return this.cost.open_day && formatDate(deserializeDate(this.cost.open_day));
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.cost.currency_id });
    }

    ratio(count, countBefore) {
        if (!count) {
            return { value: "–", change: "" };
        }
        const now = this.cost.total / count;
        const earlier = countBefore ? this.cost.before / countBefore : 0;
        return { value: this.money(now), change: this.compare(now, earlier) };
    }

    change(name) {
        return this.compare(this.cost[name], this.cost.before);
    }

    compare(now, earlier) {
        if (!earlier) {
            return "";
        }
        const percent = Math.round((100 * (now - earlier)) / earlier);
        return `${percent > 0 ? "▲" : percent < 0 ? "▼" : "="} ${Math.abs(percent)} %`;
    }

    openReturn() {
        return this.action.doAction("tiktok_ads.tiktok_return_report_action");
    }
}

registry.category("tiktok_dashboard_cards").add("cost", CostCard, { sequence: 10 });
