import { onMounted, onWillUnmount, status, useComponent } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

const MESSAGE = "tiktok_update";
const CHANNEL = "tiktok_company_";
const PAUSE_MS = 500;

/**
 * Call a function when something of TikTok changed in a company, while the component is mounted.
 *
 * The first of several messages counts immediately, the others together after a pause. An error
 * after the component was unmounted is dropped: the user has left the page.
 *
 * @param {() => Number[]} getCompanyIds the companies that the page shows
 * @param {() => (Promise|void)} callback
 * @param {Number} [pause] between two calls, in milliseconds
 */
export function useLiveUpdates(getCompanyIds, callback, pause = PAUSE_MS) {
    const component = useComponent();
    const bus = useService("bus_service");
    let timer;
    let lastMs = 0;

    async function run() {
        timer = undefined;
        lastMs = Date.now();
        try {
            await callback();
        } catch (error) {
            if (status(component) === "mounted") {
                throw error;
            }
        }
    }

    function onMessage(payload) {
        if (timer === undefined && getCompanyIds().includes(payload.company_id)) {
            timer = browser.setTimeout(run, Math.max(0, lastMs + pause - Date.now()));
        }
    }

    onMounted(() => {
        bus.subscribe(MESSAGE, onMessage);
        // Never removed: the next page may have asked for the same channel already.
        for (const id of getCompanyIds()) {
            bus.addChannel(`${CHANNEL}${id}`);
        }
        bus.start();
    });
    onWillUnmount(() => {
        bus.unsubscribe(MESSAGE, onMessage);
        browser.clearTimeout(timer);
    });
}
