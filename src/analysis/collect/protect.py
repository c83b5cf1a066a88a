"""Protect the people in posts as they are read: pseudonyms, masks, and no record's words in what is written."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.keys import Key, keyed_ids, pseudonyms
from analysis.collect.masks import mask_texts

#: Where a post's public id holds its writer's account: in Mastodon's URI the name, in Bluesky's the DID.
NAMING = pa.array(["mastodon", "bluesky"])
_IDS = ("post_id", "parent_id", "root_id")


@dataclass(frozen=True)
class Protection:
    """What is protected, and what was turned off.

    Attributes
    ----------
    key : Key
    key_ids : bool
        Whether ids of all posts become pseudonyms too. Those that name their writers do so anyhow.
    keep_names : bool
        Whether authors are left as they are.
    keep_unmasked : bool
        Whether texts are left as they are.
    keep_naming : bool
        Whether ids that name their writers are left as they are.
    """

    key: Key
    key_ids: bool = False
    keep_names: bool = False
    keep_unmasked: bool = False
    keep_naming: bool = False

    def protect(self, table: pa.Table) -> pa.Table:
        """Give a table of posts with its people protected: what was not turned off is done.

        Parameters
        ----------
        table : pyarrow.Table
            In ``finish.SCHEMA``.

        Returns
        -------
        pyarrow.Table
            The same rows in the same order: authors are pseudonyms, texts masked, and ids that name their writers (with
            `key_ids` all ids) pseudonyms.
        """
        platforms = _plain(table["platform"])
        changes = {}
        if not self.keep_names and table["author"].null_count < table.num_rows:
            changes["author"] = pseudonyms(_plain(table["author"]), platforms, self.key)
        if not self.keep_unmasked and table["text"].null_count < table.num_rows:
            changes["text"] = mask_texts(_plain(table["text"]))
        if self.key_ids:
            changes |= {name: keyed_ids(_plain(table[name]), platforms, self.key) for name in _IDS}
        elif self.naming(table):
            here = _naming(platforms)
            for name in _IDS:
                ids = _plain(table[name])
                keyed = keyed_ids(ids.filter(here), platforms.filter(here), self.key)
                changes[name] = pc.replace_with_mask(ids, here, keyed)
        for name, column in changes.items():
            table = table.set_column(table.column_names.index(name), name, column)
        return table

    def naming(self, table: pa.Table) -> int:
        """Count the posts whose ids become pseudonyms because they would name their writers."""
        return 0 if self.key_ids or self.keep_naming else pc.sum(_naming(table["platform"])).as_py() or 0

    def told(self) -> list[str]:
        """Say which protections are off."""
        off = {
            "--keep-author-names": self.keep_names,
            "--keep-text-unmasked": self.keep_unmasked,
            "--keep-ids-that-name-writers": self.keep_naming,
        }
        return [f"{flag}: this protection was turned off" for flag, chosen in off.items() if chosen]


def _naming(platforms):
    return pc.fill_null(pc.is_in(platforms, NAMING), False)


def _plain(column):
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
