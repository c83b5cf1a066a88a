"""What is planted in time can be found again, and draws are even."""

import numpy as np
import pandas as pd
import pytest

from analysis.schema import InputError
from analysis.synthetic import Curve, invent
from analysis.synthetic.clock import CALL, HOUR, times


def test_a_planted_growth_rate_and_half_life_can_be_found_again():
    hours = np.bincount(times(40_000, 1, Curve(growth=0.9, climb=8), 31)[0] // HOUR)[23:28]
    assert np.polyfit(np.arange(5), np.log(hours), 1)[0] == pytest.approx(0.9, abs=0.05)
    after = times(40_000, 1, Curve(half_life=12.0, climb=2), 31)[0] - CALL - 2 * HOUR
    assert np.median(after[after >= 0]) / HOUR == pytest.approx(12, abs=0.4)


def test_posts_that_spark_posts_are_recorded():
    posts, truth = invent(posts=5_000, seed=1, curve=Curve(branching=0.6, growth=0.5))
    place = pd.Series(range(len(posts)), index=posts["post_id"])
    sparked = truth[(truth["sparked_by"] != "none") & (posts["kind"] != "repost")]
    assert len(sparked) / 5_000 == pytest.approx(0.6, abs=0.06)
    assert (place[sparked["sparked_by"]].to_numpy() < place[sparked["post_id"]].to_numpy()).all()
    assert truth.attrs["planted"]["branching"] == 0.6


def test_a_longer_span_has_later_bursts():
    posts, truth = invent(posts=10_000, seed=1, days=90)
    assert truth.attrs["planted"]["bursts"] > 1
    days = posts["created_at"].dt.strftime("%Y-%m-%d").value_counts()
    assert days["2018-01-08"] > 3 * days["2018-01-02"]
    assert days["2017-12-06"] > 3 * days["2017-12-02"]


@pytest.mark.parametrize(
    "arguments",
    [{"branching": 1.0}, {"decay": 1.0, "half_life": 2.0}, {"growth": float("nan")}, {"climb": "six"}, {"memory": 1e9}],
)
def test_impossible_curves_are_refused(arguments):
    with pytest.raises(InputError, match=r"has to be|give one"):
        Curve(**arguments)
