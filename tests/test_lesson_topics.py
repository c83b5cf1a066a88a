"""The topics lesson shows as typical of a topic only posts that were planted as disclosures, around one subject."""

import json

from analysis.disclosure import OWN
from analysis.posts import load_truth
from analysis.schema import find_root

#: The cells that lead to the typical posts, without the search for a number of topics.
CELLS = ["topics-03", "topics-05", "topics-11", "topics-13", "topics-23", "topics-24b", "topics-24d", "topics-25"]
CELLS += ["topics-27b", "topics-typical"]


def test_the_typical_posts_of_the_sample_are_disclosures_around_one_subject_each():
    notebook = json.loads((find_root() / "notebooks" / "07-topics.ipynb").read_text(encoding="utf-8"))
    source = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    names = {"number": 10}
    for cell in CELLS:
        exec(compile(source[cell], cell, "exec"), names)
    typical = names["typical"].merge(load_truth(), on="post_id", suffixes=("", "_planted"), validate="one_to_one")
    assert len(typical) == 20
    assert typical["stance"].isin(OWN).all()
    assert typical.groupby("topic")["topic_planted"].nunique().eq(1).all()
    planted = names["sample"].loc[names["sample"]["stance"].isin(OWN), "post_id"]
    assert not names["ours"]["post_id"].isin(planted).all()  # the finder errs: there was something to leave out
