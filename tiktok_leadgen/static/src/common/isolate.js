/**
 * Return a name or a number so that a sentence of the other direction does not reorder it.
 *
 * @param {String} text of any direction
 * @returns {String} between the marks U+2068 and U+2069, empty if there is no text
 */
export function isolate(text) {
    return text ? `\u2068${text}\u2069` : "";
}
