"""Write each addon's README.rst from the fragments in its ``readme`` folder.

The fragments are those of OCA, in Markdown; OCA's own generator is not a package one can pin.
"""

import ast
import pathlib
import re
import sys

FRAGMENTS = {
    "DESCRIPTION": None,
    "CONTEXT": "Use Cases / Context",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known limits",
    "DEVELOP": "Development",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
    "CREDITS": "Other credits",
}
NOTICE = ".. Made from the fragments in readme/ by make lint: change them, not this file.\n"
UP = re.compile(r"\]\(\.\./")  # a link out of readme/ is one folder shorter from README.rst


def write_readme(folder, convert):
    """Write the README.rst of an addon if it is not up to date.

    :param pathlib.Path folder: the addon
    :param callable convert: makes reStructuredText of Markdown
    :return: whether it changed
    :rtype: bool
    """
    title = ast.literal_eval((folder / "__manifest__.py").read_text())["name"]
    line = "=" * len(title)
    body = convert(join_fragments(folder / "readme"))
    text = f"{line}\n{title}\n{line}\n\n{NOTICE}\n{body.strip()}\n"
    path = folder / "README.rst"
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True


def join_fragments(folder):
    """Make one text of the fragments, each under its title.

    :param pathlib.Path folder: holds them
    :return: Markdown with the links of the addon's folder
    :rtype: str
    :raise SystemExit: if a fragment has a name that nothing reads
    """
    unknown = sorted(path.name for path in folder.iterdir() if path.stem not in FRAGMENTS)
    if unknown:
        raise SystemExit(f"{folder}: {', '.join(unknown)} is no fragment: {', '.join(FRAGMENTS)}")
    parts = []
    for name, title in FRAGMENTS.items():
        path = folder / f"{name}.md"
        if path.exists():
            parts.append((f"# {title}\n\n" if title else "") + path.read_text().strip())
    return UP.sub("](", "\n\n".join(parts))


def convert_markdown(text):
    """Make reStructuredText of Markdown, as long as our lines.

    :param str text: Markdown
    :rtype: str
    """
    import pypandoc  # in the environment of the hook alone

    return pypandoc.convert_text(text, "rst", "gfm", extra_args=["--columns=100"])


def main(names):
    """Write the README.rst of the addons these files belong to.

    :param list names: files of addons that have fragments
    :return: 1 if one changed
    :rtype: int
    """
    folders = sorted({pathlib.Path(name).parts[0] for name in names})
    changed = [name for name in folders if write_readme(pathlib.Path(name), convert_markdown)]
    for name in changed:
        print(f"Updated {name}/README.rst")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
