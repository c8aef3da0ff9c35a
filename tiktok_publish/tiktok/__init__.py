"""What TikTok's Content Posting API says and wants; imports nothing of Odoo."""
