"""Care by default: whose words may be shown, which numbers are too small to show, and what is taken out of real posts.

Three rules hold in every lesson. No text is shown but an invented one. No count of fewer than ten is shown, nor the
cell beside it that would give it away. No word is shown that fewer than ten people used, for a rare word can be a name.

Real posts are protected before they reach a lesson: their authors become pseudonyms under a key that never leaves the
reader's own machine (:func:`pseudonyms`), and handles, links, addresses and numbers in their texts are masked
(:func:`mask_texts`).
"""

from analysis.privacy.groups import SMALLEST, small_groups
from analysis.privacy.keys import KEYED, Key, keyed_ids, load_key, pseudonyms
from analysis.privacy.masks import MASKS, mask_text, mask_texts
from analysis.privacy.show import PrivacyError, fit_for_results, quote, shared_words, smallest_shown

__all__ = [
    "KEYED",
    "MASKS",
    "SMALLEST",
    "Key",
    "PrivacyError",
    "fit_for_results",
    "keyed_ids",
    "load_key",
    "mask_text",
    "mask_texts",
    "pseudonyms",
    "quote",
    "shared_words",
    "small_groups",
    "smallest_shown",
]
