"""Draw a line through a few numbers, as SVG."""

from markupsafe import Markup

SIZE = (240, 40)  # width and height, units of the drawing
MARGIN = 2  # above the highest and below the lowest point


def draw_line(counts, label):
    """Return a drawing of a line through counts.

    :param list counts: at least two, the oldest first
    :param str label: what the drawing shows, for screen readers
    :return: an svg element
    :rtype: Markup
    """
    width, height = SIZE
    return Markup(
        '<svg viewBox="0 0 %(width)s %(height)s" preserveAspectRatio="none" role="img" '
        'class="o_tiktok_line" aria-label="%(label)s"><title>%(label)s</title>'
        '<polyline points="%(points)s" fill="none" stroke="currentColor" stroke-width="2" '
        'vector-effect="non-scaling-stroke"/></svg>'
    ) % {"width": width, "height": height, "label": label, "points": format_points(counts)}


def format_points(counts):
    """Return the points of a line, drawn from left to right.

    :param list counts: at least two
    :return: the attribute ``points`` of a polyline
    :rtype: str
    """
    width, height = SIZE
    low, high = min(counts), max(counts)
    span = (high - low) or 1
    pairs = []
    for index, count in enumerate(counts):
        x = width * index / (len(counts) - 1)
        rise = (count - low) / span if high > low else 0.5
        pairs.append(f"{x:.1f},{height - MARGIN - (height - 2 * MARGIN) * rise:.1f}")
    return " ".join(pairs)
