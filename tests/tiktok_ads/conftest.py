"""What is pure in tiktok_ads is imported as that of tiktok_leadgen is: ``tiktok.<module>``."""

import pathlib

import tiktok

ROOT = pathlib.Path(__file__).resolve().parents[2]
tiktok.__path__.append(str(ROOT / "tiktok_ads" / "tiktok"))
