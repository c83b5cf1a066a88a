"""Any real file in, nothing lost, the people in it protected.

:func:`ingest` streams files in any known format into one Parquet file of posts, in constant memory, and accounts for
every record. Nothing stands under the target's name until it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from analysis.collect import registry, writing
from analysis.collect.finding import find, links_in
from analysis.collect.keys import Key, default_path, is_open_to_others, load_key
from analysis.collect.progress import Progress
from analysis.collect.protect import Protection
from analysis.collect.work import Work
from analysis.schema import InputError

__all__ = ["ingest"]


def ingest(
    sources: Iterable[str | Path] | str | Path,
    out: str | Path,
    *,
    source: str | None = None,
    second: str | None = None,
    keep_only: str | None = None,
    key_file: str | Path | Key | None = None,
    key_ids: bool = False,
    keep_refused: bool = False,
    keep_author_names: bool = False,
    keep_text_unmasked: bool = False,
    keep_ids_that_name_writers: bool = False,
    progress: bool = False,
) -> dict:
    """Read files in any known format into one table of posts, and account for every record in them.

    Parameters
    ----------
    sources : path or iterable of paths
        Files, or folders of them: plain, .gz, .zst, or .zip with one member. Formats are told from the content.
    out : path
        Where the posts go, a name that ends in .parquet. Beside it are written ``<name>.report.json``, and where there
        is cause ``<name>.refused.jsonl`` and ``<name>.labels.parquet``.
    source : str, optional
        The format of all files, for those that are not recognised.
    second : {"parent_id", "root_id"}, optional
        What the second column of a list of ids without a header holds.
    keep_only : {"me-too"}, optional
        Leave out posts that do not answer the call, see :func:`analysis.text.says_me_too`.
    key_file : path or Key, optional
        The key for pseudonyms, see :func:`analysis.collect.keys.load_key`.
    key_ids : bool
        Make pseudonyms of the posts' ids too. Times are read from them first. On Mastodon and Bluesky, where an id
        holds its writer's account, that is done anyhow.
    keep_refused : bool
        Write what refused records hold, beside the reasons. These are somebody's words.
    keep_author_names, keep_text_unmasked, keep_ids_that_name_writers : bool
        Turn a protection off.
    progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    dict
        The report: read, kept, duplicates, refused and left_out add up.

    Raises
    ------
    InputError
        If a file cannot be read at all, or the target cannot be written. The target is then as it was.

    Notes
    -----
    Of posts that share an id the most complete one is kept. A rounded id counts as missing, so that no two posts are
    taken for one because of it.
    """
    if keep_only not in (None, "me-too"):
        raise InputError(f"--keep-only {keep_only}: there is no such choice; it is me-too")
    if source not in (None, "ids"):
        registry.by_name(source)
    target = writing.Target(Path(out))
    named = [Path(one) for one in ([sources] if isinstance(sources, (str, Path)) else sources)]
    every = find(named)
    found = [path for path in every if path.resolve() != target.posts.resolve()]
    if not found or target.posts.resolve() in [path.resolve() for path in named]:
        raise InputError(f"{target.posts}: this is an input and the output too; choose another name with --out")
    key = _key(key_file, target.posts)
    protection = Protection(key, key_ids, keep_author_names, keep_text_unmasked, keep_ids_that_name_writers)
    now = np.datetime64("now", "us")
    work = Work(target, protection, keep_only, keep_refused, now)
    work.account.notes += protection.told()
    if len(found) < len(every):
        work.account.notes.append(f"{target.posts.name} was passed over: it is what is written anew")
    for link in links_in(named):
        work.account.notes.append(f"{link} was passed over: it is a link to a folder; give that folder too to read it")
    if key.path and is_open_to_others(key.path):
        work.account.notes.append(f"{key.path}: others on this machine can read the key; chmod o-rwx takes that away")
    if key.new:
        work.account.notes.append(f"a new key for pseudonyms was made: {key.path}; keep it to get the same ones again")
    chosen = {"source": source, "second": second, "keep_only": keep_only, "key_ids": key_ids}
    chosen |= {"keep_author_names": keep_author_names, "keep_text_unmasked": keep_text_unmasked}
    chosen |= {"keep_ids_that_name_writers": keep_ids_that_name_writers}
    try:
        with Progress(sum(path.stat().st_size for path in found), shown=progress) as bar:
            for path in found:
                work.read(path, source, second, bar, named=path in named)
            return work.finish({**chosen, "keep_refused": keep_refused})
    finally:
        work.close()
        target.clear()


def _key(given, out):
    """Read or make the key; one in the folder of the output is refused, before it is made."""
    if isinstance(given, Key):
        path = given.path
    else:
        path = default_path() if given is None else Path(given)
    if path and path.resolve().parent == out.resolve().parent:
        raise InputError(
            f"{path}: the key lies in the folder of the output, where whoever gets the data gets it too; "
            "keep it elsewhere"
        )
    return given if isinstance(given, Key) else load_key(path)
