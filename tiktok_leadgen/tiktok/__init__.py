"""What TikTok says and how it proves it. Imports nothing of Odoo."""
