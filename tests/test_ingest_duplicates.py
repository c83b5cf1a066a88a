"""Duplicates are found over all parts of a file, however many there are, and the fullest record stays."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.collect import duplicates, writing
from analysis.collect.columns import SCHEMA


@pytest.mark.parametrize("share", [0.0001, 0.02, 0.9])
def test_of_each_id_the_fullest_row_stays_and_all_rows_without_one(tmp_path, monkeypatch, share):
    monkeypatch.setattr(writing, "_ROWS", 4096)
    rng = np.random.default_rng(1)
    size = 30_000
    differ = max(1, int(size * (1 - share)))
    ids = (rng.integers(0, differ, size) + 400_000) << 22
    ids = np.where(rng.random(size) < 0.01, 0, ids)
    names = [None if one == 0 else f"{one}" if one % 3 else f"at://{one}" for one in ids.tolist()]
    likes = [None if bare else 1 for bare in rng.random(size) < 0.5]
    path, numbers = tmp_path / "all.parquet", []
    rows = writing.Rows(path)
    for start in range(0, size, 1000):
        part = {"post_id": pa.array(names[start : start + 1000]), "likes": pa.array(likes[start : start + 1000])}
        nothing = {one.name: pa.nulls(1000, one.type) for one in SCHEMA}
        table = pa.table({**nothing, **part}).select(SCHEMA.names).cast(SCHEMA)
        rows.write(table)
        numbers.append(duplicates.numbers_of(table["post_id"].combine_chunks(), None))
    rows.close()

    lost = duplicates.rows_to_drop(path, numbers)
    writing.write_without(path, lost, tmp_path / "out.parquet")

    assert pq.ParquetFile(path).num_row_groups > 3
    assert numbers == []
    there = pq.read_table(tmp_path / "out.parquet", columns=["post_id", "likes"]).to_pydict()
    kept = dict(zip(there["post_id"], there["likes"], strict=True))
    best = {}
    for name, liked in zip(names, likes, strict=True):
        best[name] = best.get(name) or liked
    assert sum(name is None for name in there["post_id"]) == names.count(None)
    assert len(there["post_id"]) - names.count(None) == len(best) - 1
    assert {name: kept[name] for name in best if name} == {name: best[name] for name in best if name}
    gone = np.ones(size, bool)
    gone[lost] = False
    assert there["post_id"] == [name for name, stays in zip(names, gone.tolist(), strict=True) if stays]
