"""Bring what annotators said of posts to one row a post, whichever of its records they said it of."""

from __future__ import annotations

from collections import Counter


def merged(ids: list[str], labels: list[dict]) -> tuple[list[str], list[dict], Counter]:
    """Join the labels of a post that came in several records.

    Parameters
    ----------
    ids : list of str
        Posts, perhaps several times: of duplicates the posts table keeps one, and what was said holds for that one.
    labels : list of dict
        What was said of each.

    Returns
    -------
    ids : list of str
        Each once, in the order of their first record.
    labels : list of dict
        What any record says and none contradicts. Where two records of a post differ in a label nobody can tell which
        one is right, so that the label is missing, whatever their order.
    noticed : Counter
        How many posts came with several records of labels, and how many labels contradicted one another.

    Examples
    --------
    >>> said = [{"Support": "1", "Oppose": "0"}, {"Support": "0"}, {"Support": "0", "Sarcasm": "1"}]
    >>> merged(["1", "2", "1"], said)[1]
    [{'Support': None, 'Oppose': '0', 'Sarcasm': '1'}, {'Support': '0'}]
    """
    found, several, contradicted = {}, set(), set()
    for name, said in zip(ids, labels, strict=True):
        if name not in found:
            found[name] = dict(said)
            continue
        several.add(name)
        known = found[name]
        contradicted |= {(name, label) for label, value in said.items() if known.get(label, value) != value}
        known |= {label: value for label, value in said.items() if label not in known}
    for name, label in contradicted:
        found[name][label] = None
    noticed = Counter()
    noticed["posts with labels in several records, which were joined"] = len(several)
    noticed["labels that contradict each other, left out"] = len(contradicted)
    return list(found), list(found.values()), +noticed
