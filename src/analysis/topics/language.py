"""Which texts seem to be in another language than English."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex


def english(texts: Sequence[str]) -> list[str]:
    """Leave out the texts that seem to be in another language.

    Those that are written in other letters than Latin ones, or that hold more of the small words of one of twelve other
    languages than of English. Short texts without any small word are not taken for foreign.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    list of str
        Those that are left, in their order.

    Examples
    --------
    >>> english(["He told me that it was nothing", "Ich auch, und nicht nur in der Schule", "나도", "coffee"])
    ['He told me that it was nothing', 'coffee']
    """
    return [text for text in texts if not (_may_be_foreign(text) and _is_foreign(text))]


def _may_be_foreign(text):
    """Tell quickly of nearly all English texts, and of some short others, that they need no closer look."""
    if len(_OTHERS.intersection(text.lower().split())) > 1:
        return True
    return not text.isascii() and _OTHER_LETTER.search(text) is not None


_OTHER_LETTER = regex.compile(r"(?V1)[\p{L}--\p{Latin}]")
_SMALL_WORDS = {
    "en": "the and of to is was it that this my he she they with for not you have had at by who when i",
    "de": "und der die das ich nicht ist ein eine mit auch wir mir den war",
    "es": "que el la los las y una por con del para se yo mi como más",
    "fr": "le les des et je une dans pas que est pour qui moi aussi du",
    "it": "che di il non per sono una mi ho della con anche gli",
    "pt": "que não uma para com eu meu minha os da do em também",
    "nl": "het een van niet ik dat en ook mij voor met zijn",
    "sv": "och att jag det som inte en på är för också med",
    "da": "og jeg det ikke en til er på som også med",
    "pl": "nie że się na jest to ja też mnie jak",
    "tr": "bir ve bu ben de için çok ne da",
    "id": "yang dan di aku ini itu tidak saya juga dengan",
    "fi": "ja on ei se että minä myös oli en",
}
_SMALL = {lang: frozenset(some.split()) for lang, some in _SMALL_WORDS.items()}
_OTHERS = frozenset().union(*_SMALL.values()) - _SMALL["en"]


def _is_foreign(text):
    letters = [sign for sign in text if sign.isalpha()]
    if letters and sum(not unicodedata.name(sign, "").startswith("LATIN") for sign in letters) > len(letters) / 2:
        return True
    cut = regex.findall(r"\p{L}+", text.lower())
    told = {lang: sum(word in small for word in cut) for lang, small in _SMALL.items()}
    return max(told.values()) > told["en"] and max(told.values()) >= 2
