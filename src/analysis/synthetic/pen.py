"""Write the posts: sentences from the phrase bank, filled in and dressed as people type."""

import re

from analysis.synthetic.bank import Bank, wheel
from analysis.synthetic.plan import STANCES

SLOTS = {"person": "person_named", "place": "place_named", "when": "life_named", "age": "life_named"}
ACTS = ("did", "did_her", "was", "noun", "ing")
STORY = (("told", 22), ("often", 14))  # per cent of the stories that say so
AGAIN = 30  # how often a story that belongs to another time of life than the planted one is written anew


class Pen:
    """Writes one theme's posts.

    Parameters
    ----------
    bank
        The phrases.
    """

    def __init__(self, bank: Bank):
        self.bank, self.theme = bank, bank.theme
        theme = bank.theme
        self.codes = {"place": theme["place"]["codes"], "act": theme["act"]["codes"]}
        self.codes |= {"person": theme["person"]["codes"], "life": theme["life"]["codes"]}
        self.codes |= {"told": theme["told"]["codes"], "often": theme["often"]["codes"]}
        self.topics = list(theme["topic"])
        self.tables = {
            name: [wheel(words[code], 2) for code in self.codes[codes]]
            for name, codes in (("person", "person"), ("place", "place"), ("when", "life"), ("age", "life"))
            for words in [bank.slots[name]]
        }
        acts = self.codes["act"] + ["child"] * ("child" in theme)
        self.tables |= {name: [wheel(bank.slots[name][code]) for code in acts] for name in ACTS}
        self.wheels = {
            place: {
                part: wheel(families, first=2 if place[0] == "bare" else 4)
                for part, families in parts.items()
                if families
            }
            for place, parts in bank.families.items()
        }
        lives, unfit = self.codes["life"], theme.get("unfit", {})
        self.unfit = {
            lives.index(life): re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for life, words in unfit.items()
        }
        self.language = {
            lang: {stance: wheel(families) for stance, families in told.items() if stance != "tags"}
            for lang, told in bank.languages.items()
        }

    def fill(self, pieces: tuple, post: dict, draw) -> str:
        """Choose among the alternatives of one variant and fill its slots.

        Parameters
        ----------
        pieces
            As :func:`analysis.synthetic.bank.parse` cuts them.
        post
            The plan of the post.
        draw
            Called with a number, returns a draw below it.
        """
        written = []
        for piece in pieces:
            if isinstance(piece, list):
                written.append(piece[draw(len(piece))])
            elif isinstance(piece, tuple):
                written.append(self.fill(piece[draw(len(piece))], post, draw))
            elif piece[:1] == "{":
                name = piece[1:-1]
                column = SLOTS.get(name, "act_named")
                words = self.tables[name][post[column]]
                word = words[draw(len(words))]
                # One person does it, however often the post says so.
                written.append(post.setdefault("who", word) if name == "person" else word)
            else:
                written.append(piece)
        return "".join(written)

    def family(self, post: dict, draw) -> tuple[str, list, int]:
        """Choose a family for the post: its name, its variants, and which of them the first sentence is from."""
        stance = STANCES[post["stance"]]
        if post["lang"] != "en":
            told = self.language[post["lang"]]
            families = told.get(stance) or told["support"]
            place = post["lang"]
        else:
            topic = self.topics[post["topic"]] if post["topic"] >= 0 else ""
            parts = self.wheels[stance, topic]
            hard = "hard" in parts and draw(1000) < self.theme["hard"][stance]
            families, place = parts["hard" if hard else "families"], topic or stance
        name, variants = families[draw(len(families))]
        return f"{place}/{name}", variants, draw(len(variants))

    def second(self, variants: list, first: int, post: dict, draw) -> str:
        """Write another sentence for a disclosure with detail, or none.

        It is another variant of the same family, so that a split by family parts all wordings, or one of the shared
        sentences about another topic.
        """
        mixed = self.theme["mixed"]
        lot = draw(1000)
        if lot < mixed["same"] and len(variants) > 1:
            other = (first + 1 + draw(len(variants) - 1)) % len(variants)
            return self.fill(variants[other], post, draw)
        about = f"about-{self.topics[draw(len(self.topics))]}"
        if mixed["same"] <= lot < mixed["same"] + mixed["other"] and about in self.bank.parts:
            return self.part(about, post, draw)
        return ""

    def part(self, name: str, post: dict, draw) -> str:
        """Write one of the shared sentences of ``parts.toml``."""
        variants = self.bank.parts[name]
        return self.fill(variants[draw(len(variants))], post, draw)

    def sentences(self, post: dict, draw) -> tuple[str, list, int]:
        """Write the sentences of a post; a story fits the time of life that is planted in it.

        Returns
        -------
        family : str
            Where the telling sentence is from; in English no other sentence is from another family.
        sentences : list of str
        telling : int
            Position of the sentence that tells.
        """
        unfit = self.unfit.get(post["life_named"]) if post["topic"] >= 0 else None
        for _ in range(AGAIN):
            found = self.attempt(dict(post), draw)
            if unfit is None or not unfit.search(" ".join(found[1])):
                break
        return found

    def attempt(self, post: dict, draw) -> tuple[str, list, int]:
        """Write the sentences of a post once, whatever time of life they fit."""
        family, variants, first = self.family(post, draw)
        core = self.fill(variants[first], post, draw)
        written = [core]
        if post["stance"] == 0:
            aside = post["lang"] == "en" and draw(100) < self.theme["tail"]["bare"]
            return family, written + [self.part("long", post, draw)] * aside, 0
        if post["lang"] != "en":
            if draw(100) < self.theme["tail"]["elsewhere"]:
                _, variants, which = self.family(post, draw)
                written.append(self.fill(variants[which], post, draw))
            return family, written, 0
        if post["topic"] >= 0:
            if draw(100) < self.theme["tail"]["where"]:
                written.insert(0, self.part("where", post, draw))
            about = f"about-{self.topics[post['topic']]}"
            if about in self.bank.parts and draw(100) < self.theme["tail"]["about"]:
                written.append(self.part(about, post, draw))
            written.append(self.second(variants, first, post, draw))
            for name, percent in STORY:
                code = self.codes[name][post[name]].replace("_", "-")
                if draw(100) < percent and code in self.bank.parts:
                    written.append(self.part(code, post, draw))
        written += [self.part(name, post, draw) for name in ("long", "tail") if draw(100) < self.theme["tail"][name]]
        if draw(100) < self.theme["tail"]["question"]:
            written.append(self.part("question", post, draw))
        if draw(100) < self.theme["tail"]["opener"]:
            written.insert(0, self.part("opener", post, draw))
        return family, [sentence for sentence in written if sentence], written.index(core)
