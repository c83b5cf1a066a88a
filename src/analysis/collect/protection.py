"""Protect the people in posts as they are read: pseudonyms for authors, masks in the texts.

Masks take out what leads from a text to a person: handles, links, mail addresses, phone numbers and other long numbers.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.columns import plain
from analysis.collect.keys import Key, keyed_ids, pseudonyms
from analysis.schema import IDS

#: Where a post's public id holds its writer's account: in Mastodon's URI the name, in Bluesky's the DID.
NAMING = pa.array(["mastodon", "bluesky"])
# What reads as an @ in any script or behind an HTML entity, and marks that are not seen but stand behind it.
_AT = r"(?:[@＠﹫]|&#0*64;|&#[xX]0*40;|&(?:amp;)?commat;)"
_UNSEEN = r"[\x{00ad}\x{034f}\x{061c}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{fe00}-\x{fe0f}\x{feff}]"
_LETTER = r"[\p{L}\p{M}\p{N}_]"
_NAME = rf"(?:[.\-·~]?{_LETTER})+"
_BETWEEN = (
    r"[\s\x{00a0}\x{2000}-\x{200f}\x{202f}\x{20e3}\x{fe0f}.\-\x{2010}-\x{2015}\x{2212}\x{ff0d}\x{ff0e}"
    r"()\[\]（）/·•・ー_]{0,4}"
)
# Those that are common words too (it, me, so, in, no, at) are left out, for many forget the space behind a full stop.
_ENDINGS = "com|net|org|edu|gov|social|info|app|blog|tumblr|xyz|tv|fm|gg|ly"
_ENDINGS += "|eu|uk|de|fr|nl|ch|jp|ru|pl|cz|dk|se|nz|kr|br|ca|au|ie"
_MAILBOX = r"[\p{L}\p{M}\p{N}._%+\-]+"

_DOMAIN = r"[\p{L}\p{M}\p{N}\-]+(?:[.．。][\p{L}\p{M}\p{N}\-]+)*"
_HOSTS = "gmail|googlemail|hotmail|proton|protonmail|icloud|yahoo|outlook"
_REST = r"[^\s<>\"]"

#: The masks in the order in which they are laid: the name, what a text must hold to be looked at, the pattern (RE2).
_LAID = (
    ("mention", r"(?s)[@＠﹫].*[@＠﹫]", rf"{_AT}{_UNSEEN}*{_NAME}{_AT}{_NAME}"),
    (
        "mail",
        r"[\p{L}\p{M}\p{N}._%+\-](?:[@＠﹫]|&#|&(?:amp;)?commat)",
        rf"{_MAILBOX}{_AT}[\p{{L}}\p{{M}}\p{{N}}\-]+(?:[.．。][\p{{L}}\p{{M}}\p{{N}}\-]+)+",
    ),
    (
        "mail",
        r"(?i)[\[({]\s?at\s?[\])}]",
        rf"(?i){_MAILBOX}\s?[\[({{]\s?at\s?[\])}}]\s?\S+(?:\s?[\[({{]\s?dot\s?[\])}}]\s?\S+)*",
    ),
    ("mail", rf"(?i) at (?:{_HOSTS})", rf"(?i){_MAILBOX} at (?:{_HOSTS})\b(?:(?:\.| dot )[a-z.]+)?"),
    ("link", r"t\.co/", r"https?://t\.co/[A-Za-z0-9]+"),
    (
        "link",
        r"(?i)//|www|mailto:|tel:|did:",
        rf"(?i)(?:\b[a-z][a-z0-9+.\-]*:/{{2}}|\bwww\.|\bmailto:|\btel:|\bdid:[a-z]+:|//[\p{{L}}\p{{N}}\-]+\.){_REST}+",
    ),
    ("link", r"[.．。]\p{L}{2,}(?:/|:\p{Nd})", rf"{_DOMAIN}[.．。]\p{{L}}{{2,}}(?::\p{{Nd}}+)?/{_REST}*"),
    ("mention", r"[@＠﹫]|&#|commat", rf"{_AT}+{_UNSEEN}*(?:[.\-·~@＠﹫]?{_LETTER})+"),
    ("link", rf"(?i)\.(?:{_ENDINGS})", rf"(?i){_DOMAIN}\.(?:{_ENDINGS})(?:\.[a-z]{{2}})?\b"),
    ("mention", r"\bu/", r"/?\bu/[A-Za-z0-9_\-]{2,}"),
    ("number", r"\p{Nd}", rf"[+＋]?[(（]?\p{{Nd}}(?:{_BETWEEN}\p{{Nd}}){{6,}}"),
)
# No text without one of these can hold anything to mask.
_ANY = r"[@＠﹫&:/\[({\p{Nd}]|[.．。]\p{L}|(?i: at )|www"


def mask_texts(texts: pa.Array) -> pa.Array:
    """Mask handles, links, mail addresses and long numbers in texts.

    In doubt more is masked than need be: a date in digits goes as a number, and so does the rest of a word that is
    glued to a link. What is written out in words (a name, a handle without its @) cannot be found this way.

    A mention is what stands behind ``@`` in any script and width, ``u/name`` too. A number is seven digits or more of
    any script, with spaces, dots, dashes, slashes or brackets between them at most. A domain with nothing before or
    behind it (``name.example``) is known by its ending, of which the commonest are listed.
    """
    looked = pc.fill_null(pc.match_substring_regex(texts, _ANY), False)
    if not pc.any(looked).as_py():
        return texts
    suspects = texts.filter(looked)
    for name, sign, pattern in _LAID:
        signed = pc.match_substring_regex(suspects, sign)
        count = pc.sum(signed).as_py()
        if count:
            masked = pc.replace_substring_regex(suspects.filter(signed), pattern, f"[{name}]")
            suspects = masked if count == len(suspects) else pc.replace_with_mask(suspects, signed, masked)
    return pc.replace_with_mask(texts, looked, suspects)


@dataclass(frozen=True)
class Protection:
    """What is protected, and what was turned off: names of authors, masks, pseudonyms for ids that name writers.

    `key_ids` makes pseudonyms of all posts' ids.
    """

    key: Key
    key_ids: bool = False
    keep_names: bool = False
    keep_unmasked: bool = False
    keep_naming: bool = False

    def protect(self, table: pa.Table) -> pa.Table:
        """Give the same rows with pseudonyms and masks, as far as these are not turned off."""
        platforms = plain(table["platform"])
        changes = {}
        if not self.keep_names and table["author"].null_count < table.num_rows:
            changes["author"] = pseudonyms(plain(table["author"]), platforms, self.key)
        if not self.keep_names and table["mentions"].null_count < table.num_rows:
            changes["mentions"] = _keyed_mentions(plain(table["mentions"]), platforms, self.key)
        if not self.keep_unmasked and table["text"].null_count < table.num_rows:
            changes["text"] = mask_texts(plain(table["text"]))
        if self.key_ids:
            changes |= {name: keyed_ids(plain(table[name]), platforms, self.key) for name in IDS}
        elif self.count_naming(table):
            here = _named_writers(platforms)
            for name in IDS:
                ids = plain(table[name])
                keyed = keyed_ids(ids.filter(here), platforms.filter(here), self.key)
                changes[name] = pc.replace_with_mask(ids, here, keyed)
        for name, column in changes.items():
            table = table.set_column(table.column_names.index(name), name, column)
        return table

    def count_naming(self, table: pa.Table) -> int:
        """Count the posts whose ids become pseudonyms because they would name their writers."""
        return 0 if self.key_ids or self.keep_naming else pc.sum(_named_writers(table["platform"])).as_py() or 0

    def notes(self) -> list[str]:
        """Say which protections are off."""
        off = {
            "--keep-author-names": self.keep_names,
            "--keep-text-unmasked": self.keep_unmasked,
            "--keep-ids-that-name-writers": self.keep_naming,
        }
        return [f"{flag}: this protection was turned off" for flag, chosen in off.items() if chosen]


def _keyed_mentions(mentions, platforms, key):
    """Give each of the people who are named in a row, with blanks between them, a pseudonym."""
    people = pc.utf8_split_whitespace(mentions)
    keyed = pseudonyms(people.flatten(), platforms.take(pc.list_parent_indices(people)), key)
    joined = pc.binary_join(pa.ListArray.from_arrays(people.offsets, keyed), " ")
    return pc.if_else(mentions.is_valid(), joined, pa.scalar(None, pa.string()))


def _named_writers(platforms):
    return pc.fill_null(pc.is_in(platforms, NAMING), False)
