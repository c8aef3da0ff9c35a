"""What of an article a post is made of; imports nothing of Odoo."""
