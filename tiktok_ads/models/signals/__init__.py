"""What TikTok learns about leads: CRM events of stages, won and lost."""
