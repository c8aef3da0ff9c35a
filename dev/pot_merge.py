"""Merge Odoo's export into the .pot and .po files; ``dev.pot`` calls it where polib is."""

import pathlib
import sys

import polib

PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5;",
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || "
    "n%100>=20) ? 1 : 2);",
}


def template(exported):
    """Return Odoo's export without what changes from day to day: dates and Odoo's build.

    :param pathlib.Path exported: written by ``odoo i18n export``
    :rtype: polib.POFile
    """
    return _file(polib.pofile(str(exported)), exported.stem, "")


def merged(pot, path):
    """Return a .po file with the strings of the template and its own translations.

    What vanished from the template goes; what is new comes without a translation.

    :param polib.POFile pot: the template
    :param pathlib.Path path: the .po file
    :rtype: polib.POFile
    """
    old = polib.pofile(str(path))
    known = {_words(entry.msgid): entry for entry in old if not entry.obsolete}
    new = _file(pot, pot.metadata["Project-Id-Version"], path.stem)
    for entry in new:
        if found := known.get(_words(entry.msgid)):
            entry.msgstr = found.msgstr
            entry.tcomment = found.tcomment
    return new


def _words(msgid):
    """Where the lines of a view break is not what it says."""
    return " ".join(msgid.split())


def _file(entries, project, language):
    new = polib.POFile(wrapwidth=78)
    new.header = f"Strings of {project}; make pot brings this file up to date."
    new.metadata = {
        "Project-Id-Version": project,
        "Report-Msgid-Bugs-To": "",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, ""),
    }
    for entry in sorted(entries, key=lambda entry: entry.msgid):
        new.append(
            polib.POEntry(
                msgid=entry.msgid,
                comment=entry.comment,
                occurrences=sorted(entry.occurrences),
            )
        )
    return new


def main(exported, folder, *options):
    """Print the files that differ from what they should be, and write them unless asked not to.

    :param str exported: written by ``odoo i18n export``
    :param str folder: holds the .pot and the .po files
    :param str options: ``--check``: write nothing
    """
    exported, folder = pathlib.Path(exported), pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    pot = template(exported)
    wanted = {folder / exported.name: pot}
    wanted |= {path: merged(pot, path) for path in sorted(folder.glob("*.po"))}
    for path, content in wanted.items():
        text = f"{content}".rstrip("\n") + "\n"
        if not path.exists() or path.read_text() != text:
            print(path.name)
            if "--check" not in options:
                path.write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
