"""Study how a hashtag spread and what people said under it.

The modules are loaded when they are first used, so that ``import analysis`` costs next to nothing:

>>> import analysis
>>> analysis.snowflake.first_id("2017-10-15T20:21:11Z")
919659437487030272
"""

from importlib import import_module
from importlib.util import find_spec

__version__ = "0.1.0"


def __getattr__(name):
    """Load a module of the package the first time that it is named."""
    if name.startswith("__") or find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__():
    """List the package's modules beside what is loaded already."""
    from pkgutil import iter_modules

    return sorted({*globals(), *(module.name for module in iter_modules(__path__) if module.name != "__main__")})
