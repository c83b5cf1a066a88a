"""The command ``label`` of the command line: ``label draw`` and ``label read``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.workshop.terminal import say

_ABOUT = """\
How many posts of a kind are there in your data? No classifier can say by itself: label a random sample of the posts by
hand, and combine the labels with its predictions for all others.

  python -m analysis label draw posts.parquet --posts 500 --out ~/labels/sample.csv
  (write 1 or 0 beside each post, ? where you cannot tell)
  python -m analysis label read ~/labels/sample.csv --data posts.parquet --model model.npz

A model is what analysis.disclosure.save_model wrote, or give predictions of any other classifier: --scores scores.csv.
Neither may have learnt from these labels. For the number of people instead of posts, draw authors, each with all of
their posts: label draw --authors 200.

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
    draw.add_argument("--posts", type=int, metavar="N", help="how many posts (default: 500)")
    draw.add_argument("--authors", type=int, metavar="N", help="instead: so many authors, and all posts of each")
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
    predicted = read.add_mutually_exclusive_group()
    predicted.add_argument(
        "--model", metavar="FILE.npz", help="a saved model of disclosures, to predict all posts with"
    )
    predicted.add_argument(
        "--scores", metavar="FILE", help="predictions for all posts: post_id and score, CSV or Parquet"
    )
    read.add_argument("--second", metavar="FILE.csv", help="the same sample, labelled by somebody else")
    read.add_argument("--design", metavar="FILE.json", help="how it was drawn (default: beside the labels)")
    read.add_argument("--out", metavar="LABELS.csv", help="write the labels without the texts: outside the project")
    read.add_argument("--overwrite", action="store_true", help="replace what --out names, if it is there")


def _draw(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.posts import load_posts
    from analysis.schema import InputError
    from analysis.workshop.labelling import draw_authors, draw_sample, read_scores, write_sample
    from analysis.workshop.labelling.write import fit_place

    if options.authors is not None and (options.posts is not None or options.by_score is not None):
        raise InputError("--authors draws all posts of each author: leave out --posts and --by-score")
    fit_place(options.out)
    how = {"seed": options.seed, "originals": options.originals}
    if options.authors is None:
        scores = None if options.by_score is None else read_scores(options.by_score)
        size = 500 if options.posts is None else options.posts
        sample, design = draw_sample(load_posts(options.data), size, scores=scores, **how)
        what = f"{len(sample):,} of {design['posts']:,} posts with a text"
    else:
        sample, design = draw_authors(load_posts(options.data), options.authors, **how)
        authors = design["sizes"]["all"]
        what = f"All {len(sample):,} posts with a text by {min(options.authors, authors):,} of {authors:,} authors"
    beside = write_sample(sample, design, options.out, overwrite=options.overwrite)
    say(
        f"{what}: {options.out}; how they were drawn: {beside.name}.",
        "Write 1 or 0 into the column label, ? where you cannot tell. Save it as CSV, and keep the ids as they are.",
        "These are people's words. Keep the file to yourself, upload it nowhere, and delete it when you are done.",
        f"Then: python -m analysis label read {options.out} --data {options.data}",
    )
    return 0


def _read(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from analysis.posts import load_posts
    from analysis.schema import InputError
    from analysis.workshop.labelling import agreement
    from analysis.workshop.labelling.read import load_design, read_design
    from analysis.workshop.labelling.write import fit_place

    out = None if options.out is None else fit_place(options.out)
    if out is not None and out.is_dir():
        raise InputError(f"{options.out}: this is a folder; name a file in it")
    if out is not None and out in {Path(one).expanduser().resolve() for one in _given(options)}:
        raise InputError(f"{options.out}: this is read here, and would be lost; choose another name")
    if out is not None and out.exists() and not options.overwrite:
        raise InputError(f"{options.out}: there is such a file already; choose another name, or say --overwrite")
    design = read_design(options.labels) if options.design is None else load_design(options.design)
    files = [options.labels] + ([options.second] if options.second else [])
    read, problems = _labels(files, design)
    if problems:
        sys.stderr.write("".join(f"{line}\n" for line in problems))
        sys.stderr.write(f"error: {len(problems):,} to be mended in the labels; nothing was estimated\n")
        return 2
    posts = load_posts(options.data)
    scores = _scores(options, posts)
    for path, (labels, notes) in zip(files, read, strict=True):
        yes, many = labels["label"].sum(), labels["label"].notna().sum()
        whose = f" by {path}" if len(files) > 1 else ""
        estimates = _estimates(posts, labels, design, scores)
        say(*notes, f"{many:,} posts labelled{whose}, {yes:,} of them yes. {_of[design['unit']](design)}:", *estimates)
    if len(files) > 1:
        found = agreement(read[0][0], read[1][0])
        alpha = "none can be told" if found["alpha"] != found["alpha"] else f"{found['alpha']:.2f}"
        say(f"Both labelled {found['posts']:,} posts, {found['same']:.1%} alike; Krippendorff's alpha: {alpha}.")
    if scores is None:
        say("With predictions for all posts (--model or --scores) the interval is shorter, if they are any good.")
    if out is not None:
        read[0][0].to_csv(out, index=False, lineterminator="\n")
        say(f"Labels, without texts: {options.out}")
    return 0


def _given(options):
    """Give the files that are read."""
    design = options.design or Path(options.labels).with_name(f"{Path(options.labels).stem}.design.json")
    named = (options.labels, options.second, options.data, options.model, options.scores, design)
    return [one for one in named if one is not None]


_of = {
    "posts": lambda design: f"Share of the {design['posts']:,} posts",
    "authors": lambda design: f"People with at least one such post, of {design['sizes']['all']:,} authors",
}


def _labels(files, design):
    """Read each file of labels; give what was read, and what is wrong in any of them."""
    from analysis.workshop.labelling import LabelError, read_labels

    read, problems = [], []
    for path in files:
        try:
            read.append(read_labels(path, design))
        except LabelError as error:
            problems += error.problems
    return read, problems


def _scores(options, posts):
    from analysis.workshop.labelling import read_scores, scores_by

    if options.model is None:
        return None if options.scores is None else read_scores(options.scores)
    scores, notes = scores_by(options.model, posts)
    say(*notes)
    return scores


def _estimates(posts, labels, design, scores):
    """Put each estimate and its interval into words."""
    from analysis.workshop.labelling import estimate_from, people_from

    if design["unit"] == "posts":
        table, lines = estimate_from(posts, labels, design, scores), []
    else:
        table, lines = people_from(posts, labels, design, scores)
    for row in table.itertuples():
        ends = f"{row.share:.1%}, 95% interval {row.low:.1%} to {row.high:.1%}"
        if design["unit"] == "authors":
            ends = f"{row.people:,.0f} ({row.people_low:,.0f} to {row.people_high:,.0f}): {ends}"
        lines = [*lines, f"  {row.method:12} {ends}{f' ({row.note})' if row.note else ''}"]
    return lines
