"""The commands ``ingest``, ``forget`` and ``export`` of the command line; ``label`` has a package of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from analysis.workshop.label import add_label
from analysis.workshop.terminal import say

_INGEST = """\
Read files of posts in any known format, or folders of them, into one table of posts, and account for every record.
Formats are told from the content; .gz, .zst and .zip with one file in it are unpacked on the way.

By default the people in the posts are protected: authors become pseudonyms under a key of your own, which stays in
your folder of settings; handles, links, mail addresses and long numbers in the texts are masked; names, biographies
and places are dropped. Ids of Mastodon and Bluesky hold their writers' accounts, so they become pseudonyms
too. Beside the output stand its report, and what was refused and why."""


def add_commands(commands) -> None:
    """Add the commands to what ``ArgumentParser.add_subparsers`` gave."""
    form = argparse.RawDescriptionHelpFormatter
    one = commands.add_parser(
        "ingest",
        help="read files of posts in any known format into one table",
        description=_INGEST,
        formatter_class=form,
    )
    one.set_defaults(command=_ingest)
    one.add_argument("sources", nargs="+", metavar="SOURCE", help="a file or a folder; several may be given")
    one.add_argument("--out", required=True, metavar="FILE.parquet", help="where the posts go")
    one.add_argument(
        "--source", metavar="FORMAT", help="the format, where it is not recognised: " + ", ".join(_formats())
    )
    one.add_argument(
        "--second", choices=["parent_id", "root_id"],
        help="what the second column of an id list without a header holds",
    )  # fmt: skip
    one.add_argument(
        "--keep-only", choices=["me-too"], help="keep only posts with the tag, or that answer the call in words"
    )
    one.add_argument(
        "--key-file", metavar="FILE", help="the key for pseudonyms, to share within a team; made if missing"
    )
    one.add_argument("--key-ids", action="store_true", help="make pseudonyms of all posts' ids too")
    one.add_argument("--keep-refused", action="store_true", help="write down what refused records hold: people's words")
    one.add_argument("--keep-author-names", action="store_true", help="turn pseudonyms off")
    one.add_argument("--keep-text-unmasked", action="store_true", help="turn the masks off")
    one.add_argument(
        "--keep-ids-that-name-writers", action="store_true",
        help="leave the ids of Mastodon and Bluesky, which hold their writers' accounts, as they are",
    )  # fmt: skip
    two = commands.add_parser(
        "forget", help="remove posts from every file of a data set",
        description="Remove posts, their reposts, their labels and refused records that name them.",
    )  # fmt: skip
    two.set_defaults(command=_forget)
    two.add_argument("ids", nargs="+", metavar="ID", help="ids of posts, or a file that lists them one a line")
    two.add_argument(
        "--data", required=True, action="append", metavar="PATH", help="a file of posts, or a folder of them"
    )
    two.add_argument("--key-file", metavar="FILE", help="the key, where ids in the files are pseudonyms")
    three = commands.add_parser(
        "export", help="write the ids of a data set, to share them",
        description="Write the ids of posts and nothing else of them: what may be shared.",
    )  # fmt: skip
    three.set_defaults(command=_export)
    three.add_argument("data", metavar="DATA", help="a file of posts")
    three.add_argument(
        "--ids-only", action="store_true", required=True, help="the one way to share there is; say it aloud"
    )
    three.add_argument("--out", required=True, metavar="FILE", help="where the ids go: .csv, .txt, or with .gz behind")
    add_label(commands)


class _formats:
    """The names of all formats, looked up when the help is printed and not before."""

    def __iter__(self):
        if any(flag in sys.argv for flag in ("-h", "--help")):
            from analysis.collect.formats import names

            yield from names()
        else:
            yield "see the README"


def _ingest(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.collect.ingesting import ingest

    chosen = {name: value for name, value in vars(options).items() if name not in ("command", "sources", "out")}
    report = ingest(options.sources, options.out, progress=sys.stderr.isatty(), **chosen)
    say(*report["lines"], f"Posts: {options.out}. Look at them with: python -m analysis run --data {options.out}")
    return 0


def _forget(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.collect.forget import forget_posts, listed_ids

    ids = [one for name in options.ids for one in listed_ids(name)]
    found = forget_posts(ids, options.data, key_file=options.key_file)
    still = "names them still, and is in a format that is not rewritten here: delete it, or take them out yourself"
    for one in found:
        say(f"{one['file']}: {still if one['removed'] is None else format(one['removed'], ',') + ' removed'}")
    if not found:
        say("None of them was there (ids that are pseudonyms are found under their own key alone).")
    say("Results of earlier runs, and copies elsewhere, are not touched: run again, and delete those.")
    return 0


def _export(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.collect.export import export_ids

    written, left = export_ids(options.data, options.out)
    say(f"{written:,} ids: {options.out}")
    if left:
        say(f"{left:,} ids are pseudonyms, which lead nobody to a post, and were left out.")
    return 0
