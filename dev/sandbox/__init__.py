"""A local TikTok: both platforms, as strict as the documented ones, with pages to click.

A development tool. The addons know it only as base URLs.
"""
