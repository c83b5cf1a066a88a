"""Mask what leads from a text to a person: handles, links, mail addresses, phone numbers and other long numbers.

In doubt more is masked than need be: a date in digits goes as a number, and so does the rest of a word that is glued
to a link. What is written out in words (a name, a handle without its @) cannot be found this way.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

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
#: What stands in a text where something was masked.
MASKS = {name: f"[{name}]" for name, _, _ in _LAID}
# No text without one of these can hold anything to mask.
_ANY = r"[@＠﹫&:/\[({\p{Nd}]|[.．。]\p{L}|(?i: at )|www"


def mask_texts(texts: pa.Array) -> pa.Array:
    """Mask handles, links, mail addresses and long numbers in texts.

    Parameters
    ----------
    texts : pyarrow Array of string
        Missing texts stay missing.

    Returns
    -------
    pyarrow.Array of string
        ``[mention]``, ``[link]``, ``[mail]`` or ``[number]`` stands for what was taken out.

    Notes
    -----
    A mention is what stands behind ``@`` in any script and width, ``u/name`` too. A number is seven digits or more of
    any script, with spaces, dots, dashes, slashes or brackets between them at most. A domain with nothing before or
    behind it (``name.example``) is known by its ending, of which the commonest are listed.
    """
    looked = pc.fill_null(pc.match_substring_regex(texts, _ANY), False)
    if not pc.any(looked).as_py():
        return texts
    some = texts.filter(looked)
    for name, sign, pattern in _LAID:
        found = pc.match_substring_regex(some, sign)
        count = pc.sum(found).as_py()
        if count:
            masked = pc.replace_substring_regex(some.filter(found), pattern, MASKS[name])
            some = masked if count == len(some) else pc.replace_with_mask(some, found, masked)
    return pc.replace_with_mask(texts, looked, some)


def mask_text(text: str) -> str:
    """Mask one text, see :func:`mask_texts`.

    Parameters
    ----------
    text : str
        As posted.

    Returns
    -------
    str

    Examples
    --------
    >>> mask_text("Write to @someone or a.name@example.org, see https://example.org/a?b")
    'Write to [mention] or [mail], see [link]'
    >>> mask_text("Call +1 (555) 010-9999 now. ＠名前 said #MeToo in 2017")
    'Call [number] now. [mention] said #MeToo in 2017'
    """
    return mask_texts(pa.array([text], pa.string()))[0].as_py()
