"""Protect the people in posts as they are read: pseudonyms, masks, and no record's words in what is written."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from analysis.privacy import Key, keyed_ids, mask_texts, pseudonyms


@dataclass(frozen=True)
class Protection:
    """What is protected, and what was turned off.

    Attributes
    ----------
    key : Key
    key_ids : bool
        Whether ids of posts become pseudonyms too.
    keep_names : bool
        Whether authors are left as they are.
    keep_unmasked : bool
        Whether texts are left as they are.
    """

    key: Key
    key_ids: bool = False
    keep_names: bool = False
    keep_unmasked: bool = False

    def protect(self, table: pa.Table) -> pa.Table:
        """Give a table of posts (in ``finish.SCHEMA``) with its people protected."""
        platforms = _plain(table["platform"])
        changes = {}
        if not self.keep_names and table["author"].null_count < table.num_rows:
            changes["author"] = pseudonyms(_plain(table["author"]), platforms, self.key)
        if not self.keep_unmasked and table["text"].null_count < table.num_rows:
            changes["text"] = mask_texts(_plain(table["text"]))
        if self.key_ids:
            names = ("post_id", "parent_id", "root_id")
            changes |= {name: keyed_ids(_plain(table[name]), platforms, self.key) for name in names}
        for name, column in changes.items():
            table = table.set_column(table.column_names.index(name), name, column)
        return table

    def told(self) -> list[str]:
        """Say which protections are off."""
        off = {
            "--keep-author-names": self.keep_names,
            "--keep-text-unmasked": self.keep_unmasked,
        }
        return [f"{flag}: this protection was turned off" for flag, chosen in off.items() if chosen]


def _plain(column):
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
