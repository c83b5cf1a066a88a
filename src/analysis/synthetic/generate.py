"""Put the sample corpus together: in memory, or streamed to files of any size."""

from functools import cache, partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analysis.posts import check_posts, save_posts
from analysis.schema import COLUMNS, InputError
from analysis.synthetic import bank as phrases
from analysis.synthetic.arrange import arrange_posts, check_settings, check_whole
from analysis.synthetic.clock import START, Curve
from analysis.synthetic.draws import bits
from analysis.synthetic.plan import ACCOUNTS, COPIES, PLATFORMS, STANCES, languages
from analysis.synthetic.sentences import SentenceWriter
from analysis.synthetic.threads import KINDS, REPOST
from analysis.synthetic.typing_style import TypingStyle
from analysis.synthetic.writing import FILES, Hashed, beside, workers

PLAIN = 50  # the register of texts that are copied
DRAWS = 32  # words of 64 bits for each text
AT_ONCE = 2_000  # texts whose draws are held at a time
NEEDED = ["source", "lang", "stance", "platform", "written", "written_at", "mention", "linked", "register", "is_call"]
NEEDED += ["topic", "told", "often", "act_named", "place_named", "person_named", "life_named"]
STORY = ("topic", "act", "place", "person", "life", "told", "often")


def invent(
    posts: int = 20_000,
    seed: int = 1,
    *,
    start: str = START,
    days: int = 31,
    theme: str = "metoo",
    thin: int = 10,
    curve: Curve | None = None,
    stances: dict | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent posts, and say what was planted in each.

    Parameters
    ----------
    posts
        Authored posts (originals, replies, quotes), the call among them; the reposts come on top.
    seed
        The same seed gives the same posts, whatever the machine and the size of the chunks; with a planted curve,
        whose hours are weighed in floating point, machines may differ in a few posts.
    start
        First day (UTC); the call is at 20:21:11 on it.
    days
        Length of the span. Beyond a month, events bring bursts, where the first day is the real one.
    theme
        Folder of phrases: "metoo", "neutral" for an everyday subject, or "metoo-held-out", other English phrases for
        the subject of "metoo", to test on alone.
    thin
        One in so many of the reposts is kept (1 keeps them all: 2.3 for each original).
    curve
        Shape of the volume, see :class:`analysis.synthetic.Curve`; by default the real one.
    stances
        Stance -> per cent of the authored posts with words, for the whole span. By default the published shares.

    Returns
    -------
    posts : DataFrame
        The columns of :data:`analysis.schema.COLUMNS`, by time. A repost has its original's text, parent and root.
    truth : DataFrame
        A row a post, in the same order: post_id, stance, topic, act, place, person, life, told, often ("none" where
        nothing is told), family (where the telling sentence is from), seen (disclosures earlier in the conversation),
        account (person or bot), copy_group (number of a text that many posts copy, or "none"), deleted (yes or no), and
        sparked_by where the curve branches. ``attrs["planted"]`` holds the settings.

    Raises
    ------
    InputError
        If the arguments contradict each other.
    """
    rows, planted = arrange_posts(posts, seed, start, days, theme, thin, curve, stances)
    tables = _written(rows, seed, theme)
    tables[0].attrs["planted"] = tables[1].attrs["planted"] = planted
    return tables


def invent_to(
    folder, posts: int = 20_000, seed: int = 1, *, chunk: int = 50_000, processes: int = 1, tell=None, **settings
) -> dict:
    """Invent posts into ``posts.csv`` and ``truth.csv`` of a folder, a chunk at a time, whole or not at all.

    Parameters
    ----------
    folder
        Where the files go; made where it is missing. Files of an earlier call are replaced, at the very end.
    posts, seed, **settings
        As for :func:`invent`, which gives the same bytes.
    chunk
        Rows that are held as text at a time.
    processes
        How many write at once.
    tell : callable, optional
        Told the rows written so far and the rows there will be, after each chunk.

    Returns
    -------
    dict
        What was planted, the number of rows, and the SHA-256 of the two other files (``sha256_posts`` and
        ``sha256_truth``); ``planted.csv`` holds the same. It is put in place last: where the sums are not those of the
        files beside it, a call was cut short between them.

    Raises
    ------
    InputError
        If the arguments contradict each other, the folder cannot be written, another call writes there, or it holds
        files of these names that no earlier call made.
    """
    folder = Path(folder)
    given = {"start": START, "days": 31, "theme": "metoo", "thin": 10, "curve": None, "stances": None} | settings
    check_settings(posts, seed, **{name: value for name, value in given.items() if name != "curve"})
    check_whole("chunk", chunk, 1)
    check_whole("processes", processes, 1)
    try:
        with beside(folder) as hidden, workers(processes) as work_through:
            rows, planted = arrange_posts(posts, seed, **given)
            planted = planted | {"rows": len(rows)}
            parts = (rows.iloc[first : first + chunk] for first in range(0, len(rows), chunk))
            with (hidden / FILES[0]).open("wb") as out, (hidden / FILES[1]).open("wb") as told:
                files = Hashed(out), Hashed(told)
                for number, pair in enumerate(work_through(partial(_bytes, seed, given["theme"], hidden), parts)):
                    for stream, data in zip(files, pair, strict=True):
                        stream.write(data if number == 0 else data[data.index(b"\n") + 1 :])
                    if tell is not None:
                        tell(min((number + 1) * chunk, len(rows)), len(rows))
            planted |= {"sha256_posts": files[0].sum(), "sha256_truth": files[1].sum()}
            record = pd.DataFrame({"name": planted.keys(), "value": planted.values()})
            record.to_csv(hidden / FILES[2], index=False, lineterminator="\n")
            for name in FILES:
                (hidden / name).replace(folder / name)
    except OSError as error:
        raise InputError(
            f"{folder}: {error.strerror or error}; nothing was kept there, choose another folder"
        ) from None
    return planted


def _bytes(seed, theme, place, rows):
    """Write a chunk as the two CSV files, header and all; what it needs a file for stands in `place`."""
    posts, truth = _written(rows, seed, theme, checked=False)
    with TemporaryDirectory(dir=place) as folder:
        save_posts(posts, Path(folder) / "posts.csv")
        written = (Path(folder) / "posts.csv").read_bytes()
    return written, _plain_csv(truth)


def _plain_csv(table):
    """Write a table whose values hold no commas and no quotes, as ``to_csv`` would, in a tenth of the time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    fields = [pa.array(table[name]).cast(pa.large_string()) for name in table]
    lines = pc.binary_join_element_wise(*fields, pa.scalar(",", pa.large_string()))
    return "\n".join([",".join(table), *lines.to_pylist(), ""]).encode()


@cache
def _writers(theme):
    bank = phrases.load(theme)
    return SentenceWriter(bank), TypingStyle(bank.theme, bank.languages), languages(bank)


def _texts(rows, seed, theme):
    """Write the texts of some rows: each depends on its own plan and draws alone. Pairs of family and text."""
    writer, style, langs = _writers(theme)
    for first in range(0, len(rows), AT_ONCE):
        some = rows.iloc[first : first + AT_ONCE]
        copy_group = some["copy_group"].to_numpy().astype("int64")
        index = np.where(copy_group >= 0, copy_group + COPIES, some["source"])
        words = bits(seed, "text", index[:, None] * DRAWS + np.arange(DRAWS)).astype("<u8")
        register = np.where(copy_group >= 0, PLAIN, some["register"])
        posts = some[NEEDED].assign(register=register, lang=[langs[n] for n in some["lang"]])
        values = zip(*(posts[name].tolist() for name in NEEDED), strict=True)
        for row, post in zip(words.view("<u2").reshape(len(some), -1).tolist(), values, strict=True):
            yield _text(dict(zip(NEEDED, post, strict=True)), row, writer, style)


def _text(post, row, writer, style):
    """Write one text, and name the family of its telling sentence."""
    rest = cycle(row).__next__

    def draw(limit):
        return rest() * limit >> 16

    if post["is_call"]:
        return "the-call", f"{writer.theme['call']} {writer.theme['tags'][0]}"
    if post["lang"] == "und":
        return "no-words", style.text([], 0, post, draw)
    family, *said = writer.sentences(post, draw)
    return family, style.text(*said, post, draw)


def _written(rows, seed, theme, checked=True):
    """Write some rows of the plan as posts and truth."""
    bank = phrases.load(theme)
    family, text = map(list, zip(*_texts(rows, seed, theme), strict=True))
    repost = (rows["kind"] == REPOST).to_numpy()
    posts = pd.DataFrame(
        {
            "post_id": rows["post_id"].to_numpy(),
            "created_at": pd.to_datetime(rows["moment"].to_numpy(), unit="ms", utc=True).as_unit("us"),
            "platform": np.array(PLATFORMS)[rows["platform"]],
            "author": [f"invented_{number:07d}" for number in rows["author"]],
            "text": text,
            "lang": np.array(languages(bank))[rows["lang"]],
            "kind": KINDS[rows["kind"]],
            "parent_id": rows["parent_id"].to_numpy(),
            "root_id": rows["root_id"].to_numpy(),
        }
        | {name: rows[name].astype("Int64").mask(repost).array for name in ("likes", "reposts", "replies")}
    )
    truth = {"post_id": posts["post_id"], "stance": np.array(STANCES)[rows["stance"]]}
    for name in STORY:
        codes = np.array([*(bank.theme["topic"] if name == "topic" else bank.theme[name]["codes"]), "none"])
        truth[name] = codes[rows[name]]
    truth |= {"family": family, "seen": rows["seen"].to_numpy(), "account": np.array(ACCOUNTS)[rows["account"]]}
    copy_group = rows["copy_group"].to_numpy()
    truth["copy_group"] = np.where(copy_group >= 0, copy_group.astype("str"), "none")
    truth["deleted"] = np.array(["no", "yes"])[rows["deleted"]]
    if "sparked" in rows:
        truth["sparked_by"] = rows["sparked"].to_numpy()
    posts = posts[list(COLUMNS)]
    return check_posts(posts) if checked else posts, pd.DataFrame(truth)
