"""Study how a hashtag spread and what people said under it.

The modules are loaded when they are first used, so that ``import analysis`` costs next to nothing:

>>> import analysis
>>> analysis.snowflake.first_id("2017-10-15T20:21:11Z")
919659438018920448
"""

from importlib import import_module

__version__ = "0.1.0"

_MODULES = ()


def __getattr__(name):
    """Load a module of the package the first time that it is named."""
    if name in _MODULES:
        return import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__():
    """List the package's modules beside what is loaded already."""
    return sorted({*globals(), *_MODULES})
