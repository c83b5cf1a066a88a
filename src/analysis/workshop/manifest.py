"""What a run must tell so that another can repeat it: the input, the versions, the commit, how to cite."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

import pandas as pd

import analysis
from analysis.posts import offers, own_truth
from analysis.workshop.inputs import Input
from analysis.workshop.paths import hide, names
from analysis.workshop.results import sha256

#: The packages whose versions can move a number or a picture.
PACKAGES = ("matplotlib", "nltk", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "vaderSentiment", "nbclient")


def gather(reading: Input, path: Path, second: str | None, root: Path, *, sample: bool = False) -> dict:
    """Tell what holds for a run as a whole."""
    git = commit(root)
    if reading.counts:
        about = describe_counts(reading.table, path, reading.digest)
    else:
        about = describe(reading.table, path, second, names(path, root), reading.digest)
    return {"input": about | {"sample": sample}, "versions": versions(), "git": git, "cite": citation(root, git)}


def describe(
    posts: pd.DataFrame, path: Path, second: str | None, said: Mapping[str, str], digest: str | None = None
) -> dict:
    """Describe posts that were loaded from a path.

    Parameters
    ----------
    posts : DataFrame
        As :func:`analysis.posts.load_posts` gives them.
    path : pathlib.Path
    second : {"parent_id", "root_id"} or None
        What was said of a second column when they were loaded.
    said : mapping
        What to say instead of each path in the notes, as :func:`analysis.workshop.paths.names` gives it.
    digest : str, optional
        The SHA-256 of what lies at the path, where it is known; it is computed without.

    Returns
    -------
    dict
        ``name``, ``sha256``, ``rows``, ``first`` and ``last`` (ISO 8601, UTC, to the second, since a post's
        millisecond would tell the upper bits of its id; or None), ``offers``, ``account``, ``second``, ``truth`` (name
        and SHA-256 of the file that says what was planted in these posts, or None), and ``key``, which is equal for
        two runs where the same data were read in the same way.
    """
    account, digest, truth = posts.attrs["account"], digest or sha256(path), None if second else planted(posts, path)
    return {
        "name": path.absolute().name,
        "sha256": digest,
        "truth": truth,
        "key": " ".join([digest, *([second] if second else []), *([truth["sha256"]] if truth else [])]),
        "rows": len(posts),
        "first": _iso(posts["created_at"].min()),
        "last": _iso(posts["created_at"].max()),
        "offers": sorted(offers(posts)),
        "account": {**account, "notes": [hide(note, said) for note in account["notes"]]},
        "second": second,
    }


def describe_counts(table: pd.DataFrame, path: Path, digest: str) -> dict:
    """Describe counts that were loaded from a path, as :func:`describe` does posts; they offer "counts" alone."""
    times = pd.to_datetime(table.select_dtypes("str").iloc[:, 0], format="ISO8601", utc=True)
    account = {"read": len(table), "kept": len(table), "duplicates": 0, "format": "counts", "time": "as written"}
    return {
        "name": path.absolute().name, "sha256": digest, "truth": None, "key": digest, "rows": len(table),
        "first": _iso(times.min()), "last": _iso(times.max()), "offers": ["counts"], "second": None,
        "account": {**account, "notes": ["a table of counts, an interval a row: posts themselves are not in it"]},
    }  # fmt: skip


def planted(posts: pd.DataFrame, path: Path) -> dict | None:
    """Give name and SHA-256 of the truth beside posts, where :func:`analysis.posts.load_sample` would use it."""
    if own_truth(posts, path) is None:
        return None
    truth = path.with_name("truth.csv")
    return {"name": truth.name, "sha256": sha256(truth)}


def _iso(time: pd.Timestamp) -> str | None:
    return None if pd.isna(time) else time.isoformat(timespec="seconds").replace("+00:00", "Z")


def lack(needs: Iterable[str], about: Mapping, takes: Iterable[str] = ("posts",)) -> str | None:
    """Say why a lesson cannot run on an input.

    Parameters
    ----------
    needs : iterable of str
        What the lesson needs of posts.
    about : mapping
        What :func:`describe` or :func:`describe_counts` says of the input: ``name`` and ``offers`` are read.
    takes : iterable of str
        Whether the lesson runs on "posts", on "counts" or on both.

    Returns
    -------
    str or None
        None where it can.

    Examples
    --------
    >>> lack(["time", "text"], {"name": "ids.csv", "offers": ["roots", "time"]})
    'it needs text, and ids.csv holds only ids (roots, time)'
    >>> lack(["time"], {"name": "ids.csv", "offers": ["roots", "time"]})
    >>> lack(["text"], {"name": "daily.csv", "offers": ["counts"]})
    'it needs posts, and daily.csv holds only counts'
    """
    offered = about["offers"]
    if offered == ["counts"]:
        return None if "counts" in takes else f"it needs posts, and {about['name']} holds only counts"
    lacking = [need for need in needs if need not in offered]
    if not lacking:
        return None
    listed = ", ".join(offered)
    only = f"ids ({listed})" if set(offered) <= {"time", "replies", "roots"} else listed
    return f"it needs {' and '.join(lacking)}, and {about['name']} holds only {only}"


def versions() -> dict:
    """Give the versions of Python, of this package, of the packages behind the numbers, and of both word lists."""
    from analysis.methods.happiness import labmt
    from analysis.sentiment import lexicon

    return {
        "python": f"{platform.python_version()} ({platform.system()}, {platform.machine()})",
        "analysis": analysis.__version__,
        "packages": {"analysis": analysis.__version__, **{name: metadata.version(name) for name in PACKAGES}},
        "lexicon": lexicon(),
        "labmt": labmt(),
    }


def commit(root: Path) -> dict | None:
    """Give the git commit of a folder and whether files in it were changed since; None where it is no repository."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def git(*command: str) -> str:
        return subprocess.run(
            ["git", "-C", root, *command], env=clean, capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != root.resolve():
            return None  # it lies in somebody else's repository
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None


def citation(root: Path, git: dict | None) -> str:
    """Give the sentence by which this software is cited, from its CITATION.cff."""
    path = root / "CITATION.cff"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    title = _field(text, "title") or "hashtag-notebooks"
    names = re.findall(r'^ *-? *(?:name|family-names): *"?(.*?)"? *$', text, re.MULTILINE)
    year = (_field(text, "date-released") or "")[:4]
    state = f", commit {git['commit'][:10]}" if git else ""
    who = ", ".join(names) + (f" ({year}). " if year else ". ") if names else ""
    return f"{who}{title}. Version {analysis.__version__}{state}."


def _field(text: str, name: str) -> str | None:
    line = re.search(rf'^{name}: *"?(.*?)"? *$', text, re.MULTILINE)
    return line[1] if line else None
