"""Themes by name: the words that a reader expects of each, and which texts hold them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from analysis.schema import InputError, find_root
from analysis.text import tokens

_SEED = regex.compile(r"[\p{L}\p{M}\p{N}'-]++\*?(?: [\p{L}\p{M}\p{N}'-]++\*?)*+")


def read_themes(path: str | Path | None = None) -> pd.DataFrame:
    """Read the seed words of themes.

    Parameters
    ----------
    path : str or Path, optional
        A CSV with the columns ``theme`` and ``word`` (others are left out), a row a seed word. A word may be several
        (``at work``), and a ``*`` at its end stands for any ending. By default ``data/themes.csv``.

    Returns
    -------
    DataFrame
        ``theme``, ``word`` (str, in lower case), in the order of the file.

    Raises
    ------
    InputError
        Where the file is missing or has not these columns, a field is empty, a word holds anything but letters,
        digits, apostrophes, hyphens and single spaces, or stands twice in a theme. The message names file and line.
    """
    path = find_root() / "data" / "themes.csv" if path is None else Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; a CSV with the columns theme and word is needed")
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as why:
        raise InputError(f"{path}: this is no CSV in UTF-8 ({why}); save it as one") from why
    if missing := {"theme", "word"} - set(table.columns):
        raise InputError(f"{path}, line 1: there is no column {sorted(missing)[0]}; the header is theme,word")
    return checked(table[["theme", "word"]], str(path))


def checked(table: pd.DataFrame, name: str = "themes") -> pd.DataFrame:
    """Give themes with their words in lower case; refuse what can't be looked for, by its line (see `read_themes`)."""
    if not isinstance(table, pd.DataFrame) or not {"theme", "word"} <= set(table.columns):
        raise InputError(f"{name}: a table with the columns theme and word is needed, a row a seed word")
    table = table.astype({"theme": "str", "word": "str"}).fillna({"theme": "", "word": ""})
    found = table.assign(theme=table["theme"].str.strip(), word=table["word"].str.strip().str.lower())
    found["word"] = found["word"].str.replace("’", "'", regex=False)
    for line, theme, word in zip(range(2, len(found) + 2), found["theme"], found["word"], strict=True):
        if not theme or not word:
            raise InputError(
                f"{name}, line {line}: the {'word' if theme else 'theme'} is empty; fill it or drop the line"
            )
        if not _SEED.fullmatch(word):
            raise InputError(
                f"{name}, line {line}: {word!r} can't be looked for; write letters, digits, ' and -, one space between "
                "words, and * for any ending"
            )
    if (twice := found.duplicated()).any():
        line = int(np.flatnonzero(twice)[0])
        raise InputError(f"{name}, line {line + 2}: {found['word'].iloc[line]!r} stands twice in its theme; drop one")
    if found.empty:
        raise InputError(f"{name}: there is no theme in it; write one seed word a line, two or more for each theme")
    return found.reset_index(drop=True)


def seeds_in(texts: Sequence[str], themes: pd.DataFrame):
    """Tell which text holds which seed word.

    Parameters
    ----------
    texts : sequence of str
        None may be missing.
    themes : DataFrame
        From :func:`read_themes`.

    Returns
    -------
    scipy.sparse.csr_array of float, shape (texts, seeds)
        1 where the seed stands in the text. Within a theme the longest seed takes its words, so that "my own fault" is
        not "own fault" as well.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["sea", "sea", "home"], "word": ["ship*", "at sea", "oven"]})
    >>> seeds_in(["Two ships at sea", "an oven, a sea"], themes).toarray().tolist()
    [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    from scipy.sparse import csr_array

    plain = [" ".join(tokens(text)) for text in texts]
    row, column = [], []
    for _, part in themes.groupby("theme", sort=False):
        order = part["word"].str.len().sort_values(ascending=False, kind="stable").index
        either = "|".join(f"({pattern(themes['word'][i])})" for i in order)
        asked = regex.compile(rf"(?<!\S)(?:{either})(?!\S)")
        for i, text in enumerate(plain):
            for which in {hit.lastindex for hit in asked.finditer(text)}:
                row.append(i)
                column.append(order[which - 1])
    shape = (len(plain), len(themes))
    return csr_array((np.ones(len(row)), (row, column)), shape=shape)


def pattern(seed: str) -> str:
    """Write a seed word as a regular expression over tokens that are joined by spaces.

    Examples
    --------
    >>> bool(regex.fullmatch(pattern("grop*"), "groping")), bool(regex.fullmatch(pattern("job"), "jobs"))
    (True, False)
    """
    return regex.escape(seed, literal_spaces=True).replace(r"\*", r"[\p{L}\p{M}\p{N}'-]*")
