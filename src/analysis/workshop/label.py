"""The command ``label`` of the command line: ``label draw`` and ``label read``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.workshop.terminal import random_state_option, say


@click.group(invoke_without_command=True)
@click.pass_context
def label(context: click.Context) -> int:
    """Draw posts to label by hand; estimate a share.

    How many posts of a kind are there in your data? No classifier can say by itself: label a random sample of the posts
    by hand, and combine the labels with its predictions for all others.

    \b
      python -m analysis label draw posts.parquet --posts 500 --out ~/labels/sample.csv
      (write 1 or 0 beside each post, ? where you cannot tell)
      python -m analysis label read ~/labels/sample.csv --data posts.parquet --model model.npz

    A model is what analysis.disclosure.save_model wrote, or give predictions of any other classifier: --scores
    scores.csv. Neither may have learnt from these labels. For the number of people instead of posts, draw authors, each
    with all of their posts: label draw --authors 200.

    The sample holds people's words: it stays with you, and delete it when you are done.
    """  # noqa: D301
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


@label.command()
@click.argument("data")
@click.option("--out", required=True, metavar="FILE.csv", help="Where the sample goes: outside the project.")
@click.option("--posts", type=int, metavar="N", help="How many posts. Default: 500.")
@click.option("--authors", type=int, metavar="N", help="Instead: so many authors, and all posts of each.")
@random_state_option("The same number, the same sample.")
@click.option("--by-score", metavar="SCORES", help="Draw more where predictions leave doubt: a file of post_id, score.")
@click.option("--originals", is_flag=True, help="Leave reposts out.")
@click.option("--overwrite", is_flag=True, help="Replace a sample that is there.")
def draw(data, out, posts, authors, random_state, by_score, originals, overwrite) -> int:
    """Draw a random sample of the posts in DATA into a CSV file, with a column for the label."""
    from analysis.posts import load_posts
    from analysis.workshop.label_draw import draw_authors, draw_sample, private_path, write_sample
    from analysis.workshop.label_read import read_scores

    if authors is not None and (posts is not None or by_score is not None):
        raise click.UsageError("--authors draws all posts of each author: leave out --posts and --by-score.")
    private_path(out)
    how = {"random_state": random_state, "originals": originals}
    if authors is None:
        scores = None if by_score is None else read_scores(by_score)
        sample, design = draw_sample(load_posts(data), 500 if posts is None else posts, scores=scores, **how)
        what = f"{len(sample):,} of {design['posts']:,} posts with a text"
    else:
        sample, design = draw_authors(load_posts(data), authors, **how)
        every = design["sizes"]["all"]
        what = f"All {len(sample):,} posts with a text by {min(authors, every):,} of {every:,} authors"
    beside = write_sample(sample, design, out, overwrite=overwrite)
    say(
        f"{what}: {out}; how they were drawn: {beside.name}.",
        "Write 1 or 0 into the column label, ? where you cannot tell. Save it as CSV, and keep the ids as they are.",
        "These are people's words. Keep the file to yourself, upload it nowhere, and delete it when you are done.",
        f"Then: python -m analysis label read {out} --data {data}",
    )
    return 0


@label.command()
@click.argument("labels", metavar="FILE.csv")
@click.option("--data", required=True, metavar="DATA", help="The posts that it was drawn from.")
@click.option("--model", metavar="FILE.npz", help="A saved model of disclosures, to predict all posts with.")
@click.option("--scores", metavar="FILE", help="Predictions for all posts instead: post_id, score; CSV or Parquet.")
@click.option("--second", metavar="FILE.csv", help="The same sample, labelled by somebody else.")
@click.option("--design", metavar="FILE.json", help="How it was drawn. Default: beside the labels.")
@click.option("--out", metavar="LABELS.csv", help="Write the labels without the texts: outside the project.")
@click.option("--overwrite", is_flag=True, help="Replace what --out names, if it is there.")
def read(labels, data, model, scores, second, design, out, overwrite) -> int:
    """Read the labels of FILE.csv back and estimate the share; what is wrong with them is said line by line."""
    from analysis.posts import load_posts
    from analysis.workshop import label_draw, label_read

    if model is not None and scores is not None:
        raise click.UsageError("--model and --scores both predict the posts: give one of them.")
    design = label_draw.design_path(labels) if design is None else design
    if out is not None:
        _check_place(out, (labels, second, data, model, scores, design), overwrite)
    design = label_read.load_design(design)
    tables, problems = {}, []
    for path in (labels, second) if second else (labels,):
        try:
            tables[path] = label_read.read_labels(path, design)
        except label_read.LabelError as error:
            problems += error.problems
    if problems:
        sys.stderr.write("".join(f"{line}\n" for line in problems))
        sys.stderr.write(f"error: {len(problems):,} to be mended in the labels; nothing was estimated\n")
        return 2
    posts, predicted = load_posts(data), None
    if model is not None:
        predicted, notes = label_read.predict_scores(model, posts)
        say(*notes)
    elif scores is not None:
        predicted = label_read.read_scores(scores)
    for path, (table, notes) in tables.items():
        yes, many = table["label"].sum(), table["label"].notna().sum()
        whose = f" by {path}" if second else ""
        about, estimates = _estimates(posts, table, design, predicted)
        say(*notes, f"{many:,} posts labelled{whose}, {yes:,} of them yes. {about}:", *estimates)
    if second:
        both = label_read.agreement_of_two(tables[labels][0], tables[second][0])
        alpha = "none can be told" if both["alpha"] != both["alpha"] else f"{both['alpha']:.2f}"
        say(f"Both labelled {both['posts']:,} posts, {both['same']:.1%} alike; Krippendorff's alpha: {alpha}.")
    if predicted is None:
        say("With predictions for all posts (--model or --scores) the interval is shorter, if they are any good.")
    if out is not None:
        tables[labels][0].to_csv(Path(out).expanduser(), index=False, lineterminator="\n")
        say(f"Labels, without texts: {out}")
    return 0


def _check_place(out, inputs, overwrite):
    """Refuse to write labels where they would travel on, or over a file that is read here or was there before."""
    from analysis.schema import InputError
    from analysis.workshop.label_draw import private_path

    place = private_path(out)
    if place.is_dir():
        raise InputError(f"{out}: this is a folder; name a file in it")
    if place in {Path(path).expanduser().resolve() for path in inputs if path is not None}:
        raise InputError(f"{out}: this is read here, and would be lost; choose another name")
    if place.exists() and not overwrite:
        raise InputError(f"{out}: there is such a file already; choose another name, or say --overwrite")


def _estimates(posts, labels, design, scores):
    """Put into words what is estimated, and each estimate with its interval."""
    from analysis.workshop.label_read import estimate_people, estimate_share

    if design["unit"] == "posts":
        about, lines = f"Share of the {design['posts']:,} posts", []
        table = estimate_share(posts, labels, design, scores)
    else:
        about = f"People with at least one such post, of {design['sizes']['all']:,} authors"
        table, lines = estimate_people(posts, labels, design, scores)
    for row in table.itertuples():
        share = f"{row.share:.1%}, 95% interval {row.low:.1%} to {row.high:.1%}"
        if design["unit"] == "authors":
            share = f"{row.people:,.0f} ({row.people_low:,.0f} to {row.people_high:,.0f}): {share}"
        lines = [*lines, f"  {row.method:12} {share}{f' ({row.note})' if row.note else ''}"]
    return about, lines
