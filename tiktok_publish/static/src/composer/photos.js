import { Component, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { isBinarySize } from "@web/core/utils/binary";
import { checkFileSize } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { shrinkPhoto } from "./shrink";

const MAX_PHOTOS = 35;
const CREATE = 0;

/** Returns the photos in the order in which people swipe through them. */
export function photosOf(record) {
    const { records } = record.data.image_ids;
    return [...records].sort((one, other) => one.data.sequence - other.data.sequence);
}

export function photoUrl(photo) {
    const { image } = photo.data;
    if (photo.resId && (!image || isBinarySize(image))) {
        return imageUrl("tiktok.post.image", photo.resId, "image");
    }
    return image ? `data:image;base64,${image}` : "";
}

export function coverIndex(photos) {
    return Math.max(
        photos.findIndex((photo) => photo.data.is_cover),
        0
    );
}

/** Adds, orders and removes photos, and chooses the cover. */
export class PhotosField extends Component {
    static template = "tiktok_publish.PhotosField";
    static props = { ...standardFieldProps };

    setup() {
        this.notification = useService("notification");
        this.grid = useRef("grid");
        this.input = useRef("input");
        this.url = photoUrl;
        useSortable({
            ref: this.grid,
            elements: ".o_tiktok_photo",
            enable: () => !this.props.readonly,
            ignore: "button",
            cursor: "grabbing",
            onDrop: ({ element, previous }) => this.move(element, previous),
        });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get photos() {
        return photosOf(this.props.record);
    }

    get cover() {
        return this.photos[coverIndex(this.photos)];
    }

    get isFull() {
        return this.photos.length >= MAX_PHOTOS;
    }

    async onFiles(ev) {
        let files = [...ev.target.files].filter((file) =>
            checkFileSize(file.size, this.notification)
        );
        const room = MAX_PHOTOS - this.photos.length;
        if (files.length > room) {
            const text = _t(
                "TikTok accepts %s photos at most: the others were skipped.",
                MAX_PHOTOS
            );
            this.notification.add(text, { type: "warning" });
            files = files.slice(0, room);
        }
        let sequence = Math.max(0, ...this.photos.map((photo) => photo.data.sequence));
        const commands = [];
        for (const file of files) {
            const image = await shrinkPhoto(file);
            sequence += 1;
            const values = { name: file.name, image, sequence, is_cover: false, problem: false };
            commands.push([CREATE, false, values]);
        }
        await this.list.applyCommands(commands, { canAddOverLimit: true });
        ev.target.value = "";
    }

    async move(element, previous) {
        const photos = this.photos;
        const moved = photos.find((photo) => photo.id === element.dataset.id);
        const rest = photos.filter((photo) => photo !== moved);
        const at = previous ? rest.findIndex((photo) => photo.id === previous.dataset.id) + 1 : 0;
        rest.splice(at, 0, moved);
        await this.renumberPhotos(rest);
    }

    /** Moves a photo by one place: for the keyboard, and for fingers. */
    async shift(photo, by) {
        const photos = this.photos;
        const from = photos.indexOf(photo);
        const to = from + by;
        if (to >= 0 && to < photos.length) {
            photos.splice(from, 1);
            photos.splice(to, 0, photo);
            await this.renumberPhotos(photos);
        }
    }

    async renumberPhotos(photos) {
        for (const [index, photo] of photos.entries()) {
            if (photo.data.sequence !== index + 1) {
                await photo.update({ sequence: index + 1 });
            }
        }
    }

    async makeCover(chosen) {
        for (const photo of this.photos) {
            if (photo.data.is_cover !== (photo === chosen)) {
                await photo.update({ is_cover: photo === chosen });
            }
        }
    }

    remove(photo) {
        return this.list.delete(photo);
    }
}

registry.category("fields").add("tiktok_photos", {
    component: PhotosField,
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char", readonly: false },
        { name: "image", type: "binary", readonly: false },
        { name: "sequence", type: "integer", readonly: false },
        { name: "is_cover", type: "boolean", readonly: false },
        { name: "problem", type: "char", readonly: true },
    ],
});
