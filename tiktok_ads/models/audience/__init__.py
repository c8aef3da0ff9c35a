"""Audiences at TikTok that are built from leads."""
