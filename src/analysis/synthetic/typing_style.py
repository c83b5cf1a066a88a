"""Turn sentences into posts as people type them: typos, capitals, tags, mentions, links, emoji, a length limit."""

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
NAMES_ACT = re.compile(r"rape|grop|abus|assault|molest|harass|touch|forc", re.IGNORECASE)
LIMIT_ROSE = 24 * 3_600_000 * 24  # 2017-11-08 00:00 UTC: 280 characters instead of 140 (15 October being day 0)
LINK = 23  # characters that a link counts for
CAREFUL, SLOPPY = 30, 74  # registers: below 30 careful, 74 and above sloppy, plain between
# These end with an exclamation mark more often.
LIVELY_STANCES = ("support", "support_men", "action", "opposition", "humour_spam", "unrelated")
TAGS = [0, *[1] * 76, *[2] * 14, 3, 3, 3, 3, 3, 4, 4, 5, 6]  # how many tags, per cent
GALLERY_TAGS = [1, 2, 3, 4, 5, 6, 8]  # the same on Instagram


class TypingStyle:
    """Turns sentences into the text of a post, with the tags, emoji and links of a theme.

    Everywhere `post` is the plan of a post, and `draw`, called with a number, returns a whole number below it.
    """

    def __init__(self, theme: dict, languages: dict):
        self.tags = {"en": wheel(theme["tags"]), "und": wheel(theme["tags"])}
        self.tags |= {lang: content["tags"] for lang, content in languages.items()}
        self.more_tags = {stance: wheel(tags) for stance, tags in theme["also"].items()}
        self.emoji = theme["emoji"]
        self.link_percent = theme["link"]

    def text(self, sentences: list, telling: int, post: dict, draw) -> str:
        """Write the text of a post; `telling` is the position of the sentence that is kept where it gets too long."""
        stance = STANCES[post["stance"]]
        mentions, before, after = self.around(post, stance, draw)
        limit = 140 if post["written_at"] < LIMIT_ROSE else 280
        limit = limit if post["platform"] == 0 else 1_000
        room = limit - sum(min(len(piece), LINK) + 1 for piece in (*before, *after))
        body = self.body(sentences, post["register"], stance, draw)
        while len(body) > room and len(sentences) > 1:
            # The last goes first, the telling one never.
            if telling == len(sentences) - 1:
                sentences, telling = sentences[1:], telling - 1
            else:
                sentences = sentences[:-1]
            body = self.body(sentences, post["register"], stance, draw)
        return " ".join(filter(None, [*mentions, *before, body, *after]))

    def body(self, sentences: list, register: int, stance: str, draw) -> str:
        """Join sentences in one of three registers: careful, plain or sloppy."""
        is_sloppy = register >= SLOPPY
        joined = ""
        for sentence in sentences:
            if joined:
                has_stop = joined[-1] in ".?!:,"
                joined += " " if has_stop else ". " if not is_sloppy or draw(3) else "... "
            joined += sentence
        if not joined:
            return joined
        if joined[-1] not in ".?!:":
            joined += self.ending(register, stance, draw(100))
        joined = self.in_haste(joined, draw) if is_sloppy else SENTENCE.sub(lambda m: m[1] + m[2].upper(), joined)
        drawn = draw(1_000)
        if drawn < 90:
            return self.mistyped(joined, stance, draw)
        return self.in_capitals(joined, drawn) if drawn < 175 else joined

    def ending(self, register: int, stance: str, drawn: int) -> str:
        """Give the full stop or exclamation marks with which a post ends, or nothing; `drawn` is from 0 to 99."""
        stop_percent = 66 if register < CAREFUL else 36 if register < SLOPPY else 8
        if drawn < stop_percent:
            return "."
        if drawn <= (78 if stance in LIVELY_STANCES else 97):
            return ""
        return "!" * (1 + drawn % 2 * (drawn > 97))

    def in_haste(self, text: str, draw) -> str:
        """Write in haste: small letters, fewer apostrophes, shorter words."""
        if draw(100) < 70:
            text = I_ALONE.sub("i", text)
        if draw(100) < 55:
            text = text.replace("'", "")
        if draw(100) < 38:
            text = " ".join(SHORTER.get(word, word) for word in text.split(" "))
        return text

    def mistyped(self, text: str, stance: str, draw) -> str:
        """Mistype a word, or draw it out; a word that names an act stays as it is, and a story draws no word out."""
        words = [word for word in WORD.finditer(text) if not NAMES_ACT.match(word[0])]
        if not words:
            return text
        word = words[draw(len(words))]
        at = word.start() + 1 + draw(len(word[0]) - 2)
        how = draw(4 if stance == "detail" else 5)
        if how == 0:
            return text[:at] + text[at + 1 :]
        if how == 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if how == 2:
            return text[:at] + text[at] + text[at:]
        if how == 3:
            return text[:at] + "abcdefghilmnoprstuwy"[draw(20)] + text[at + 1 :]
        return text[: word.end()] + text[word.end() - 1] * (2 + draw(4)) + text[word.end() :]

    def in_capitals(self, text: str, drawn: int) -> str:
        """Put a word, or now and then everything, in capitals."""
        if drawn < 102:
            return text.upper()
        words = WORD.findall(text)
        return text.replace(words[drawn % len(words)], words[drawn % len(words)].upper(), 1) if words else text

    def around(self, post: dict, stance: str, draw) -> tuple[list, list, list]:
        """Choose what stands around the words: mentions at the start, tags before them, and tags, link, emoji after."""
        tags = self.tags[post["lang"]]
        is_gallery, has_words = post["platform"] == 1, post["lang"] != "und"
        tag_count = GALLERY_TAGS[draw(7)] if is_gallery else TAGS[draw(len(TAGS))]
        first_tag = [tags[draw(len(tags))]] * (tag_count > 0)
        others = self.more_tags.get(stance, self.more_tags["other"])
        more_tags = dict.fromkeys(others[draw(len(others))] for _ in range(tag_count - 1))
        mentions = [f"@invented_{post['mention']:07d}"] * (post["mention"] >= 0)
        before, after = (first_tag, []) if draw(100) < 22 else ([], first_tag)
        is_linked = draw(100) < self.link_percent[stance] if has_words else post["linked"]
        all_emoji = self.emoji.get(stance, self.emoji["other"])
        emoji = [all_emoji[draw(len(all_emoji))]] if has_words and draw(100) < 8 else []
        is_linked = is_linked or post["written"] == 2
        link = [f"https://link.example/{draw(65_536) * 100 + draw(100):07d}"] if is_linked else []
        return mentions, before, [*emoji, *after, *more_tags, *link]
