"""The command ``label`` of the command line: ``label draw`` and ``label read``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

_ABOUT = """\
How many posts of a kind are there in your data? No classifier can say by itself: label a random sample of the posts by
hand, and combine the labels with its predictions for all others.

  python -m analysis label draw posts.parquet --posts 500 --out ~/labels/sample.csv
  (write 1 or 0 beside each post, ? where you cannot tell)
  python -m analysis label read ~/labels/sample.csv --data posts.parquet --scores scores.csv

The sample holds people's words: it stays with you, and delete it when you are done."""


def add_label(commands) -> None:
    """Add the command to what ``ArgumentParser.add_subparsers`` gave."""
    form = argparse.RawDescriptionHelpFormatter
    label = commands.add_parser(
        "label", help="draw posts to label by hand, and estimate a share from the labels", description=_ABOUT,
        formatter_class=form,
    )  # fmt: skip
    label.set_defaults(command=lambda options, rest: label.print_help() or 0)
    two = label.add_subparsers(title="what to do", metavar="draw | read", help="what it does is told by its own --help")
    draw = two.add_parser(
        "draw", help="draw a random sample into a CSV file",
        description="Draw a random sample of the posts into a CSV file, with a column for the label.",
    )  # fmt: skip
    draw.set_defaults(command=_draw)
    draw.add_argument("data", metavar="DATA", help="a file of posts with their texts")
    draw.add_argument("--out", required=True, metavar="FILE.csv", help="where the sample goes: outside the project")
    draw.add_argument("--posts", type=int, default=500, metavar="N", help="how many (default: 500)")
    draw.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed, the same sample (default: 1)")
    draw.add_argument(
        "--by-score", metavar="SCORES", help="draw more where predictions leave doubt: a file of post_id and score"
    )
    draw.add_argument("--originals", action="store_true", help="leave reposts out")
    draw.add_argument("--overwrite", action="store_true", help="replace a sample that is there")
    read = two.add_parser(
        "read", help="read the labels back and estimate the share",
        description="Read the labels back, say what is wrong with them line by line, and estimate the share.",
    )  # fmt: skip
    read.set_defaults(command=_read)
    read.add_argument("labels", metavar="FILE.csv", help="the sample, filled in")
    read.add_argument("--data", required=True, metavar="DATA", help="the posts that it was drawn from")
    read.add_argument("--scores", metavar="FILE", help="predictions for all posts: post_id and score, CSV or Parquet")
    read.add_argument("--second", metavar="FILE.csv", help="the same sample, labelled by somebody else")
    read.add_argument("--design", metavar="FILE.json", help="how it was drawn (default: beside the labels)")
    read.add_argument("--out", metavar="LABELS.csv", help="write the labels without the texts: outside the project")


def _draw(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.labelling.draw import draw_sample, fit_place, write_sample
    from analysis.labelling.tables import read_scores
    from analysis.posts import load_posts

    fit_place(options.out)
    scores = None if options.by_score is None else read_scores(options.by_score)
    sample, design = draw_sample(
        load_posts(options.data), options.posts, seed=options.seed, scores=scores, originals=options.originals
    )
    beside = write_sample(sample, design, options.out, overwrite=options.overwrite)
    _say(
        f"{len(sample):,} of {design['posts']:,} posts with a text: {options.out}; how they were drawn: {beside.name}.",
        "Write 1 or 0 into the column label, ? where you cannot tell. Save it as CSV, and keep the ids as they are.",
        "These are people's words. Keep the file to yourself, upload it nowhere, and delete it when you are done.",
        f"Then: python -m analysis label read {options.out} --data {options.data}",
    )
    return 0


def _read(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.labelling.draw import fit_place
    from analysis.labelling.read import LabelError, agreement, load_design, read_design, read_labels
    from analysis.labelling.result import estimate_from
    from analysis.labelling.tables import read_scores
    from analysis.posts import load_posts

    out = None if options.out is None else fit_place(options.out)
    design = read_design(options.labels) if options.design is None else load_design(options.design)
    files = [options.labels] + ([options.second] if options.second else [])
    read, problems = [], []
    for path in files:
        try:
            read.append(read_labels(path, design))
        except LabelError as error:
            problems += error.problems
    if problems:
        sys.stderr.write("".join(f"{line}\n" for line in problems))
        sys.stderr.write(f"error: {len(problems):,} to be mended in the labels; nothing was estimated\n")
        return 2
    posts = load_posts(options.data)
    scores = None if options.scores is None else read_scores(options.scores)
    for path, (labels, notes) in zip(files, read, strict=True):
        table = estimate_from(posts, labels, design, scores)
        whose = f" by {path}" if len(files) > 1 else ""
        yes, many = labels["label"].sum(), labels["label"].notna().sum()
        _say(*notes, f"{many:,} posts labelled{whose}, {yes:,} of them yes. Share of the {design['posts']:,} posts:")
        for row in table.itertuples():
            ends = f"{row.share:.1%}, 95% interval {row.low:.1%} to {row.high:.1%}"
            _say(f"  {row.method:12} {ends}{f' ({row.note})' if row.note else ''}")
    if len(files) > 1:
        found = agreement(read[0][0], read[1][0])
        alpha = "none can be told" if found["alpha"] != found["alpha"] else f"{found['alpha']:.2f}"
        _say(f"Both labelled {found['posts']:,} posts, {found['same']:.1%} alike; Krippendorff's alpha: {alpha}.")
    if scores is None:
        _say("With predictions for all posts (--scores FILE) the interval is shorter, if they are any good.")
    if out is not None:
        read[0][0].to_csv(out, index=False, lineterminator="\n")
        _say(f"Labels, without texts: {options.out}")
    return 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
