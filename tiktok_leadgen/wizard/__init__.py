from . import tiktok_mapping_apply
