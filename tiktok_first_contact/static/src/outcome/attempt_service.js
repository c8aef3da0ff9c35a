import { reactive } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { CALL_STARTED } from "@tiktok_leadgen/sales/call_buttons";
import { CONTACTED } from "@tiktok_leadgen/sales/lead_notification_service";

const STORAGE_KEY = "tiktok_open_attempt";
const OPEN_MS = 24 * 60 * 60 * 1000; // for which the bar asks, as on the server
const ANSWERED_MS = 60 * 1000; // for which the bar shows what was answered

/**
 * Log each call and ask for its outcome.
 *
 * A call takes the user out of the browser, on a phone often out of the page: what waits for an
 * outcome is remembered in the browser, so that the bar is there again.
 */
export const attemptService = {
    dependencies: ["orm"],

    start(env, { orm }) {
        const state = reactive({ attempt: null, isBusy: false });
        let timer = null;

        function show(attempt) {
            browser.clearTimeout(timer);
            state.attempt = attempt;
            if (attempt && !attempt.outcome) {
                const kept = { attempt, at: Date.now() };
                browser.localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
                return;
            }
            browser.localStorage.removeItem(STORAGE_KEY);
            if (attempt) {
                timer = browser.setTimeout(() => show(null), ANSWERED_MS);
            }
        }

        function restore() {
            try {
                const kept = JSON.parse(browser.localStorage.getItem(STORAGE_KEY));
                if (kept && Date.now() - kept.at < OPEN_MS) {
                    show(kept.attempt);
                }
            } catch {
                browser.localStorage.removeItem(STORAGE_KEY);
            }
        }

        async function call(method, id, ...args) {
            state.isBusy = true;
            try {
                show(await orm.call("crm.lead", method, [[id], ...args]));
                env.bus.trigger(CONTACTED, { ids: [id] });
            } catch (error) {
                show(null);
                throw error;
            } finally {
                state.isBusy = false;
            }
        }

        env.bus.addEventListener(CALL_STARTED, ({ detail: { id, channel } }) =>
            call("action_tiktok_start_attempt", id, channel)
        );
        restore();

        return {
            state,
            show,
            close: () => show(null),
            setOutcome: (outcome) => call("action_tiktok_set_outcome", state.attempt.id, outcome),
            undo: () => call("action_tiktok_undo_outcome", state.attempt.id),
        };
    },
};

registry.category("services").add("tiktok_attempt", attemptService);
