"""The phrase bank: TOML files under ``data/phrases/`` that a reader can open and extend.

``python -m analysis.synthetic.bank FILE.toml ...`` checks files and shows a few samples.
"""

import re
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analysis.schema import InputError, find_root

FOLDER = find_root() / "data" / "phrases"
PIECE = re.compile(r"\{(\w+)\}|\(([^()]*)\)|([^{}()]+)")
COMMON = 64  # entries of the wheel by which a weighted choice is drawn


class PhraseError(InputError):
    """A phrase file breaks the format; the message names file, family and what is wrong."""


@dataclass
class Bank:
    """The phrases of one theme: ``theme`` is what ``theme.toml`` holds, ``slots`` are the word lists, commonest first.

    ``families``: (stance, topic or "") -> section ("families" or "hard") -> list of (name, variants). ``parts``: name
    of a shared sentence (an opener, a closer) -> variants. ``languages``: language -> its tags and, by stance, its
    families.
    """

    theme: dict
    slots: dict
    families: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)
    languages: dict = field(default_factory=dict)


def wheel(choices: list, slope: int = 1, first: int = 4) -> list:
    """Repeat choices, the commonest first, so that an even draw from the result prefers the first ones.

    Shares fall as 1 / (rank + first) ** slope, the rank counted from 0; whole-number arithmetic.

    Examples
    --------
    >>> drawn = wheel(["often", "seldom"])
    >>> drawn.count("often"), drawn.count("seldom")
    (35, 28)
    """
    if len(choices) < 2:
        return list(choices)
    size = max(COMMON, 4 * len(choices))
    shares = [10**9 // (rank + first) ** slope for rank in range(len(choices))]
    total = sum(shares)
    return [c for c, share in zip(choices, shares, strict=True) for _ in range(max(1, size * share // total))]


def parse(variant: str, slots: dict, where: str = "") -> tuple:
    """Cut a variant, a text with ``(a|b)`` alternatives and ``{slot}`` places, into pieces; `where` is for the message.

    A piece is a text, a list to choose from, a tuple of alternatives with slots in them (each cut likewise), or, where
    the slot's list is a table (by act, by place), the name of a slot that is filled for each post, as ``{name}``.

    Examples
    --------
    >>> parse("I (left|quit) {place}", {"place": ["early", "late"]})[1]
    ['left', 'quit']
    """
    if "".join(m.group(0) for m in PIECE.finditer(variant)) != variant:
        raise PhraseError(f"{where}: a bracket without its partner in {variant!r}")
    pieces = []
    for slot, choice, text in PIECE.findall(variant):
        if slot and slot not in slots:
            raise PhraseError(f"{where}: no slot {slot!r} (in {variant!r})")
        if slot:
            pieces.append(slots[slot] if isinstance(slots[slot], list) else "{" + slot + "}")
        elif "{" in choice:
            pieces.append(tuple(parse(alternative, slots, where) for alternative in choice.split("|")))
        else:
            pieces.append(choice.split("|") if choice or not text else text)
    return tuple(pieces)


def spelt(piece) -> list:
    """List the words and phrases that a piece may turn into; slots that are filled for each post stay names."""
    if isinstance(piece, str):
        return [piece]
    return piece if isinstance(piece, list) else [word for variant in piece for part in variant for word in spelt(part)]


def read(path) -> dict:
    """Read one TOML file: a Path, or a file of an installed package. A PhraseError names it where it is broken."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PhraseError(f"{path.name}: {error}") from error


def home(folder):
    """Return the folder of a theme's proportions and word lists: its own, or that of the theme it names as its base."""
    own = folder / "theme.toml"
    base = read(own).get("base") if own.is_file() else None
    return FOLDER / base if base else folder


def slots_of(folder) -> dict:
    """Read a theme's word lists; lists turn into wheels, tables (by act, place, ...) stay tables."""
    found = {}
    for name, words in read(home(folder) / "slots.toml").items():
        found[name] = wheel(words) if isinstance(words, list) else words
    return found


def sections(content: dict, slots: dict, where: str) -> dict:
    """Parse the families of one file: section -> list of (name, variants)."""
    slots = slots | {name: wheel(words) for name, words in content.get("slots", {}).items()}
    return {part: families(content.get(part, {}), slots, where) for part in ("families", "hard")}


def families(content: dict, slots: dict, where: str) -> list:
    """Parse the families of one section: list of (name, variants)."""
    empty = [name for name, variants in content.items() if not variants]
    if empty:
        raise PhraseError(f"{where}: the family {empty[0]} has no wording; write one or take the family out")
    return [(name, [parse(v, slots, f"{where} [{name}]") for v in variants]) for name, variants in content.items()]


@cache
def load(theme: str = "metoo") -> Bank:
    """Read all phrases of a theme; the result is shared: do not change it.

    A theme whose ``theme.toml`` names a ``base`` has its own families and shared sentences, and the base's proportions,
    tags and word lists: "metoo-held-out" is such a one, to test on alone.
    """
    folder = FOLDER / theme
    slots = slots_of(folder)
    bank = Bank(read(home(folder) / "theme.toml"), slots)
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml") or path.name in ("theme.toml", "slots.toml"):
            continue
        content = read(path)
        if path.name == "parts.toml":
            bank.parts = {n: wheel([parse(v, slots, n) for v in variants], 0) for n, variants in content.items()}
        elif "lang" in content:
            bank.languages[content["lang"]] = language(content)
        else:
            bank.families[content["stance"], content.get("topic", "")] = sections(content, slots, path.name)
    return bank


def language(content: dict) -> dict:
    """Parse a language file: its tags, and stance -> list of (family, variants)."""
    lang = content["lang"]
    told = {stance: families(parts, {}, lang) for stance, parts in content.items() if isinstance(parts, dict)}
    return {"tags": wheel(content["tags"])} | told


def check(paths: list[str]) -> str:
    """Check phrase files against the word lists beside them, and describe them with a few samples."""
    lines = []
    for path in map(Path, paths):
        content = read(path)
        if "lang" in content:
            found = {s: f for s, f in language(content).items() if s != "tags"}
            count = sum(map(len, found.values()))
        else:
            found = sections(content, slots_of(path.parent), path.name)
            count = f"{len(found['families'])} + {len(found['hard'])} hard"
        variants = [variant for told in found.values() for _, variants in told for variant in variants]
        words = {w for variant in variants for p in variant for text in spelt(p) for w in re.findall(r"[\w']+", text)}
        lines += [f"{path.name}: {count} families, {len(variants)} variants, about {len(words)} words"]
        for variant in variants[:: max(1, len(variants) // 15)]:
            lines.append("  " + "".join(spelt(p)[len(lines) % len(spelt(p))] for p in variant))
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.stdout.write(check(sys.argv[1:]) + "\n")
    except (PhraseError, OSError) as error:
        sys.exit(f"error: {error}")
