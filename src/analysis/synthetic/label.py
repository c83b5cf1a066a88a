"""Two simulated annotators, who disagree as real ones do."""

import krippendorff
import numpy as np
import pandas as pd

from analysis.synthetic.draws import bits, chosen_by

# What an annotator answers where the truth is the row, per mille. Published: Krippendorff's alpha from 0.78 to 0.92
# (Gautam et al. 2020); the confusions themselves are an assumption.
ANSWERS = {
    "disclosure": {"bare": (955, 10, 35), "detail": (15, 925, 60), "none": (12, 20, 968)},
    "stance": {"support": (930, 8, 62), "opposition": (6, 930, 64), "neither": (14, 8, 978)},
    "relevant": {"yes": (985, 15), "no": (58, 942)},
}
ANNOTATORS = ("A", "B")


def asked(stance: pd.Series) -> pd.DataFrame:
    """Say what the right answers to the annotators' three questions are, from the planted stances."""
    side = {"support": "support", "support_men": "support", "opposition": "opposition", "doubt": "opposition"}
    return pd.DataFrame(
        {
            "disclosure": stance.where(stance.isin(["bare", "detail"]), "none"),
            "stance": stance.map(side).fillna("neither"),
            "relevant": np.where(stance.isin(["humour_spam", "unrelated"]), "no", "yes"),
        }
    )


def annotate(posts: pd.DataFrame, truth: pd.DataFrame, size: int = 1_500, seed: int = 1) -> pd.DataFrame:
    """Let two annotators label a random sample of the authored English posts.

    Parameters
    ----------
    posts, truth
        As :func:`analysis.synthetic.invent` gives them.
    size
        Posts in the sample (all, if there are fewer).
    seed
        Seed of the sample and of the annotators' slips.

    Returns
    -------
    DataFrame
        Two rows a post: post_id, annotator ("A" or "B"), disclosure, stance, relevant. By post, then annotator.
    """
    rows = np.flatnonzero(((posts["kind"] != "repost") & (posts["lang"] == "en")).to_numpy())
    rows = np.sort(rows[np.argsort(bits(seed, "annotated", rows), kind="stable")[:size]])
    right = asked(truth["stance"].iloc[rows].reset_index(drop=True))
    tables = []
    for annotator in ANNOTATORS:
        table = {"post_id": posts["post_id"].iloc[rows].to_numpy(), "annotator": annotator}
        for question, answers in ANSWERS.items():
            names = np.array(list(answers))
            row = pd.Index(names).get_indexer(right[question])
            table[question] = names[chosen_by(list(answers.values()), row, seed, f"{question} {annotator}", rows)]
        tables.append(pd.DataFrame(table))
    return pd.concat(tables).sort_values(["post_id", "annotator"], kind="stable").reset_index(drop=True)


def agreement(labels: pd.DataFrame, question: str) -> float:
    """Compute Krippendorff's alpha of the two annotators for one question (nominal, no answer missing).

    1 where both always agree, 0 where no more than by chance. Krippendorff 2004, Content Analysis, 2nd edition, chapter
    11.

    Examples
    --------
    >>> four = pd.DataFrame({"post_id": list("11223344"), "annotator": list("ABABABAB"), "q": list("yyyynnyn")})
    >>> round(agreement(four, "q"), 3)
    0.533
    """
    by_post = labels.sort_values("post_id", kind="stable")
    answers = [by_post.loc[by_post["annotator"] == name, question].to_numpy().astype("U") for name in ANNOTATORS]
    return float(krippendorff.alpha(reliability_data=answers, level_of_measurement="nominal"))
