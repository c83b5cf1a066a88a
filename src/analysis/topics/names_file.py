"""The file in which a person names topics: a CSV of a few words that tell a topic, and its name."""

from __future__ import annotations

import csv
import unicodedata
import warnings
from io import StringIO
from pathlib import Path

from analysis.schema import InputError

COLUMNS = ["words", "name"]
_LONGEST = 80  # signs of a name
_LARGEST = 2**20  # bytes


def given_names(path: Path, heavy: dict[str, list[str]]) -> dict[str, tuple[str, int]]:
    """Read the names that a person gave, and match each with its topic: topic to name and line."""
    given = {}
    for line, words, name in _lines(path):
        fit = [topic for topic in heavy if 2 * len(words & set(heavy[topic])) > len(words)]
        if len(fit) != 1:
            why = "no topic has" if not fit else f"{' and '.join(fit)} have"
            remedy = "the topics are others now, or the words are" if not fit else "give it more words"
            warnings.warn(f"{path}, line {line}: {why} most of its words, so it names none: {remedy}", stacklevel=4)
        elif fit[0] in given:
            raise InputError(
                f"{path}, lines {given[fit[0]][1]} and {line}: both name {fit[0]}; delete one, or give them other words"
            )
        else:
            given[fit[0]] = (name, line)
    return given


def _lines(path):
    """Give line number, words and name of each line that has a name."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; analysis.topics.name_template writes one to fill in")
    if path.stat().st_size > _LARGEST:
        raise InputError(f"{path}: this is larger than 1 MiB, which no file of names is")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: this is not in UTF-8 (byte {error.start + 1}); save it as CSV in UTF-8") from None
    reader, found = csv.reader(StringIO(text, newline=""), strict=True), []
    try:
        if [name.strip() for name in next(reader, [])] != COLUMNS:
            raise InputError(f"{path}, line 1: its columns have to be words,name, as name_template writes them")
        for row in reader:
            name = " ".join(row[1].split()) if len(row) > 1 else ""
            if name:
                found.append((reader.line_num, _checked(path, reader.line_num, row, name), name))
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: this is no CSV ({error})") from None
    return found


def _checked(path, line, row, name):
    """Give the words of a line, or say what is wrong with it."""
    words = set(row[0].lower().replace(",", " ").split())
    if len(row) > 2:
        raise InputError(f"{path}, line {line}: this has {len(row)} fields; put a name with a comma in quotes")
    if not words:
        raise InputError(f"{path}, line {line}: there are no words to tell the topic by; give a few of its heaviest")
    if len(name) > _LONGEST or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise InputError(f"{path}, line {line}: a name has at most {_LONGEST} signs, and none that can't be seen")
    return words


def refuse_twice(file, given: dict[str, tuple[str, int]], names: dict[str, str]) -> None:
    """Refuse one name for two topics.

    Parameters
    ----------
    file : str or Path
        Named in the message.
    given : dict
        By topic, the name that the file gives it, and on which line.
    names : dict of str to str
        By topic, the name that it has in the end.

    Raises
    ------
    InputError
        The message names both lines.
    """
    taken = {names[topic]: None for topic in names if topic not in given}
    for name, line in given.values():
        if name in taken:
            other = f"line {taken[name]} has it too" if taken[name] else "another topic's words are called so"
            raise InputError(f"{file}, line {line}: the name {name!r} can't be told apart: {other}; choose another")
        taken[name] = line
