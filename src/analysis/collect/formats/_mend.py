"""Mend what writers of files did to texts: HTML, Python's bytes literals, UTF-8 read as Windows-1252."""

import ast
import html
import re
from html.parser import HTMLParser

_LITERAL = re.compile(r"""^[bB](?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")$""", re.DOTALL)
_CUT = re.compile(r"""^[bB]['"]""")
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})")
# UTF-8's first byte of two, three or four, read as Windows-1252, and then what stands there for its further bytes.
_MORE = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a"
    "\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_MOJIBAKE = re.compile(f"[\u00c2-\u00df]{_MORE}|[\u00e0-\u00ef]{_MORE}{{2}}|[\u00f0-\u00f4]{_MORE}{{3}}")
_DEEPEST = 200
_BLOCKS = {"p", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"}
_EMPTY = {"br", "img", "hr", "input", "meta", "link"}
_UNSEEN = {"script", "style", "head", "title", "template"}
# Python takes a backslash before any other letter for one that is meant, but warns of each.
_ANY_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = "\\'\"abfnrtvx01234567"


def bytes_literal(text: str) -> str:
    """Undo a Python bytes literal, cut off or not; what is none comes back as it was."""
    stripped = text.strip()
    if not _CUT.match(stripped):
        return text
    if not _LITERAL.match(stripped):
        if not _ESCAPED.search(stripped) and stripped[1] != stripped[-1]:
            return text
        mark, body = stripped[1], re.sub(r"\\?['\"]?$", "", stripped[2:])
        stripped = f"{stripped[0]}{mark}{body.replace(mark, chr(92) + mark)}{mark}"
    data = "".join(
        letter if ord(letter) < 128 else "".join(f"\\x{byte:02x}" for byte in letter.encode("utf-8", "replace"))
        for letter in stripped
    )
    data = data.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "")
    data = _ANY_ESCAPE.sub(lambda found: found[0] if found[1] in _KNOWN_ESCAPES else "\\" + found[0], data)
    try:
        return ast.literal_eval(data).decode("utf-8", errors="replace")
    except (ValueError, SyntaxError, MemoryError, AttributeError):
        return text


def mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, where it surely was."""
    return _MOJIBAKE.sub(_undone, text) if _MOJIBAKE.search(text) else text


def _undone(match):
    data = b"".join(_byte(letter) for letter in match[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _byte(letter):
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def from_html(text: str) -> str:
    """Give the words of HTML, broken or not, as a reader would see them, without what is marked as invisible."""
    if "<" not in text:
        return html.unescape(text).strip()
    reader = _Words()
    reader.feed(text[:1_000_000])
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


class _Words(HTMLParser):
    """Collect the words of HTML, and the line ends between its blocks."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self._hidden = [], []

    def handle_starttag(self, tag, attrs):
        hides = tag in _UNSEEN or "invisible" in (dict(attrs).get("class") or "").split()
        if (hides or self._hidden) and tag not in _EMPTY and len(self._hidden) < _DEEPEST:
            self._hidden.append(tag)
        elif tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag):
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data):
        if not self._hidden:
            self.parts.append(data)
