import { onMounted, onWillUnmount, status, useComponent } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";

/**
 * Call a function at an interval while the component is mounted.
 *
 * A call is skipped while the one before is still running. An error after the component was
 * unmounted is dropped: the user has left the page.
 *
 * @param {() => (Promise|void)} callback
 * @param {Number} interval in milliseconds
 * @returns {() => void} stops the polling
 */
export function usePolling(callback, interval) {
    const component = useComponent();
    let timer;
    let isRunning = false;
    const stop = () => browser.clearInterval(timer);

    async function poll() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            await callback();
        } catch (error) {
            if (status(component) === "mounted") {
                throw error;
            }
        } finally {
            isRunning = false;
        }
    }

    // Not earlier: a component that is replaced before it was mounted is never unmounted.
    onMounted(() => {
        timer = browser.setInterval(poll, interval);
    });
    onWillUnmount(stop);
    return stop;
}
