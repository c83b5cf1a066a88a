"""A map: where topics lie to each other, and between which of them their posts lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.privacy import MIN_PEOPLE, hide_small_groups
from analysis.text import present_texts
from analysis.topics.bags import bag
from analysis.topics.model import NONE, Topics

_COLUMNS = ["what", "topic", "x", "y", "posts", "width", "held"]


def layout(
    topics: Topics,
    texts: Sequence[str],
    author: pd.Series | None = None,
    *,
    across: int | None = None,
    k: int = MIN_PEOPLE,
) -> pd.DataFrame:
    """Lay out topics and posts on a plane, the posts gathered in hexagons.

    Parameters
    ----------
    topics : Topics
        Two or more.
    texts : Series or other sequence of str
        The posts; need not be those of the fit.
    author : Series of str, optional
        Who wrote each, in the same order. Without it, or where it is missing, posts count as one person's together.
    across : int, optional
        How many hexagons the map is wide; by default 8 to 40, the more the more posts there are.
    k : int
        A hexagon with the posts of fewer people, or that would give such a one away, is left out, see
        :func:`analysis.privacy.hide_small_groups`. Only for invented posts should it be 0.

    Returns
    -------
    DataFrame
        First a row a topic (``what`` is "topic"), ``x`` and ``y`` its place; then a row a hexagon ("hexagon"), ``x``
        and ``y`` its middle, ``topic`` the one to which most of its posts belong ("none" among them; the earlier where
        two have as many); at last, if there are any, those that are not drawn ("left out": posts in hexagons of too few
        people; "wordless": posts with no word that counts), without a place. ``posts`` (Int64; missing where fewer than
        `k` people wrote them), ``width`` of a hexagon from flat to flat, and ``held``, the same in every row: the share
        of the topics' variance that the plane holds, 0 to 1.

    Notes
    -----
    Topics are placed by classical scaling (Torgerson 1952, *Psychometrika* 17, 401; Gower 1966, *Biometrika* 53, 325)
    of the Hellinger distances between the shares that words have in them, all topics weighing the same: of all planes,
    this one keeps the most of those distances. A word lies at the mean of the topics, each weighed by how often it has
    the word; a post lies at the mean of its words, the rare ones weighing more. So posts in the middle speak for no
    topic. The topic farthest out lies to the right, and of the second axis, on top. Gathering points in hexagons: Carr
    et al. (1987), *J. Am. Stat. Assoc.* 82, 424.
    """
    if len(topics.names) < 2:
        raise ValueError("one topic makes no map: find two or more")
    if across is not None and across < 1:
        raise ValueError(f"across is {across}; a map is at least one hexagon wide")
    if author is not None and len(author) != len(texts):
        raise ValueError(f"there are {len(texts)} texts and {len(author)} authors: each text needs its own")
    given = present_texts(texts)
    counted = bag(list(given.values()))
    places, held = _scaled(_roots(topics))
    rows, idf = topics.known.rows(counted), topics.known.idf
    inside = topics.counts / np.maximum(topics.sizes, 1)[:, None]
    of_word = (inside / np.maximum(inside.sum(axis=0), 1e-12)).T @ places
    weight = rows @ idf
    placed = weight > 0
    points = (rows @ (idf[:, None] * of_word))[placed] / weight[placed, None]
    posts = pd.DataFrame(topics.assign(texts)["topic"].dropna().to_numpy(), columns=["topic"])
    who = pd.Series("", index=range(len(texts))) if author is None else pd.Series(np.asarray(author, dtype=object))
    posts["who"] = who.fillna("").astype("str").iloc[list(given)].to_numpy()
    every = np.vstack([places, points]).round(9)
    across = int(np.clip(np.sqrt(len(points)) / 2.5, 8, 40)) if across is None else across
    width = max(float(np.ptp(every[:, 0])), float(np.ptp(every[:, 1])), 1e-9) / across
    shown, left_out = _hexagons(posts[placed], points.round(9), width, topics.names, k)
    marks = pd.DataFrame({"what": "topic", "topic": topics.names, "x": places[:, 0], "y": places[:, 1]})
    people = posts.groupby("topic")["who"].nunique().reindex(topics.names, fill_value=0)
    marks["posts"] = hide_small_groups(people, k).to_numpy()
    marks["posts"] = marks["posts"].mask(marks["posts"].notna(), marks["topic"].map(posts["topic"].value_counts()))
    rest = [_rest("left out", left_out, k), _rest("wordless", posts[~placed], k)]
    table = pd.concat([marks, shown, *rest], ignore_index=True).assign(width=width, held=held)
    kinds = {"what": "str", "topic": "str", "posts": "Int64"} | dict.fromkeys(("x", "y", "width", "held"), "float64")
    return table.astype(kinds)[_COLUMNS]


def _roots(topics):
    """Give each topic as a row of length 1: the roots of the shares that words have in it."""
    return np.sqrt(topics.counts / np.maximum(topics.counts.sum(axis=1, keepdims=True), 1e-12))


def _scaled(roots):
    """Give the places of topics on the plane that holds most of their variance, and how much that is."""
    middle = roots - roots.mean(axis=0)
    values, vectors = np.linalg.eigh((middle @ middle.T).round(12))
    values, vectors = np.maximum(values[::-1][:2], 0), vectors[:, ::-1][:, :2]
    places = vectors * np.sqrt(values)
    far = places[np.abs(places).round(9).argmax(axis=0), np.arange(places.shape[1])]
    total = float((middle**2).sum())
    return (places * np.where(far < 0, -1, 1)).round(9), float(values.sum() / total) if total > 0 else 1.0


def _hexagons(posts, points, width, names, k):
    """Gather posts in hexagons: a row for each that may be shown, and the posts of the others."""
    rise = width * np.sqrt(3) / 2
    grid = np.stack([np.round(points / (width, 2 * rise)), np.floor(points / (width, 2 * rise)) + 0.5])
    gap = ((points - grid * (width, 2 * rise)) ** 2).sum(axis=2).round(12)
    cell = np.where((gap[0] <= gap[1])[:, None], grid[0], grid[1]) * 2
    cells, which = np.unique(cell.astype(np.int64), axis=0, return_inverse=True)
    posts = posts.assign(cell=which.ravel())
    people = posts.groupby("cell")["who"].nunique()
    kept = hide_small_groups(people, k).notna()
    order = pd.Categorical(posts["topic"], [*names, NONE])
    main = pd.crosstab(posts["cell"], order, dropna=False).idxmax(axis=1)
    middle = cells / 2 * (width, 2 * rise)
    table = pd.DataFrame({"topic": main.astype("str"), "x": middle[:, 0], "y": middle[:, 1]})
    table = table.assign(what="hexagon", posts=posts.groupby("cell").size())[kept.to_numpy(bool)]
    return table, posts[~kept.reindex(posts["cell"]).to_numpy(bool)]


def _rest(what, posts, k):
    """Give the row of posts that have no place."""
    if posts.empty:
        return pd.DataFrame()
    many = len(posts) if posts["who"].nunique() >= k else pd.NA
    return pd.DataFrame({"what": [what], "posts": pd.array([many], dtype="Int64")})
