"""TikTok for Developers, as ``www.tiktok.com`` and ``open.tiktokapis.com`` answer."""

from dev.sandbox.developer import authorize, display, media, oauth, publish, upload

blueprints = (authorize.bp, oauth.bp, display.bp, publish.bp, upload.bp, media.bp)
