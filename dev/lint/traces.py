"""Find what no linter looks for: paths of one machine and addresses of package registries."""

import pathlib
import re
import sys

# A path that exists on one person's machine only; the path of an address is none.
MACHINE = re.compile(
    r"(?<![\w.:/~-])/(?:(?:home|Users)/[\w.-]|(?:root|work|workspace)/[\w.-])|\b[A-Z]:\\Users\\"
)
# Where packages come from is what the machine is set up with.
REGISTRIES = (
    r"\b(?:registry|npm|pypi|conda|mirrors?|artifactory|nexus|devpi|verdaccio)(?:\.[a-z0-9-]+)+/",
    r"\b(?:registry\.npmjs|registry\.yarnpkg|pypi|files\.pythonhosted|proxy\.golang)\.\w",
    r"\b(?:deb|ftp\.\w+|security|snapshot)\.debian\.org|\b\w+\.ubuntu\.com/ubuntu",
    r"(?:index-url|registry)\s*[=:]\s*[\"']?https?:",
    r"https?://[^\s/:@]+:[^\s/@]+@",  # a password in an address
)
REGISTRY = re.compile("|".join(REGISTRIES), re.IGNORECASE)


def find_traces(path, text):
    """Return what is wrong in one file, a sentence each.

    :param path: names the file in the sentences
    :param str text: its content
    :rtype: list[str]
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}"
        if MACHINE.search(line):
            found.append(f"{where}: a path of one machine: write it relative to the checkout.")
        if REGISTRY.search(line):
            found.append(f"{where}: a package registry: leave it to the machine's set-up.")
    return found


def main(names):
    """Print what is wrong in these files.

    :param list names: the files
    :return: the exit status
    :rtype: int
    """
    found = [text for name in names for text in find_traces(name, pathlib.Path(name).read_text())]
    for text in found:
        print(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
