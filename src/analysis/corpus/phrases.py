"""The phrase bank: text files that a reader can open and extend, filled in to make posts."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def bank(name: str) -> dict:
    """Read one file of the phrase bank, such as ``bank("slots")``."""
    return tomllib.loads((files("analysis.corpus") / "phrases" / f"{name}.toml").read_text(encoding="utf-8"))


class Pen:
    """Writes texts; every choice comes from one stream of integer draws.

    Parameters
    ----------
    rng
        A numpy Generator.
    """

    def __init__(self, rng):
        self.rng = rng
        self.slots = bank("slots")

    def chance(self, percent: float) -> bool:
        """Return True in so many of a hundred draws."""
        return int(self.rng.integers(1000)) < percent * 10

    def pick(self, choices):
        """Choose one of a list, or one key of a table, all alike."""
        choices = list(choices)
        return choices[int(self.rng.integers(len(choices)))]

    def fill(self, sentence: str, act: str, place: str, person: str) -> str:
        """Put words into the slots of a sentence."""
        words = {form: self.pick(self.slots["act"][act][form]) for form in ("did", "was", "noun")}
        words |= {"place": self.pick(self.slots["place"][place]), "person": self.pick(self.slots["person"][person])}
        words |= {"when": self.pick(self.slots["when"]["any"]), "firm": self.pick(self.slots["name"]["firm"])}
        return sentence.format(**words, name=self.pick(self.slots["name"]["person"]))

    def dress(self, body: str, tag: str, *, link: float, emoji: float = 6, extra: float = 24) -> str:
        """Add the tag, and by chance (in percent) a link, an emoji, more tags, capitals or an exclamation mark."""
        body = body if self.chance(35) else body[:1].upper() + body[1:]
        if body and self.chance(2):
            body = body.upper()
        if body[-1:].isalpha() and self.chance(45):
            body += "!" if self.chance(18) else "."
        parts = [tag, body] if self.chance(30) else [body, tag]
        parts += [self.pick(self.slots["emoji"]["any"])] * self.chance(emoji)
        parts += [self.pick(self.slots["tag"]["extra"])] * self.chance(extra)
        parts += [f"https://link.example/{int(self.rng.integers(10**7)):07d}"] * self.chance(link)
        return " ".join(part for part in parts if part)
