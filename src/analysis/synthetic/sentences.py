"""Write the sentences of a post from the phrase bank: one thought, and what may follow it."""

import re

from analysis.synthetic.bank import Bank, wheel
from analysis.synthetic.plan import STANCES

SLOTS = {"person": "person_named", "place": "place_named", "when": "life_named", "age": "life_named"}
ACTS = ("did", "did_her", "was", "noun", "ing")
SAID_PERCENT = (("told", 22), ("often", 14))  # of the stories, so many say so
MOST_ATTEMPTS = 30  # for a story that does not go with what is planted


def names_act(pieces: tuple) -> bool:
    """Tell whether a variant, as :func:`analysis.synthetic.bank.parse` cuts it, has a slot for an act."""
    return any(
        names_act(piece) if isinstance(piece, tuple) else piece[:1] == "{" and piece[1:-1] in ACTS
        for piece in pieces
        if not isinstance(piece, list)
    )


class SentenceWriter:
    """Writes the sentences of one theme's posts.

    Everywhere `post` is the plan of a post, and `draw`, called with a number, returns a whole number below it.
    """

    def __init__(self, bank: Bank):
        self.bank, self.theme = bank, bank.theme
        theme = bank.theme
        self.codes = {name: theme[name]["codes"] for name in ("place", "act", "person", "life", "told", "often")}
        self.topics = list(theme["topic"])
        self.words = {
            slot: [wheel(bank.slots[slot][code], 2) for code in self.codes[codes]]
            for slot, codes in (("person", "person"), ("place", "place"), ("when", "life"), ("age", "life"))
        }
        acts = self.codes["act"] + ["child"] * ("child" in theme)
        self.words |= {slot: [wheel(bank.slots[slot][code]) for code in acts] for slot in ACTS}
        self.families = {
            key: {
                section: wheel(families, first=2 if key[0] == "bare" else 4)
                for section, families in sections.items()
                if families
            }
            for key, sections in bank.families.items()
        }
        self.unfit = {
            (name, self.codes[name].index(code)): re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
            for name, codes in theme.get("unfit", {}).items()
            for code, words in codes.items()
        }
        self.families_elsewhere = {
            lang: {stance: wheel(families) for stance, families in content.items() if stance != "tags"}
            for lang, content in bank.languages.items()
        }

    def fill(self, pieces: tuple, post: dict, draw) -> str:
        """Choose among the alternatives of one variant, as ``bank.parse`` cuts it, and fill its slots."""
        written = []
        for piece in pieces:
            if isinstance(piece, list):
                written.append(piece[draw(len(piece))])
            elif isinstance(piece, tuple):
                written.append(self.fill(piece[draw(len(piece))], post, draw))
            elif piece[:1] == "{":
                slot = piece[1:-1]
                words = self.words[slot][post[SLOTS.get(slot, "act_named")]]
                word = words[draw(len(words))]
                if slot == "person":
                    word = "he" if "who" in post else word  # one person does it, however often the post says so
                    post["who"] = word
                post["act_is_named"] = post.get("act_is_named", False) or slot in ACTS
                written.append(word)
            else:
                written.append(piece)
        return "".join(written)

    def choose_family(self, post: dict, draw) -> tuple[str, list, int]:
        """Choose a family for the post: its name, its variants, and which of them the first sentence is from."""
        stance = STANCES[post["stance"]]
        if post["lang"] != "en":
            by_stance = self.families_elsewhere[post["lang"]]
            families = by_stance.get(stance) or by_stance["support"]
            file = post["lang"]
        else:
            topic = self.topics[post["topic"]] if post["topic"] >= 0 else ""
            sections = self.families[stance, topic]
            is_hard = "hard" in sections and draw(1000) < self.theme["hard"][stance]
            families, file = sections["hard" if is_hard else "families"], topic or stance
        name, variants = families[draw(len(families))]
        return f"{file}/{name}", variants, draw(len(variants))

    def shared_sentence(self, name: str, post: dict, draw) -> str:
        """Write one of the shared sentences of ``parts.toml``; none where the theme has no such list."""
        variants = self.bank.parts.get(name)
        return self.fill(variants[draw(len(variants))], post, draw) if variants else ""

    def sentences(self, post: dict, draw) -> tuple[str, list, int]:
        """Write the sentences of a post; a story goes with the time of life, person, place and telling planted in it.

        Returns
        -------
        family : str
            Where the telling sentence is from; in English no other sentence is from another family.
        sentences : list of str
        telling : int
            Position of the sentence that tells.
        """
        unfit = []
        if post["topic"] >= 0:
            planted = {"life": post["life_named"], "person": post["person_named"]}
            planted |= {"place": post["place_named"], "told": post["told"]}
            unfit = [self.unfit[code] for code in planted.items() if code in self.unfit]
        for _ in range(MOST_ATTEMPTS):
            family, written, telling = self.thought(dict(post), draw)
            text = " ".join(written)
            if not any(pattern.search(text) for pattern in unfit):
                break
        before, after = self.asides(post, draw)
        written = list(dict.fromkeys(filter(None, [*before, *written, *after])))
        return family, written, written.index(telling) if telling else 0

    def thought(self, post: dict, draw) -> tuple[str, list, str]:
        """Write the sentences that carry what a post says, once; give the family, the sentences and the telling one."""
        family, variants, first = self.choose_family(post, draw)
        telling = self.fill(variants[first], post, draw)
        if post["lang"] != "en":
            if post["stance"] > 0 and draw(100) < self.theme["tail"]["elsewhere"]:
                _, variants, which = self.choose_family(post, draw)
                return family, [telling, self.fill(variants[which], post, draw)], telling
            return family, [telling], telling
        if post["topic"] < 0:
            return family, [telling], telling
        tail, written = self.theme["tail"], [telling]
        if draw(100) < tail["where"]:
            written.insert(0, self.shared_sentence("where", post, draw))
        if draw(1000) < self.theme["same"]["detail"] and len(variants) > 1:
            # Another variant of the same family, so that a split by family parts all wordings; one act is told once.
            other = variants[(first + 1 + draw(len(variants) - 1)) % len(variants)]
            if not (post.get("act_is_named") and names_act(other)):
                written.append(self.fill(other, post, draw))
        if not post.get("act_is_named") and draw(100) < tail["act"]:
            written.append(self.shared_sentence("act", post, draw))
        topic = self.topics[post["topic"]]
        if draw(100) < tail["about"]:
            written.append(self.shared_sentence(f"about-{topic}", post, draw))
        for name, percent in SAID_PERCENT:
            code = self.codes[name][post[name]].replace("_", "-")
            always = name == "told" and topic in tail["always_told"]
            if always or draw(100) < percent:
                written.append(self.shared_sentence(code, post, draw))
        return family, written, telling

    def asides(self, post: dict, draw) -> tuple[list, list]:
        """Write what stands before and after a post's own thought, from the lists that go with its stance."""
        stance = STANCES[post["stance"]]
        if post["lang"] != "en":
            return [], []
        if stance == "bare":
            return [], [self.shared_sentence("long-bare", post, draw)] * (draw(100) < self.theme["tail"]["bare"])
        lists, written = self.theme["asides"].get(stance), {}
        for name in ("opener", "long", "tail", "question"):
            wanted = lists and draw(100) < self.theme["aside"][name]
            written[name] = self.shared_sentence(f"{name}-{lists[draw(len(lists))]}", post, draw) if wanted else ""
        return [written["opener"]], [written["long"], written["tail"], written["question"]]
