"""Share nothing of a data set but the ids of its posts."""

from pathlib import Path

from analysis.posts import load_posts
from analysis.schema import KEYED, InputError, write_atomically


def export_ids(path: str | Path, out: str | Path) -> tuple[int, int]:
    """Write the ids of a data set, and nothing else of it: what may be shared so that others can look the posts up.

    Parameters
    ----------
    path : path
        Posts, in a file that :func:`analysis.posts.load_posts` reads.
    out : path
        A list of ids with the header ``id``, in the order of the ids; with platforms beside them where there are
        several (then headed ``post_id,platform``). It is gzipped if the name ends in .gz.

    Returns
    -------
    written, left : int
        How many ids were written, and how many were left out because they are pseudonyms, as those of Mastodon and
        Bluesky are by default.

    Raises
    ------
    InputError
        If there is no id, or all are pseudonyms, which lead nobody anywhere; or if `out` is the data set itself, or has
        another ending.
    """
    path, out = Path(path), Path(out)
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}; make it first")
    if out.is_dir() or not out.name.endswith((".csv", ".txt", ".csv.gz", ".txt.gz")):
        raise InputError(f"{out}: ids are written as .csv or .txt, or with .gz behind; choose a name that ends so")
    if out.resolve() == path.resolve():
        raise InputError(f"{out}: this is the data set itself, of which only ids would be left; choose another name")
    posts = load_posts(path)[["post_id", "platform"]].dropna(subset="post_id")
    if posts.empty:
        raise InputError(f"{path}: no post in it has an id; there is nothing to share")
    keyed = posts["post_id"].str.startswith(KEYED)
    if keyed.all():
        raise InputError(
            f"{path}: its ids are pseudonyms, which lead nobody to a post; ingest again without --key-ids, or those of "
            "Mastodon and Bluesky, which name their writers, with --keep-ids-that-name-writers"
        )
    posts = posts[~keyed]
    formulas = posts["post_id"].str.match(r"[=+\-@]")  # no platform's, and a spreadsheet would run them
    posts = posts.assign(post_id=posts["post_id"].mask(formulas, "'" + posts["post_id"]))
    posts = posts.assign(width=posts["post_id"].str.len()).sort_values(["platform", "width", "post_id"])
    several = len(posts["platform"].unique()) > 1
    table = posts[["post_id", "platform"]] if several else posts[["post_id"]].set_axis(["id"], axis=1)
    packed = {"method": "gzip", "mtime": 0} if out.suffix == ".gz" else None
    with write_atomically(out) as beside:
        table.to_csv(beside, index=False, lineterminator="\n", compression=packed)
    return len(table), int(keyed.sum())
