"""Input that means harm, or might as well: bombs, endless lines, depth, names that lead out, formulas, scripts."""

import gzip
import os
import pickle
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard

from analysis.collect import containers, split
from analysis.collect.formats import _mend
from analysis.collect.ingesting import ingest
from analysis.posts import load_posts
from analysis.schema import InputError

LONG = 20_000_000
WINDOW = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True, compression_level=1)


@pytest.fixture
def good(tweet):
    return lambda number=0: tweet.lines(tweet(number)).encode()


def zipped(path, *members):
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path.read_bytes()


DEEP = [b"[" * 200_000, b'{"user":' * 100_000 + b"1" + b"}" * 100_000, b'{"id": ' + b"9" * 10_000 + b', "user": {}}']
ENDLESS = [b"x" * LONG, b'{"text": "' + b"x" * LONG + b'"}', b"[" * LONG]


@pytest.mark.parametrize("line", [*DEEP, *ENDLESS], ids=["lists", "objects", "number", "x", "text", "["])
def test_a_line_without_end_or_bottom_is_refused_and_its_neighbours_are_read(take, good, line):
    report, posts = take(good(0) + line + b"\n" + good(1))
    assert (report["read"], len(posts), report["refused"]) == (3, 2, 1)
    assert len(line) < LONG or list(report["refused_by_reason"]) == ["longer than 16 MiB"]


def test_a_row_without_end_in_a_csv_and_an_element_in_a_list(take, good):
    report, _ = take(b'post_id,text\n1,one\n2,"' + b"x" * LONG + b"\n3,three\n")
    assert (report["kept"], report["refused"]) == (2, 1)
    report, _ = take(b"[" + good(0) + b',\n{"text": "' + b"x" * LONG + b'"},\n' + good(1) + b"]")
    assert (report["kept"], report["refused"]) == (2, 1)


@pytest.mark.parametrize("how", ["gzip", "zstd", "zip"])
def test_a_bomb_is_not_unpacked_to_its_end_nor_into_memory(tmp_path, how):
    path, nothing = tmp_path / "bomb", bytes(2**20)
    if how == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", nothing * 160)
    else:
        with pa.CompressedOutputStream(str(path), how) as stream:
            for _ in range(160):
                stream.write(nothing)
    most = 0
    with pytest.raises(InputError, match="it may be a bomb"), containers.opened(path) as stream:
        while data := stream.read(2**20):
            most = max(most, len(data))
    assert 0 < most <= 2**20


def test_text_that_shrinks_well_is_no_bomb(tmp_path, good):
    path = tmp_path / "many.gz"
    path.write_bytes(gzip.compress(b"".join(good(n) for n in range(20_000))))
    with containers.opened(path) as stream:
        assert sum(len(data) for data in iter(lambda: stream.read(split.LONGEST), b"")) > 2_000_000


def test_archives_that_lead_out_or_hold_several_files_or_are_locked_are_refused(take, tmp_path, good):
    path, link = tmp_path / "archive.zip", zipfile.ZipInfo("a.jsonl")
    link.external_attr = 0o120777 << 16
    out = ["../out.jsonl", "/etc/out.jsonl", "C:\\out.jsonl", "a/../../out.jsonl", "..\\out.jsonl"]
    for member in (link, *map(zipfile.ZipInfo, out)):
        with pytest.raises(InputError, match="leads out of its folder"):
            take(zipped(path, (member, good())))
    with pytest.raises(InputError, match="holds 2 files"):
        take(zipped(path, ("a.jsonl", good()), ("b.jsonl", good())))
    locked = bytearray(zipped(path, ("a.jsonl", good())))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        locked[locked.find(mark) + place] |= 1
    with pytest.raises(InputError, match="password"):
        take(bytes(locked))


def test_damaged_archives_are_told_and_not_taken_for_whole(take, good):
    many = b"".join(map(good, random.Random(1).sample(range(10**9), 2_000)))
    packed, frames = gzip.compress(many), zstandard.compress(many)
    torn = [packed[:-20], packed[:40] + bytes(4) + packed[44:], b"PK\3\4" + bytes(50), b"\x28\xb5\x2f\xfd" + bytes(9)]
    for content in [*torn, *(frames[:-cut] for cut in (1, 4, 30, 3000))]:
        with pytest.raises(InputError, match=r"given: (the packed file|.*zip|.*empty)"):
            take(content)
    whole = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(many))
    whole[len(whole) // 2] ^= 255
    with pytest.raises(InputError, match="is damaged"):
        take(bytes(whole))


def test_a_dump_with_a_long_window_is_read(take, good):
    """Pushshift's dumps have windows of 2 GiB, as this has; and another frame follows, and one to be skipped."""
    packed = [zstandard.ZstdCompressor(compression_params=WINDOW).compressobj() for _ in range(2)]
    frames = [frame.compress(good(number) * 3) + frame.flush() for number, frame in enumerate(packed)]
    assert zstandard.get_frame_parameters(frames[0]).window_size == 2**31
    report, _ = take(frames[0] + struct.pack("<II", 0x184D2A50, 5) + b"aside" + frames[1])
    assert (report["read"], report["kept"], report["duplicates"]) == (6, 2, 4)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_long_window_takes_memory_for_what_was_unpacked_alone(tmp_path):
    """A frame that claims the longest window, and holds 100 MB: neither 2 GiB nor the whole file is taken at once."""
    path = tmp_path / "dump.zst"
    with path.open("wb") as file, zstandard.ZstdCompressor(compression_params=WINDOW).stream_writer(file) as stream:
        for number in range(100):
            stream.write(random.Random(number).randbytes(50_000) * 20)
    code = "import sys, pathlib; from analysis.collect import containers\n"
    code += "with containers.opened(pathlib.Path(sys.argv[1])) as s:\n"
    code += "    print(sum(map(len, iter(lambda: s.read(1 << 20), b''))))\n"
    # Not ru_maxrss, which begins at what the parent took.
    code += "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    size, peak = map(int, run.stdout.split())
    assert size == 100_000_000
    assert peak < 500_000


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(take, tweet):
    rows = b"".join(f"{tweet.id(n)},text {n}\n".encode() for n in range(2000))
    report, posts = take(b"post_id,text\n" + b'5,"open\n' + rows + b'7,"closed"\n')
    assert (report["read"], report["kept"], report["refused"]) == (2002, 2001, 1)
    assert posts["text"].str.len().max() < 20


def test_rows_that_quote_in_every_line_do_not_take_forever():
    started = time.process_time()
    assert list(split.csv_rows((split.Piece(b'a","b', number) for number in range(2_000)), ",", 2))
    assert time.process_time() - started < 10


def test_nothing_is_ever_unpickled(take, tmp_path):
    class Harm:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    with pytest.raises(InputError):
        take(pickle.dumps(Harm()))
    assert not (tmp_path / "harm").exists()


def test_a_pipe_is_not_waited_for(tmp_path, key):
    os.mkfifo(tmp_path / "pipe")
    for read in (load_posts, lambda path: ingest(path, tmp_path / "posts.parquet")):
        for path in (tmp_path / "pipe", Path("/dev/null")):
            with pytest.raises(InputError, match="this is a pipe or a device"):
                read(path)


def test_a_stray_backslash_in_a_bytes_literal_is_kept_and_warns_of_nothing(recwarn):
    assert _mend.bytes_literal(r"b'a \- b \xe2\x80\xa6 \\d'") == "a \\- b … \\d"
    assert not recwarn.list


def test_scripts_are_text_and_html_is_not_run(take, good):
    assert _mend.from_html("<p>hi<script>alert(1)</script><b onclick='x'>there") == "hithere"
    assert _mend.from_html("<" * 100_000)
    _, posts = take(good(0).replace(b"#MeToo", b"<script>alert(1)</script> #MeToo"))
    assert "<script>alert(1)</script> #MeToo" in posts["text"][0]
    assert "<script>" not in posts.to_html()
