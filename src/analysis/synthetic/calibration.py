"""Compare the corpus with what is published: every figure with its target, its tolerance and what was found."""

import csv
from importlib.resources import files

import pandas as pd

from analysis.synthetic import bank, generate, label, measure, trial
from analysis.synthetic.arrange import PER_ORIGINAL
from analysis.synthetic.clock import CALL, HOUR, Curve, real_weights
from analysis.synthetic.plan import PLATFORMS, SHARES, languages, plan_posts
from analysis.synthetic.typing_style import GALLERY_TAGS, TAGS

OWN_SIZE = 75_526  # posts of the crawl that authors, threads and reach are compared with, at its own size
PART_WEIGHTS = (24.9, 41.1, 16.6, 17.4)  # per cent of the real posts in the four parts of the month
COLUMNS = ("figure", "key", "unit", "target", "tolerance", "planted", "found", "within", "source", "note")

#: The standard error of a share of 1 percent in the shipped corpus, in points; it grows with the share's root.
#: A share in time is held to three and a half of its own, and to one point at most.
CHANCE = {"posts on the day": 0.07, "posts in the hour": 0.13, "posts at the hour of the day": 0.07}


def calibration_report(posts: int = 20_000, seed: int = 1, *, theme: str = "metoo") -> pd.DataFrame:
    """Invent the corpus, measure it and compare it with the targets.

    Parameters
    ----------
    posts, seed, theme
        As for :func:`analysis.synthetic.invent`; the targets are meant for the defaults.

    Returns
    -------
    DataFrame
        A row a figure: figure, key, unit, target (missing where nothing is published), tolerance, planted (the
        setting; missing where the figure follows from others), found, within ("yes", "no", or "" where there is no
        tolerance), source, note.
    """
    table, truth = generate.invent(posts, seed, theme=theme)
    return compare(table, truth, seed, theme)


def compare(posts: pd.DataFrame, truth: pd.DataFrame, seed: int, theme: str = "metoo") -> pd.DataFrame:
    """Compare a corpus with the targets; the answer is that of :func:`calibration_report`."""
    found, settings = figures(posts, truth, seed, theme), planted(theme)
    rows = []
    for target in targets():
        name = target["figure"], target["key"]
        rows.append({**target, "planted": settings.get(name), "found": found.get(name)})
        rows[-1]["within"] = verdict(target, found.get(name))
    table = pd.DataFrame(rows)[list(COLUMNS)]
    return table.assign(**{name: table[name].astype("float64").round(3) for name in ("planted", "found")})


def report_lines(table: pd.DataFrame) -> str:
    """Write a report as lines of text: figure, target, tolerance, what was found, and whether it is within.

    Parameters
    ----------
    table
        As :func:`calibration_report` gives it.

    Returns
    -------
    str
        A line a figure under a line of headings, and last the counts within, outside and without a tolerance.
    """

    def shown(value):
        return "-" if pd.isna(value) else f"{value:,.6g}"

    lines = [f"{'figure':58} {'target':>9} {'+/-':>7} {'found':>9}  within"]
    for row in table.itertuples():
        name = f"{row.figure} {row.key}".strip()
        lines.append(
            f"{name:58} {shown(row.target):>9} {shown(row.tolerance):>7} {shown(row.found):>9}  {row.within or '-'}"
        )
    counts = table["within"].value_counts()
    lines.append(
        f"within tolerance: {counts.get('yes', 0)}; outside: {counts.get('no', 0)}; without one: {counts.get('', 0)}"
    )
    return "\n".join(lines)


def planted(theme: str) -> dict:
    """Read off a theme's settings what was planted, where a figure is set: (figure, key) -> number."""
    tables = bank.load(theme).theme
    kinds, threads, stance = SHARES["kind"], SHARES["threads"], tables["stance"]

    def shares(*names, part):
        return sum(stance[name][part] for name in names) / 10

    found = {("kind", "reply"): kinds[1] / 10, ("kind", "quote"): kinds[2] / 10}
    found["reposts for each original", ""] = PER_ORIGINAL / 100
    elsewhere = dict(zip(PLATFORMS, SHARES["platform"], strict=True))
    found |= {("platform", p): kinds[0] * elsewhere[p] / 10_000 for p in ("instagram", "facebook")}
    found["threads", "replies_within_conversations"] = kinds[1] / 10
    found["threads", "replies_in_largest_conversation"] = threads["call"] / 10
    found["disclosures on 16 October", ""] = shares("bare", "detail", part=0)
    found["support on 16 October", ""] = shares("support", "support_men", part=0)
    found["behaviour called out on 16 October", ""] = shares("action", "accusation", part=0)
    found["not relevant, November", ""] = shares("humour_spam", "unrelated", part=3)
    found["opposition, November", ""] = shares("opposition", part=3)
    found["allegations, November", ""] = shares("accusation", part=3)
    found["odds of detail for each disclosure seen", ""] = SHARES["odds_of_detail"][0] / SHARES["odds_of_detail"][1]
    found |= {("deleted later", name): float(tables["deleted"][name]) for name in ("detail", "news")}
    known = {name: tables["language"][name] for name in languages(bank.load(theme))}
    totals = [sum(row[part] for row in known.values()) for part in range(4)]
    for name, row in known.items():
        found["language", name] = sum(w * n / total for w, n, total in zip(PART_WEIGHTS, row, totals, strict=True))
    return found | planted_over_time() | planted_marks(tables, found) | planted_stories(tables)


def planted_over_time() -> dict:
    """Read off the weights of the real curve: (figure, key) -> number."""
    weights = real_weights(31)
    before = weights[: CALL // HOUR].sum() + weights[CALL // HOUR] * (CALL % HOUR) / HOUR
    return measure.curve_targets() | {("posts before the call", ""): 100 * float(before / weights.sum())}


def planted_marks(tables: dict, found: dict) -> dict:
    """Read off tags, mentions, links, automated and deleted posts, as far as they are set: (figure, key) -> number."""
    reply, quote = found["kind", "reply"] / 100, found["kind", "quote"] / 100
    gallery, wordless = found["platform", "instagram"] / 100, found["language", "und"] / 100
    words = {n: sum(w * k for w, k in zip(PART_WEIGHTS, row, strict=True)) / 1e5 for n, row in tables["stance"].items()}
    untold, linked = tables["untold"], tables["untold"]["share_with_link"] / 100
    every = {
        name: (1 - wordless) * words[name]
        + wordless * (linked * untold["with_link"].get(name, 0) + (1 - linked) * untold["tag_only"].get(name, 0)) / 100
        for name in words
    }
    link = wordless * linked + (1 - wordless) * sum(words[name] * tables["link"][name] for name in words) / 100
    mention = reply * SHARES["mention_in_reply"] + (1 - reply) * SHARES["mention_elsewhere"]
    planted = {("text", "with_link"): 100 * (quote + (1 - quote) * link), ("text", "with_mention"): mention / 10}
    for name, least, most in (("no", 0, 0), ("one", 1, 1), ("two", 2, 2), ("three_or_more", 3, 99)):
        plain, many = (sum(least <= n <= most for n in tags) / len(tags) for tags in (TAGS, GALLERY_TAGS))
        key = f"{name}_hashtag{'s' * (least > 1)}"
        planted["text", key] = 100 * ((1 - gallery) * plain + gallery * many)
    planted["automated", ""] = (1 - reply - quote) * sum(
        every[name] * share / 10 for name, share in SHARES["bots"].items()
    )
    planted["deleted later", ""] = sum(every[name] * percent for name, percent in tables["deleted"].items())
    return planted


def planted_stories(tables: dict) -> dict:
    """Read off what the detailed disclosures tell: (figure, key) -> number."""
    total = sum(tables["topic"].values())
    place = mixed({name: n / total for name, n in tables["topic"].items()}, tables["place"])
    act, grown = mixed(place, tables["act"]), tables.get("grown", {"places": []})["places"]
    young = {name: share for name, share in place.items() if name not in grown}
    return {
        ("sexual assault among detailed disclosures", ""): 100 * (act.get("assault", 0) + act.get("rape", 0)),
        ("childhood among detailed disclosures", ""): 100
        * mixed(mixed(young, tables["person"]), tables["life"])["child"],
    }


def mixed(shares: dict, table: dict) -> dict:
    """Mix the rows of one of a theme's tables by shares: code -> share."""
    found = dict.fromkeys(table["codes"], 0.0)
    for name, share in shares.items():
        row = table[name] if name in table else table["other"]
        for code, weight in zip(table["codes"], row, strict=True):
            found[code] += share * weight / sum(row)
    return found


def figures(posts: pd.DataFrame, truth: pd.DataFrame, seed: int, theme: str) -> dict:
    """Measure everything that has a target, with arguments as for :func:`compare`: (figure, key) -> number."""
    rows = (posts["kind"] != "repost").to_numpy()
    authored, told = posts[rows].reset_index(drop=True), truth[rows].reset_index(drop=True)
    large = plan_posts(OWN_SIZE, seed, bank.load(theme), days=31, curve=Curve())
    labels = label.annotate(posts, truth, seed=seed)
    found = measure.curve(authored) | measure.kinds(posts, authored) | measure.stances(authored, told)
    found |= measure.texts(authored["text"]) | measure.people(large)
    found |= {("agreement of the annotators", name): label.agreement(labels, name) for name in label.ANSWERS}
    found["odds of detail for each disclosure seen", ""] = trial.odds_of_detail(posts, truth)
    found["F1 of TF-IDF + logistic regression", "detail"] = trial.disclosures_found(posts, truth)
    both = trial.disclosures_found(posts, truth, stances=("bare", "detail"))
    found["F1 of TF-IDF + logistic regression", "bare or detail"] = both
    found["AMI of TF-IDF + NMF", ""] = trial.topics_found(posts, truth, seed)
    found["VADER exactly 0", ""] = measure.silent(authored.loc[authored["lang"] == "en", "text"])
    return found


def targets() -> list:
    """Read the targets: those of ``targets.csv``, and those that follow from the published counts over time."""
    with (files("analysis.synthetic") / "targets.csv").open(encoding="utf-8") as lines:
        given = [{name: number(text, name) for name, text in row.items()} for row in csv.DictReader(lines)]
    rows, counted = [], measure.curve_targets()
    for row in given:
        if row["key"] != "each":
            rows.append(row)
            continue
        for key in [key for figure, key in counted if figure == row["figure"]]:
            target, chance = round(counted[row["figure"], key], 3), CHANCE.get(row["figure"])
            within = min(row["tolerance"], round(3.5 * chance * target**0.5, 3)) if chance else row["tolerance"]
            rows.append(row | {"key": key, "target": target, "tolerance": within})
    return rows


def number(text: str, column: str):
    """Read a field of ``targets.csv``: a number or nothing under target and tolerance, else the text."""
    if column not in ("target", "tolerance"):
        return text
    return float(text) if text else None


def verdict(target: dict, value: float | None) -> str:
    """Say whether a value is within its tolerance ("yes" or "no"); nothing where no tolerance is set.

    Where the unit begins with "at least", "above" or "at most", the target is a bound, and the tolerance widens it.
    """
    if target["target"] is None or target["tolerance"] is None or value is None:
        return ""
    over = value - target["target"]
    bounds = {
        "at least": over >= -target["tolerance"],
        "above": over > -target["tolerance"],
        "at most": over <= target["tolerance"],
    }
    return "yes" if bounds.get(target["unit"].split(",")[0], abs(over) <= target["tolerance"] + 1e-9) else "no"
