"""What TikTok's reports, CRM events and audiences look like: no Odoo here."""
