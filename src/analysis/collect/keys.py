"""Pseudonyms under a key: the same person has the same one, and without the key nobody can tell whose it is.

A plain hash of a user name is no protection: whoever has a list of names hashes them all and compares. HMAC-SHA-256
under a random key that is kept apart from the data withstands that (Krawczyk, Bellare and Canetti, RFC 2104, 1997).
"""

import hashlib
import os
import re
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from analysis.schema import KEYED, InputError

_LENGTH = 20
_PSEUDONYM = re.compile(rf"u-[0-9a-f]{{{_LENGTH}}}")


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes, which no message or representation shows; `new` if it was made just now."""

    secret: bytes = field(repr=False)
    path: Path | None = None
    new: bool = False

    def digest(self, what: str, value: bytes) -> str:
        """Give the first 80 bits of the HMAC of a value, as 20 hexadecimal digits.

        Equal values of different kinds ("author", "id", "record") get different ones.
        """
        return self.digester(what)(value)

    def digester(self, what: str):
        """Give a function that takes many values of one kind to their digests, see :meth:`digest`.

        The two halves of HMAC are begun once and copied, which takes half the time of ``hmac.digest``.
        """
        key = self.secret.ljust(64, b"\0")
        inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + what.encode() + b"\0").copy
        outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key)).copy

        def digest(value):
            first, second = inner(), outer()
            first.update(value)
            second.update(first.digest())
            return second.hexdigest()[:_LENGTH]

        return digest


def default_path() -> Path:
    """Give the place of the key: in the user's own folder of settings, apart from every data set."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or _home() / ".config"
    return Path(base) / "hashtag-notebooks" / "key"


def _home():
    try:
        return Path.home()
    except RuntimeError:  # a user whom the machine does not know, in a container say
        raise InputError("there is no home folder to keep the key in; set HOME, or give --key-file") from None


def is_open_to_others(path: Path) -> bool:
    """Tell whether anyone on this machine may read or change a key: more than its owner, and its group, a team say."""
    return os.name != "nt" and bool(path.stat().st_mode & 0o007)


def load_key(path: str | Path | None = None, *, make: bool = True) -> Key:
    """Read the key, by default at :func:`default_path`, or make one if there is none yet and `make` allows it.

    A key file holds 64 hexadecimal digits; its owner alone can read a new one. That is written beside and then linked
    into place, so that two programs that start at once come to hold the same one.
    """
    path = default_path() if path is None else Path(path)
    try:
        if not make and not path.exists():
            raise InputError(
                f"{path}: there is no key here, and only the one under which the pseudonyms were made finds them; "
                "give it with --key-file"
            )
        new = not path.exists() and _make(path)
        text = path.read_text("ascii", errors="replace").strip()
    except OSError as error:
        raise InputError(
            f"{path}: the key cannot be read or made ({error.strerror}); give another --key-file"
        ) from None
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise InputError(f"{path}: this is no key (64 hexadecimal digits); give another --key-file, or none")
    return Key(bytes.fromhex(text), path, new)


def _make(path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    return True


def pseudonyms(authors: pa.Array, platforms: pa.Array, key: Key) -> pa.Array:
    """Give authors their pseudonyms.

    Parameters
    ----------
    authors : pyarrow.Array of str, shape (n,)
        Account numbers or handles; missing ones stay missing. Capitals and a leading ``@`` make no difference. What is
        a pseudonym already stays as it is, so that a table that was ingested can be joined with more of its posts.
    platforms : pyarrow.Array of str, shape (n,)
        Equal names on two platforms, of which a missing one is one, are two people.
    key : Key

    Returns
    -------
    pyarrow.Array of str, shape (n,)
        ``u-`` and 20 hexadecimal digits. Two of ten million people share one with a chance below 1 in 10 billion.
    """
    import pyarrow.compute as pc

    def given(names, platform):
        digest = key.digester(f"author\0{platform}")
        names = pc.utf8_lower(pc.utf8_ltrim(pc.utf8_trim_whitespace(names), "@")).to_pylist()
        return [name if _PSEUDONYM.fullmatch(name) else "u-" + digest(name.encode()) for name in names]

    return _for_each(authors, platforms, given)


def keyed_ids(ids: pa.Array, platforms: pa.Array, key: Key) -> pa.Array:
    """Give ids their pseudonyms, which begin with ``KEYED``, as :func:`pseudonyms` does for authors."""

    def given(names, platform):
        digest = key.digester(f"id\0{platform}")
        return [name if name.startswith(KEYED) else KEYED + digest(name.encode()) for name in names.to_pylist()]

    return _for_each(ids, platforms, given)


def _for_each(values: pa.Array, platforms: pa.Array, give) -> pa.Array:
    """Give each distinct value its pseudonym, platform by platform; missing ones stay missing."""
    import pyarrow.compute as pc

    out = pa.nulls(len(values), pa.string())
    for platform in pc.unique(platforms).to_pylist():
        here = pc.is_null(platforms) if platform is None else pc.fill_null(pc.equal(platforms, platform), False)
        whole = pc.all(here).as_py()
        encoded = (values if whole else values.filter(here)).dictionary_encode()
        given = pa.array(give(encoded.dictionary, platform or ""), pa.string()).take(encoded.indices)
        out = given if whole else pc.replace_with_mask(out, here, given)
    return out
