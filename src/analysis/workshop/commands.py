"""The commands on files of posts: ``ingest``, ``forget``, ``export``."""

from __future__ import annotations

import sys

import click

from analysis.workshop.terminal import say, second_option


class _FormatOption(click.Option):
    """An option whose help lists the formats, which are looked up when the help is printed and not before."""

    def get_help_record(self, ctx):
        from analysis.collect.formats import names

        flags, text = super().get_help_record(ctx)
        return flags, f"{text}: {', '.join(names())}"


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", required=True, metavar="FILE.parquet", help="Where the posts go.")
@click.option("--source", cls=_FormatOption, metavar="FORMAT", help="The format, where it is not recognised")
@second_option
@click.option(
    "--keep-only",
    type=click.Choice(["me-too"]),
    help="Keep only posts with the tag, or that answer the call in words.",
)
@click.option("--key-file", metavar="FILE", help="The key for pseudonyms, to share within a team; made if missing.")
@click.option("--key-ids", is_flag=True, help="Make pseudonyms of all posts' ids too.")
@click.option("--keep-refused", is_flag=True, help="Write down what refused records hold: people's words.")
@click.option("--keep-author-names", is_flag=True, help="Turn pseudonyms off.")
@click.option("--keep-text-unmasked", is_flag=True, help="Turn the masks off.")
@click.option(
    "--keep-ids-that-name-writers",
    is_flag=True,
    help="Leave the ids of Mastodon and Bluesky, which hold their writers' accounts, as they are.",
)
def ingest(sources, out, **settings) -> int:
    """Read files of posts in any known format into one table.

    Each SOURCE is a file or a folder; every record is accounted for. Formats are told from the content; .gz, .zst and
    .zip with one file in it are unpacked on the way.

    By default the people in the posts are protected: authors become pseudonyms under a key of your own, which stays in
    your folder of settings; handles, links, mail addresses and long numbers in the texts are masked; names, biographies
    and places are dropped. Ids of Mastodon and Bluesky hold their writers' accounts, so they become pseudonyms
    too. Beside the output stand its report, and what was refused and why.
    """
    from analysis.collect.ingesting import ingest

    report = ingest(list(sources), out, progress=sys.stderr.isatty(), **settings)
    say(*report["lines"], f"Posts: {out}. Look at them with: python -m analysis run --data {out}")
    return 0


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--data", required=True, multiple=True, metavar="PATH", help="A file of posts, or a folder of them.")
@click.option("--key-file", metavar="FILE", help="The key, where ids in the files are pseudonyms.")
def forget(ids, data, key_file) -> int:
    """Remove posts from every file of a data set.

    Each ID is the id of a post, or a file that lists ids one a line. The posts go, and their reposts, their labels, and
    refused records that name them.
    """
    from analysis.collect.forget import forget_posts, listed_ids

    asked = [post_id for name in ids for post_id in listed_ids(name)]
    files = forget_posts(asked, list(data), key_file=key_file)
    still = "names them still, and is in a format that is not rewritten here: delete it, or take them out yourself"
    for file in files:
        removed = file["removed"]
        say(f"{file['file']}: {still if removed is None else f'{removed:,} removed'}")
    if not files:
        say("None of them was there (ids that are pseudonyms are found under their own key alone).")
    say("Results of earlier runs, and copies elsewhere, are not touched: run again, and delete those.")
    return 0


@click.command()
@click.argument("data")
@click.option("--ids-only", is_flag=True, required=True, help="The one way to share there is; say it aloud.")
@click.option("--out", required=True, metavar="FILE", help="Where the ids go: .csv, .txt, or with .gz behind.")
def export(data, ids_only, out) -> int:
    """Write the ids of a data set, to share them.

    Nothing else of the posts is written.
    """
    from analysis.collect.export import export_ids

    written, left = export_ids(data, out)
    say(f"{written:,} ids: {out}")
    if left:
        say(f"{left:,} ids are pseudonyms, which lead nobody to a post, and were left out.")
    return 0
