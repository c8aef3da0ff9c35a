import { getDataURLFromFile } from "@web/core/utils/urls";

const SHORT_SIDE = 1080; // pixels; TikTok's limit
const SMALL = 1024 * 1024; // bytes that may stay as they are
const QUALITY = 0.95;

/**
 * Returns a photo in base64, a large one shrunk to TikTok's limit: 35 camera photos exceed the size
 * of one request to Odoo. An unreadable file stays as it is, and Odoo reports the problem.
 */
export async function shrinkPhoto(file) {
    const whole = () => getDataURLFromFile(file).then((url) => url.split(",")[1]);
    if (file.type !== "image/jpeg" || file.size <= SMALL) {
        return whole();
    }
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
        return whole();
    }
    const scale = Math.min(1, SHORT_SIDE / Math.min(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high"; // letters on a photo stay readable
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
}
