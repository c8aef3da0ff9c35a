"""What the ads cost, day by day, as TikTok's reports say."""
