"""Write sentences as people type: capitals, full stops, typos, tags, mentions, links, emoji, and the length limit."""

import re

from analysis.synthetic.bank import wheel
from analysis.synthetic.plan import STANCES

SHORTER = {
    "you": "u", "your": "ur", "are": "r", "because": "bc", "people": "ppl", "with": "w/", "without": "w/o", "and": "&",
    "please": "pls", "though": "tho", "about": "abt", "before": "b4", "someone": "some1", "everyone": "every1",
    "to": "2", "really": "rly", "thanks": "thx", "going": "goin", "probably": "prob", "what": "wat", "girls": "gurls",
    "never": "nvr", "woman": "womyn", "something": "smth", "minutes": "mins", "years": "yrs", "know": "kno",
}  # fmt: skip
SENTENCE = re.compile(r"(^|[.?!] )([a-zà-öø-ÿ])")
I_ALONE = re.compile(r"\bI\b")
WORD = re.compile(r"[a-z]{4,}", re.IGNORECASE)
LIMIT_ROSE = 24 * 3_600_000 * 24  # 2017-11-08 00:00 UTC: 280 characters instead of 140 (15 October being day 0)
LINK = 23  # characters that a link counts for
CAREFUL, SLOPPY = 30, 74  # registers: below 30 careful, 74 and above sloppy, plain between
LIVELY = ("support", "support_men", "action", "opposition", "humour_spam", "unrelated")  # more exclamation marks
TAGS = [0, *[1] * 76, *[2] * 14, 3, 3, 3, 3, 3, 4, 4, 5, 6]  # how many tags, per cent
GALLERY_TAGS = [1, 2, 3, 4, 5, 6, 8]  # the same on Instagram


class TypingStyle:
    """Turns sentences into the text of a post.

    Parameters
    ----------
    theme
        ``theme.toml`` of a theme.
    """

    def __init__(self, theme: dict, languages: dict):
        self.tags = {"en": wheel(theme["tags"]), "und": wheel(theme["tags"])}
        self.tags |= {lang: told["tags"] for lang, told in languages.items()}
        self.also = {stance: wheel(tags) for stance, tags in theme["also"].items()}
        self.emoji = theme["emoji"]
        self.link = theme["link"]

    def text(self, sentences: list, telling: int, post: dict, draw) -> str:
        """Write the text of a post.

        Parameters
        ----------
        sentences
            What it says; may be empty.
        telling
            Position of the sentence that is kept where a post gets too long.
        post
            Its plan.
        draw
            Called with a number, returns a draw below it.
        """
        stance = STANCES[post["stance"]]
        around = self.around(post, stance, draw)
        limit = 140 if post["written_at"] < LIMIT_ROSE else 280
        limit = limit if post["platform"] == 0 else 1_000
        room = limit - sum(min(len(piece), LINK) + 1 for place in around[1:] for piece in place)
        body = self.body(sentences, post["register"], stance, draw)
        while len(body) > room and len(sentences) > 1:
            # The last goes first, the telling one never.
            sentences, telling = (
                (sentences[1:], telling - 1) if telling == len(sentences) - 1 else (sentences[:-1], telling)
            )
            body = self.body(sentences, post["register"], stance, draw)
        start, before, after = around
        return " ".join(filter(None, [*start, *before, body, *after]))

    def body(self, sentences: list, register: int, stance: str, draw) -> str:
        """Join sentences in one of three registers: careful, plain or sloppy."""
        loud = 78 if stance in LIVELY else 97
        joined = ""
        for sentence in sentences:
            if joined:
                stopped = joined[-1] in ".?!:,"
                joined += " " if stopped else ". " if register < SLOPPY or draw(3) else "... "
            joined += sentence
        if not joined:
            return joined
        if joined[-1] not in ".?!:":
            lot = draw(100)
            stop = 66 if register < CAREFUL else 36 if register < SLOPPY else 8
            joined += "." if lot < stop else "!" * (1 + lot % 2 * (lot > 97)) if lot > loud else ""
        if register < SLOPPY:
            joined = SENTENCE.sub(lambda found: found[1] + found[2].upper(), joined)
        else:
            joined = self.sloppy(joined, draw)
        lot = draw(1_000)
        if lot < 90:
            return self.slip(joined, draw)
        return self.loud(joined, lot) if lot < 175 else joined

    def sloppy(self, text: str, draw) -> str:
        """Write in haste: small letters, fewer apostrophes, shorter words."""
        if draw(100) < 70:
            text = I_ALONE.sub("i", text)
        if draw(100) < 55:
            text = text.replace("'", "")
        if draw(100) < 38:
            text = " ".join(SHORTER.get(word, word) for word in text.split(" "))
        return text

    def slip(self, text: str, draw) -> str:
        """Mistype a word, or draw it out."""
        words = list(WORD.finditer(text))
        if not words:
            return text
        word = words[draw(len(words))]
        at = word.start() + 1 + draw(len(word[0]) - 2)
        how = draw(5)
        if how == 0:
            return text[:at] + text[at + 1 :]
        if how == 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if how == 2:
            return text[:at] + text[at] + text[at:]
        if how == 3:
            return text[:at] + "abcdefghilmnoprstuwy"[draw(20)] + text[at + 1 :]
        return text[: word.end()] + text[word.end() - 1] * (2 + draw(4)) + text[word.end() :]

    def loud(self, text: str, lot: int) -> str:
        """Put a word, or now and then everything, in capitals."""
        if lot < 102:
            return text.upper()
        words = WORD.findall(text)
        return text.replace(words[lot % len(words)], words[lot % len(words)].upper(), 1) if words else text

    def around(self, post: dict, stance: str, draw) -> tuple[list, list, list]:
        """Choose what stands around the words: mentions at the start, tags before them, and tags, link, emoji after."""
        tags = self.tags[post["lang"]]
        gallery = post["platform"] == 1
        many = GALLERY_TAGS[draw(7)] if gallery else TAGS[draw(len(TAGS))]
        own = [tags[draw(len(tags))]] * (many > 0)
        also = self.also.get(stance, self.also["other"])
        more = list(dict.fromkeys(also[draw(len(also))] for _ in range(many - 1)))
        start = [f"@invented_{post['mention']:07d}"] * (post["mention"] >= 0)
        early = draw(100) < 22
        after = [] if early else own
        linked = post["linked"] if post["lang"] == "und" else draw(100) < self.link[stance]
        faces = self.emoji.get(stance, self.emoji["other"])
        face = [faces[draw(len(faces))]] if post["lang"] != "und" and draw(100) < 8 else []
        link = [f"https://link.example/{draw(65_536) * 100 + draw(100):07d}"] if linked or post["written"] == 2 else []
        return start, own if early else [], [*face, *after, *more, *link]
