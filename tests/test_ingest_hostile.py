"""Input that means harm, or might as well: bombs, endless lines, depth, names that lead out, formulas, scripts."""

import gzip
import json
import random
import resource
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import zstandard

from analysis.collect import containers, split
from analysis.collect.formats import _mend as mend
from analysis.collect.ingesting import ingest
from analysis.collect.split import LONGEST
from analysis.schema import InputError

FIRST = 919659437487030272
GOOD = {
    "created_at": "Sun Oct 15 20:21:11 +0000 2017",
    "id_str": str(FIRST),
    "user": {"id_str": "1"},
    "full_text": "#MeToo",
}


@pytest.fixture
def take(tmp_path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "key").write_text("ab" * 32)

    def take(content, **options):
        path = tmp_path / "given"
        path.write_bytes(content)
        report = ingest(path, tmp_path / "posts.parquet", key_file=tmp_path / "settings" / "key", **options)
        return report, pd.read_parquet(tmp_path / "posts.parquet")

    return take


def good(number=0):
    return json.dumps({**GOOD, "id_str": str(FIRST + number * 2**22)}).encode() + b"\n"


@pytest.mark.parametrize("line", [b"x" * 50_000_000, b'{"text": "' + b"x" * 50_000_000 + b'"}', b"[" * 50_000_000])
def test_a_line_of_50_mb_is_refused_and_its_neighbours_are_read(take, line):
    started = time.time()
    report, posts = take(good(0) + line + b"\n" + good(1))
    assert (report["read"], report["kept"], report["refused"]) == (3, 2, 1)
    assert list(report["refused_by_reason"]) == ["longer than 16 MiB"]
    assert len(posts) == 2
    assert time.time() - started < 20


def test_a_row_of_50_mb_in_a_csv(take):
    header = b"post_id,text\n"
    report, _ = take(header + b"1,one\n" + b'2,"' + b"x" * 50_000_000 + b"\n" + b"3,three\n")
    assert (report["kept"], report["refused"]) == (2, 1)


def test_an_element_of_50_mb_in_a_list(take):
    report, _ = take(
        b"[\n" + good(0).strip() + b',\n{"text": "' + b"x" * 50_000_000 + b'"},\n' + good(1).strip() + b"\n]"
    )
    assert (report["kept"], report["refused"]) == (2, 1)


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"a":' * 200_000, b'{"user":' * 100_000 + b"1" + b"}" * 100_000])
def test_absurdly_deep_json_is_refused(take, deep):
    report, _ = take(good(0) + deep + b"\n" + good(1))
    assert (report["kept"], report["refused"]) == (2, 1)


def test_a_number_without_end_is_refused_or_missing(take):
    line = b'{"created_at": "x", "id": ' + b"9" * 10_000 + b', "user": {}, "text": "x"}\n'
    report, _ = take(good(0) + line)
    assert report["read"] == report["kept"] + report["refused"] == 2


@pytest.mark.parametrize("how", ["gzip", "zstd", "zip"])
def test_a_bomb_is_not_unpacked_to_its_end(take, tmp_path, how):
    nothing = bytes(2**20)
    path = tmp_path / "bomb"
    if how == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.jsonl", "w") as stream:
            stream.write(good())
            for _ in range(400):
                stream.write(nothing)
    else:
        with pa.CompressedOutputStream(str(path), how) as stream:
            stream.write(good())
            for _ in range(400):
                stream.write(nothing)
    with pytest.raises(InputError, match="it may be a bomb"):
        take(path.read_bytes())


@pytest.mark.parametrize(
    "name", ["../out.jsonl", "/etc/out.jsonl", "C:\\out.jsonl", "a/../../out.jsonl", "..\\out.jsonl"]
)
def test_names_that_lead_out_of_an_archive_are_refused(take, tmp_path, name):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), good())
    with pytest.raises(InputError, match="leads out of its folder"):
        take(path.read_bytes())


def test_links_several_members_and_passwords_in_archives_are_refused(take, tmp_path):
    path = tmp_path / "archive.zip"
    link = zipfile.ZipInfo("a.jsonl")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="leads out of its folder"):
        take(path.read_bytes())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", good())
        archive.writestr("b.jsonl", good())
    with pytest.raises(InputError, match="holds 2 files"):
        take(path.read_bytes())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", good())
    locked = bytearray(path.read_bytes())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        locked[locked.find(mark) + at] |= 1
    with pytest.raises(InputError, match="password"):
        take(bytes(locked))


def test_damaged_archives_are_told(take):
    packed = gzip.compress(good(0) * 1000)
    for content in (
        packed[:-20],
        packed[:40] + b"\0\0\0\0" + packed[44:],
        b"PK\3\4" + bytes(50),
        b"\x28\xb5\x2f\xfd" + bytes(9),
    ):
        with pytest.raises(InputError, match=r"given: (the packed file|.*zip|.*empty)"):
            take(content)


def test_a_dump_with_a_long_window_is_read(take):
    """Pushshift's dumps have windows of 2 GiB, as this has; and another frame follows, and one to be skipped."""
    longest = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True, compression_level=1)
    packed = [zstandard.ZstdCompressor(compression_params=longest).compressobj() for _ in range(2)]
    frames = [one.compress(good(number) * 3) + one.flush() for number, one in enumerate(packed)]
    assert zstandard.get_frame_parameters(frames[0]).window_size == 2**31
    report, _ = take(frames[0] + struct.pack("<II", 0x184D2A50, 5) + b"aside" + frames[1])
    assert (report["read"], report["kept"], report["duplicates"]) == (6, 2, 4)


@pytest.mark.parametrize("cut", [1, 4, 30, 3000])
def test_a_zstd_file_that_breaks_off_is_told_and_not_taken_for_whole(take, cut):
    whole = zstandard.compress(
        b"".join(
            json.dumps({**GOOD, "id_str": str(FIRST + n * 2**22)}).encode() + b"\n"
            for n in random.Random(1).sample(range(10**9), 2_000)
        )
    )
    assert len(whole) > 2 * 3000
    with pytest.raises(InputError, match="breaks off before its end"):
        take(whole[:-cut])


def test_a_damaged_zstd_file_is_told(take):
    whole = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(b"".join(map(good, range(500)))))
    whole[len(whole) // 2] ^= 255
    with pytest.raises(InputError, match="is damaged"):
        take(bytes(whole))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_long_window_takes_memory_for_what_was_unpacked_alone(tmp_path):
    """A frame that claims the longest window, and holds 100 MB: neither 2 GiB nor the whole file is taken at once."""
    longest = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True, compression_level=1)
    path = tmp_path / "dump.zst"
    with path.open("wb") as file, zstandard.ZstdCompressor(compression_params=longest).stream_writer(file) as stream:
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


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(take):
    rows = b"".join(b"%d,text %d\n" % (FIRST + n * 2**22, n) for n in range(2000))
    report, posts = take(b"post_id,text\n" + b'5,"open\n' + rows + b'7,"closed"\n')
    assert (report["read"], report["kept"], report["refused"]) == (2002, 2001, 1)
    assert posts["text"].str.len().max() < 20


def test_rows_that_quote_in_every_line_do_not_take_forever():
    pieces = (split.Piece(b'a","b', number) for number in range(20_000))
    started = time.time()
    rows = list(split.csv_rows(pieces, ",", 2))
    assert len(rows) > 0
    assert time.time() - started < 20


def test_nothing_is_ever_unpickled(take, tmp_path):
    import pickle

    class Harm:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    with pytest.raises(InputError):
        take(pickle.dumps(Harm()))
    assert not (tmp_path / "harm").exists()


def test_a_stray_backslash_in_a_bytes_literal_is_kept_and_warns_of_nothing(recwarn):
    assert mend.bytes_literal(r"b'a \- b \xe2\x80\xa6 \\d'") == "a \\- b … \\d"
    assert not recwarn.list


def test_scripts_are_text_and_html_is_not_run(take):
    assert mend.from_html("<p>hi<script>alert(1)</script><b onclick='x'>there") == "hithere"
    assert mend.from_html("<" * 100_000)
    _, posts = take(good(0).replace(b"#MeToo", b"<script>alert(1)</script> #MeToo"))
    assert posts["text"][0] == "<script>alert(1)</script> #MeToo"
    assert "<script>" not in posts.to_html()


def test_a_bomb_does_not_take_memory(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(200_000_000)))
    code = "import sys, pathlib, resource; from analysis.collect import containers\n"
    code += "with containers.opened(pathlib.Path(sys.argv[1])) as s:\n    while s.read(1 << 20): pass"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "it may be a bomb" in run.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_500_000


def test_text_that_shrinks_well_is_no_bomb(tmp_path):
    path = tmp_path / "many.gz"
    path.write_bytes(gzip.compress(b"".join(good(n) for n in range(20_000))))
    with containers.opened(path) as stream:
        assert sum(len(data) for data in iter(lambda: stream.read(LONGEST), b"")) > 2_000_000
