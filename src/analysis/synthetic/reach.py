"""How far posts got: likes, counts of reposts, and the reposts themselves."""

import numpy as np

from analysis.synthetic.draws import below, chosen
from analysis.synthetic.threads import delay

# Counts fall about as 1 / rank. Rows: the share of posts (1 in so many) from which on the figure holds, then
# likes * share and reposts * share in thousandths, read off the quantiles of shape.csv's crawl (see targets.csv).
KNOTS = np.array(
    [
        [1, 560, 120],
        [2, 580, 180],
        [5, 640, 225],
        [10, 680, 280],
        [30, 885, 343],
        [100, 1_000, 370],
        [300, 1_245, 395],
        [1_000, 1_400, 470],
        [10_000, 1_700, 600],
        [80_000, 1_900, 690],
    ]
)
WAVE = 36 * 3_600_000  # how long the call is reposted, in milliseconds
MOST = 80_000  # one in so many is the rarest that is drawn


def counts(column: int, seed: int, name: str, index: np.ndarray) -> np.ndarray:
    """Draw heavy-tailed counts, one for each index: `column` of `KNOTS` is 1 for likes, 2 for reposts."""
    draw = below(2**30, seed, name, index) + 1  # share of posts that are above, in units of 2**-30
    draw = np.maximum(draw, 2**30 // MOST)
    knot = np.searchsorted(KNOTS[:, 0], 2**30 // draw, side="right") - 1
    return KNOTS[knot, column] * 2**30 // draw // 1_000


def reposts(
    time: np.ndarray, popular: np.ndarray, wanted: int, end: int, call: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw reposts: of which post (in proportion to `popular`), and when. Times are in milliseconds.

    A post is reposted soon after it was written (a delay that reaches beyond `end` starts again from the post); the
    call itself while others answer it, within its first 36 hours. (Over 17,000 of the call's reposts came within its
    first day, some 5,000 more in the half day that followed.)
    """
    index = np.arange(wanted)
    source = chosen(popular, seed, "which post is reposted", index)
    room = np.maximum(end - time[source] - 1, 1)
    when = time[source] + 1 + (delay(seed, "repost", index) - 1) % room
    wave = time[(time > call) & (time < call + WAVE)]
    if wave.size:
        found = np.sort(wave)[below(wave.size, seed, "repost of the call", index)] + below(60_000, seed, "then", index)
        when = np.where(time[source] == call, np.minimum(found, end - 1), when)
    return source, when
