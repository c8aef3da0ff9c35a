import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { formatDuration } from "../common/duration";
import { useLiveUpdates } from "../common/live_updates";
import { usePolling } from "../common/polling";

const { DateTime } = luxon;
const MODEL = "tiktok.lead.report";
const PERIOD_KEY = "tiktok_dashboard_days";
const REFRESH_MS = 60_000;
const LIVE_PAUSE_MS = 5_000; // the figures of a year take a second
const MINUTE = 60;
// Components that other addons show below the figures, with the props `data` and `days`.
const CARDS = "tiktok_dashboard_cards";
const FAR_TOO_LONG = 3; // times the company's "Call within": as the badge of a lead

/** The overview of the leads from TikTok: one page for one period. */
export class TiktokDashboard extends Component {
    static template = "tiktok_leadgen.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("TikTok Overview");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.state = useState({ days: this.storedDays(), data: null, now: DateTime.now() });
        this.isNew = false;
        onWillStart(async () => {
            await this.load();
            this.isNew = await this.findOutIfNew();
        });
        onMounted(() => this.openSetup());
        usePolling(() => {
            this.load(); // not awaited: one that another load replaces never ends
        }, REFRESH_MS);
        useLiveUpdates(
            () => user.activeCompanies.map((company) => company.id),
            () => {
                this.load(); // not awaited either
            },
            LIVE_PAUSE_MS
        );
    }

    get periods() {
        return [
            { days: 1, label: _t("Today") },
            { days: 7, label: _t("7 days") },
            { days: 30, label: _t("30 days") },
            { days: 90, label: _t("90 days") },
            { days: 365, label: _t("1 year") },
        ];
    }

    get tables() {
        return [
            { id: "form", title: _t("Forms"), none: _t("No form") },
            { id: "campaign", title: _t("Campaigns"), none: _t("No campaign") },
            { id: "ad", title: _t("Ads"), none: _t("No ad") },
        ];
    }

    get people() {
        return [
            { id: "user", title: _t("People"), none: _t("Unassigned") },
            { id: "team", title: _t("Teams"), none: _t("No team") },
        ];
    }

    get cards() {
        return registry.category(CARDS).getAll();
    }

    storedDays() {
        const days = Number(browser.localStorage.getItem(PERIOD_KEY));
        return [1, 7, 30, 90, 365].includes(days) ? days : 30;
    }

    async load() {
        const call = this.orm.silent.call(MODEL, "action_overview", [this.state.days]);
        this.state.data = await this.keepLast.add(call);
        this.state.now = DateTime.now();
    }

    /** Tell whether the user sees what the company receives, and there was never a lead. */
    async findOutIfNew() {
        const { events, total } = this.state.data;
        if (!events || total.leads) {
            return false;
        }
        return !(await this.orm.searchCount(MODEL, [], { limit: 1 }));
    }

    /** Until there is a lead, lead those who set it up to the page that says how. */
    async openSetup() {
        if (this.isNew) {
            await this.action.doAction("tiktok_leadgen.res_company_action_tiktok", {
                stackPosition: "replaceCurrentAction",
            });
        }
    }

    async select(days) {
        browser.localStorage.setItem(PERIOD_KEY, days);
        this.state.days = days;
        await this.load();
    }

    async open(group = null, key = null, only = null) {
        const args = [this.state.days, group, key, only];
        const action = await this.orm.call(MODEL, "action_open_leads", args);
        await this.action.doAction(action);
    }

    openLead(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async openEvents(only) {
        const args = [this.state.days, only];
        await this.action.doAction(await this.orm.call(MODEL, "action_open_events", args));
    }

    openAnalysis() {
        return this.action.doAction("tiktok_leadgen.tiktok_lead_report_action");
    }

    // --- Words for figures ---

    number(value) {
        return formatInteger(value || 0);
    }

    share(part, whole) {
        return whole ? `${Math.round((100 * part) / whole)} %` : "–";
    }

    duration(seconds) {
        return formatDuration(seconds);
    }

    waited(lead) {
        return Math.max(0, this.state.now.diff(deserializeDateTime(lead.since), "seconds").seconds);
    }

    get late() {
        const { late, minutes } = this.state.data.waiting;
        return _t("Waiting for more than %(minutes)s min: %(count)s", {
            count: this.number(late),
            minutes: this.number(minutes),
        });
    }

    color(seconds) {
        if (seconds === null || seconds === undefined) {
            return "text-muted";
        }
        const allowed = this.state.data.waiting.minutes * MINUTE;
        if (seconds <= allowed) {
            return "text-success";
        }
        return seconds < allowed * FAR_TOO_LONG ? "text-warning-emphasis" : "text-danger";
    }

    change(name) {
        const { total, before } = this.state.data;
        if (!before[name]) {
            return "";
        }
        const percent = Math.round((100 * (total[name] - before[name])) / before[name]);
        return `${percent > 0 ? "▲" : percent < 0 ? "▼" : "="} ${Math.abs(percent)} %`;
    }

    // --- The chart ---

    get top() {
        return Math.max(1, ...this.state.data.series.map((bar) => bar.leads));
    }

    height(value) {
        return `height: ${(100 * value) / this.top}%`;
    }

    width(row, rows) {
        return `width: ${(100 * row.leads) / Math.max(1, ...rows.map((other) => other.leads))}%`;
    }

    day(bar) {
        return formatDate(DateTime.fromISO(bar.day));
    }

    barTitle(bar) {
        return _t("%(day)s · Leads: %(leads)s · Qualified: %(qualified)s · Won: %(won)s", {
            ...bar,
            day: this.day(bar),
        });
    }
}

registry.category("actions").add("tiktok_dashboard", TiktokDashboard);
