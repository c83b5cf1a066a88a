"""Of a file seeded with handles, links, addresses, numbers, ids and a name, no result of a run holds any."""

import json
import random
import re

import pytest

from analysis.workshop.runs import run

FIRST = 919659437487030272
SAID = (
    "My boss would not stop staring at me at work",
    "me too.",
    "I believe all of you, so brave",
    "nobody on the bus said a word",
)
#: What is sown holds `quorve`: no word of a language, and of no column.
SEEDED = "@quorvehandle ＠quorvewide https://quorve.example/a quorve@mail.example 5550109999 ５５５０１０９９９９"
WORDS = ["again", "never", "power", "stories"]
#: Said often, by nine people: that is what a name looks like, and nine are no crowd.
RARE = ("quillonbury", "#quillonburyhall")
SEEDS = r"quorve|quillonbury|5550109999|５５５０１０|9\d{17}|[\w.]+@[\w.]+\.example"


def invented(text):
    """Whether it is an id of worker number 0: a lesson shows such ones of its own making."""
    return bool(re.fullmatch(r"9\d{17}", text)) and int(text) >> 12 & 1023 == 0


@pytest.mark.lane(1)
def test_nothing_that_leads_to_a_person_is_left_in_any_result(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    rng = random.Random(1)
    path = tmp_path / "archive.jsonl"
    with path.open("w") as stream:
        for number in range(900):
            # A worker number that is not 0: these ids pass for real ones.
            post_id = str(FIRST + (number * 60_000 << 22) + (17 << 12))
            text = f"{rng.choice(SAID)} #MeToo {SEEDED} @quorve_{number % 3} {' '.join(rng.choices(WORDS, k=4))}"
            if number % 300 < 9:
                text = " ".join([*RARE, text, *rng.choices(RARE, k=3)])
            user = {"id_str": str(9_000_000 + number % 300), "screen_name": "quorvename", "description": "quorvebio"}
            tweet = {
                "created_at": "Sun Oct 15 20:21:11 +0000 2017",
                "id_str": post_id,
                "user": {**user, "name": "quorvedisplay"},
            }
            stream.write(json.dumps({**tweet, "full_text": text, "lang": "en", "retweet_count": number % 7}) + "\n")
    manifest = run(path, out=tmp_path / "results")
    states = {lesson["name"]: lesson["state"] for lesson in manifest["lessons"]}
    assert "failed" not in states.values()
    assert list(states.values()).count("done") >= 4
    kept = [
        file
        for file in (tmp_path / "results").rglob("*")
        if file.suffix in (".html", ".csv", ".json", ".ipynb", ".svg")
    ]
    assert len(kept) > 10
    for file in kept:
        # Pictures within pages are letters too; they are no text.
        shown = re.sub(r'data:image/[^"\')]*|"image/png": "[^"]*"', "", file.read_text("utf-8"))
        shown = re.sub(r'"(?:sha256|key)": "[^"]*"|[0-9a-f]{40,}|\d+\.\d+', "", shown)
        found = [match[0] for match in re.finditer(SEEDS, shown, re.IGNORECASE) if not invented(match[0])]
        assert not found, (file, found)
    assert not (tmp_path / "config").exists()
