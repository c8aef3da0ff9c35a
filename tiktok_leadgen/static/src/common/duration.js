import { _t } from "@web/core/l10n/translation";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Format a duration that grows while the user looks: full minutes, up to 2 hours; full hours, up to
 * 2 days; then full days.
 *
 * @param {Number} seconds
 * @returns {String}
 */
function formatRunning(seconds) {
    if (seconds < 2 * HOUR) {
        return _t("%s min", Math.max(Math.floor(seconds / MINUTE), 0));
    }
    if (seconds < 2 * DAY) {
        return _t("%s h", Math.floor(seconds / HOUR));
    }
    return _t("%s d", Math.floor(seconds / DAY));
}

/**
 * Format a measured duration: rounded seconds, minutes or days; hours with minutes.
 *
 * @param {Number} seconds
 * @returns {String}
 */
function formatMeasured(seconds) {
    if (seconds < MINUTE) {
        return _t("%s s", Math.round(seconds));
    }
    if (seconds < HOUR) {
        return _t("%s min", Math.round(seconds / MINUTE));
    }
    if (seconds < DAY) {
        const minutes = Math.floor((seconds % HOUR) / MINUTE);
        const hours = Math.floor(seconds / HOUR);
        return minutes ? _t("%(hours)s h %(minutes)s min", { hours, minutes }) : _t("%s h", hours);
    }
    return _t("%s d", Math.round(seconds / DAY));
}

/**
 * Format a duration in the largest units that fit.
 *
 * @param {Number|null|undefined} seconds
 * @param {Object} [options]
 * @param {Boolean} [options.isRunning] whether it still grows: then it is never rounded up
 * @returns {String} a dash if it is unknown
 */
export function formatDuration(seconds, { isRunning = false } = {}) {
    if (seconds === null || seconds === undefined) {
        return "–";
    }
    return isRunning ? formatRunning(seconds) : formatMeasured(seconds);
}
