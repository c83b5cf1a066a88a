"""Read times however files write them, whole columns at once.

Known are, with or without fractions of a second and a zone (``Z``, ``+00:00``, ``+0000``, ``UTC``, ``EDT`` and others
of the United States): ``2017-10-15T20:21:11Z``, ``2017-10-15 20:21``, ``Sun Oct 15 20:21:11 +0000 2017``,
``Oct 15, 2017 8:21 PM``, ``10/15/2017 20:21`` and ``10/15/17 20:21`` (the month first, as American exports have it;
where only the day can come first it does), and seconds, milliseconds or microseconds since 1970. A time without a zone
is taken as UTC.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# What read_times says of each time.
FINE, MISSING, UNZONED, UNREADABLE = range(4)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0}
_ZONES |= {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"(?:\s*(?P<zone>Z|[A-Z]{3}|[+-]\d{2}:?(?:\d{2})?))?"
_PATTERNS = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:[T ]\s*{_CLOCK})?{_ZONE}",
        rf"[A-Za-z]{{3}},? (?P<name>[A-Za-z]{{3}}) +(?P<day>\d{{1,2}}) {_CLOCK}{_ZONE} (?P<year>\d{{4}})",
        rf"(?:[A-Za-z]{{3}}, )?(?P<day>\d{{1,2}}) (?P<name>[A-Za-z]{{3}})[a-z]* (?P<year>\d{{4}}),? {_CLOCK}{_ZONE}",
        rf"(?P<name>[A-Za-z]{{3}})[a-z]* (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),?(?: {_CLOCK})?{_ZONE}",
        rf"(?P<first>\d{{1,2}})[/.-](?P<other>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d{{2}})(?:,? {_CLOCK})?{_ZONE}",
    )
]
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{0,9})?(?:[eE]\+?\d{1,2})?", re.ASCII)
_NOTHING = {"", "na", "nan", "none", "null", "nat", "n/a", "-"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_times(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Read a column of times: microseconds since 1970 in UTC (0 where there is none), and the state of each."""
    texts = texts.fill_null("")
    fast = _twitter(texts)
    if fast is not None:
        return fast, np.full(len(texts), FINE, np.uint8)
    encoded = texts.dictionary_encode()
    distinct = [read_time(text) for text in encoded.dictionary.to_pylist()]
    rows = encoded.indices.to_numpy()
    times = np.array([time for time, _ in distinct], np.int64)[rows]
    return times, np.array([state for _, state in distinct], np.uint8)[rows]


def read_time(text: str) -> tuple[int, int]:
    """Read one time, see :func:`read_times`.

    Examples
    --------
    >>> read_time("Sun Oct 15 20:21:11 +0000 2017")
    (1508098871000000, 0)
    >>> read_time("10/15/17 16:21:11 EDT") == read_time("1508098871") == read_time("2017-10-15T17:21:11.000-03")
    True
    >>> read_time("2017-10-15 20:21:11")[1] == UNZONED, read_time("2017-10-15 20:21 IST")[1] == UNREADABLE
    (True, True)
    """
    text = text.strip()
    if text.lower() in _NOTHING:
        return 0, MISSING
    if len(text) > 60:
        return 0, UNREADABLE
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text), text)
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            try:
                return _written(match.groupdict())
            except (ValueError, OverflowError):
                return 0, UNREADABLE
    return 0, UNREADABLE


def _since_1970(number, text):
    """Seconds, milliseconds or microseconds, told by their size; what is too small for any time of posts is none."""
    for unit, low in ((1, 1e14), (1_000, 1e11), (1_000_000, 1e8)):
        if low <= number < low * 1e3:
            exact = int(text) * unit if text.isdigit() else round(number * unit)
            return (exact, FINE) if exact < 253402300800 * 10**6 else (0, UNREADABLE)
    return 0, UNREADABLE


def _written(part):
    year, zone = int(part["year"]), part["zone"]
    year += 2000 if year < 100 else 0
    if "first" in part:
        month, day = int(part["first"]), int(part["other"])
        month, day = (day, month) if month > 12 else (month, day)
    else:
        day = int(part["day"])
        month = MONTHS.index(part["name"].lower()) + 1 if part.get("name") else int(part["month"])
    hour = int(part["hour"] or 0)
    if part["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (part["half"] in "Pp")
    micro = int(((part["part"] or "") + "000000")[:6])
    time = datetime(year, month, day, hour, int(part["minute"] or 0), min(int(part["second"] or 0), 59), micro)
    offset = _offset(zone) if zone else timedelta()
    since = (time.replace(tzinfo=timezone(offset)) - _EPOCH) // timedelta(microseconds=1)
    return since, FINE if zone else UNZONED


def _offset(zone):
    if zone in _ZONES:
        return timedelta(hours=_ZONES[zone])
    if zone[0] not in "+-":
        raise ValueError(f"unknown zone {zone}")
    digits = zone[1:].replace(":", "")
    return timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (-1 if zone[0] == "-" else 1)


def _twitter(texts):
    """Read a whole column of ``Sun Oct 15 20:21:11 +0000 2017`` by its places, or None where one is not of the kind."""
    if len(texts) == 0 or not pc.all(pc.equal(pc.binary_length(texts), 30)).as_py():
        return None
    letters = np.frombuffer(pa.concat_arrays([pc.cast(texts, pa.string())]).buffers()[2], np.uint8)
    table = letters[: 30 * len(texts)].reshape(-1, 30)
    zone = (table[:, 19:26] == np.frombuffer(b" +0000 ", np.uint8)).all()
    if not zone or not (table[:, [3, 7, 10, 13, 16]] == np.frombuffer(b"   ::", np.uint8)).all():
        return None
    places = np.array([8, 9, 11, 12, 14, 15, 17, 18, 26, 27, 28, 29])
    digits = table[:, places].astype(np.int64) - 48
    if ((digits < 0) | (digits > 9)).any():
        return None
    packed = [int.from_bytes(name.capitalize().encode(), "big") for name in MONTHS]
    name = table[:, 4].astype(np.int64) << 16 | table[:, 5].astype(np.int64) << 8 | table[:, 6]
    order = np.argsort(packed)
    place = np.searchsorted(packed, name, sorter=order) % 12
    month = order[place]
    if (np.array(packed)[month] != name).any():
        return None
    day, hour, minute, second = (digits[:, at] * 10 + digits[:, at + 1] for at in (0, 2, 4, 6))
    year = digits[:, 8:] @ [1000, 100, 10, 1]
    first = (year - 1970).astype("M8[Y]").astype("M8[M]") + month
    last = ((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64)
    if ((day < 1) | (day > last) | (hour > 23) | (minute > 59) | (second > 59) | (year < 1970)).any():
        return None
    days = first.astype("M8[D]").astype(np.int64) + day - 1
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 10**6
