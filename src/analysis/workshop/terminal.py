"""What the commands say on standard output, and the options that several of them share."""

from __future__ import annotations

import sys

import click


def say(*lines: str) -> None:
    """Write lines to standard output; what its encoding lacks becomes an escape, so nothing fails at its last word.

    Parameters
    ----------
    *lines : str
        Without their line ends.
    """
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("".join(f"{line}\n" for line in lines).encode(encoding, "backslashreplace").decode(encoding))


class Renamed(click.Option):
    """An option whose first name alone is shown in the help; its older names still work."""

    def get_help_record(self, ctx):
        """Give the option's line in the help."""
        names, self.opts = self.opts, self.opts[:1]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names


def random_state_option(text: str):
    """Give the option of the seed, with what the help says of it."""
    names = ("--random-state", "--seed")
    return click.option(*names, cls=Renamed, metavar="N", type=int, default=1, show_default=True, help=text)


second_option = click.option(
    "--second",
    type=click.Choice(["parent_id", "root_id"]),
    help="What the second column of an id list without a header holds.",
)
