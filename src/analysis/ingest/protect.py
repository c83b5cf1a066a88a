"""Protect the people in posts as they are read: pseudonyms, masks, and no record's words in what is written."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from analysis.privacy import Key, keyed_ids, mask_texts, pseudonyms

#: Where the id of a post holds its writer's account: an address on the writer's page, or in the writer's repository.
NAMING = ("bluesky", "mastodon")


@dataclass(frozen=True)
class Protection:
    """What is protected, and what was turned off.

    Attributes
    ----------
    key : Key
    key_ids : bool
        Whether all ids of posts become pseudonyms too.
    keep_names : bool
        Whether authors are left as they are.
    keep_unmasked : bool
        Whether texts are left as they are.
    keep_naming : bool
        Whether ids that hold their writer's account (on `NAMING`) are left as they are.
    """

    key: Key
    key_ids: bool = False
    keep_names: bool = False
    keep_unmasked: bool = False
    keep_naming: bool = False

    def protect(self, table: pa.Table) -> pa.Table:
        """Give a table of posts (in ``finish.SCHEMA``) with its people protected."""
        platforms = _plain(table["platform"])
        changes = {}
        if not self.keep_names and table["author"].null_count < table.num_rows:
            changes["author"] = pseudonyms(_plain(table["author"]), platforms, self.key)
        if not self.keep_unmasked and table["text"].null_count < table.num_rows:
            changes["text"] = mask_texts(_plain(table["text"]))
        hidden = self.hidden(platforms)
        if pc.any(hidden).as_py():
            for name in ("post_id", "parent_id", "root_id"):
                plain = _plain(table[name])
                changes[name] = pc.if_else(hidden, keyed_ids(plain, platforms, self.key), plain)
        for name, column in changes.items():
            table = table.set_column(table.column_names.index(name), name, column)
        return table

    def hidden(self, platforms: pa.Array) -> pa.Array:
        """Tell in which rows the ids become pseudonyms: a boolean for each platform given."""
        if self.key_ids:
            return pa.array([True] * len(platforms), pa.bool_())
        if self.keep_naming:
            return pa.array([False] * len(platforms), pa.bool_())
        return pc.fill_null(pc.is_in(pc.cast(platforms, pa.string()), pa.array(NAMING)), False)

    def told(self) -> list[str]:
        """Say which protections are off."""
        off = {
            "--keep-author-names": self.keep_names,
            "--keep-text-unmasked": self.keep_unmasked,
            "--keep-ids-that-name-writers": self.keep_naming,
        }
        return [f"{flag}: this protection was turned off" for flag, chosen in off.items() if chosen]


def _plain(column):
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
