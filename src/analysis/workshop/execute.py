"""Execute one lesson in a fresh kernel that nothing of the user's own settings reaches.

The kernel is the very interpreter that runs this, whatever kernels are installed elsewhere. It talks over files
(ipc), or over loopback where the system has no such sockets: no network is needed.
"""

from __future__ import annotations

import copy
import logging
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import run_sync

from analysis.lesson import RESULTS
from analysis.schema import InputError

#: Settings of the user's that would change what a lesson does or shows.
_DROPPED = re.compile(r"IPYTHON|IPYKERNEL|MPL|MATPLOTLIB|COLUMNS$|LINES$|PYTHON(STARTUP|INSPECT|OPTIMIZE|WARNINGS)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """How an execution ended: "done", or "failed" at a code cell (from 1) with an error of one line."""

    state: str
    seconds: float
    cell: int | None = None
    error: str | None = None


def execute(
    notebook: nbformat.NotebookNode,
    *,
    folder: Path,
    temp: Path,
    results: Path,
    on_cell: Callable[[int], None] = lambda number: None,
) -> tuple[nbformat.NotebookNode, Outcome]:
    """Execute a notebook in a kernel of its own; give it with its outputs, as far as it came.

    It is not changed. The kernel works in `folder`; `results` gets the lesson's figures and tables. Several executions
    can share `temp`. `on_cell` is called with the number of each code cell, from 1, before it runs.
    """
    notebook = copy.deepcopy(notebook)
    begun, cell, outcome = time.monotonic(), None, {"state": "done"}
    manager = _manager(temp)
    client = NotebookClient(notebook, km=manager, log=_quiet(), record_timing=False, coalesce_streams=True)
    client.shutdown_kernel = "immediate"
    start = {"cwd": str(folder), "env": environment(os.environ, temp) | {RESULTS: str(results)}}
    try:
        with client.setup_kernel(cleanup_kc=True, stdout=DEVNULL, stderr=DEVNULL, **start):
            process = manager.provisioner.process
            for cell, index in enumerate(code_cells(notebook), start=1):
                on_cell(cell)
                client.execute_cell(notebook.cells[index], index, execution_count=cell)
    except CellExecutionError as error:
        outcome = {"state": "failed", "cell": cell, "error": one_line(f"{error.ename}: {error.evalue}")}
    except DeadKernelError:
        outcome = {"state": "failed", "cell": cell, "error": f"the kernel died ({_ending(process.poll())})"}
    except RuntimeError as error:
        outcome = {"state": "failed", "cell": cell, "error": one_line(f"the kernel did not answer: {error}")}
    finally:
        if manager.has_kernel:  # only where we were interrupted while it started
            run_sync(manager.shutdown_kernel)(now=True)
    return notebook, Outcome(seconds=time.monotonic() - begun, **outcome)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook, or say in one line that it is none."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise InputError(f"{path}: not a notebook ({one_line(str(error))}); mend or restore the file") from None
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[int]:
    """Give the place of each code cell that will be executed: those that are not empty."""
    return [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]


def set_parameters(notebook: nbformat.NotebookNode, values: Mapping[str, object]) -> nbformat.NotebookNode:
    """Give the notebook with the cell of its parameters replaced by one that sets `values`.

    The first code cell tagged "parameters" is replaced; without one, a new cell comes first. The repr of each value
    must make it again.
    """
    notebook = copy.deepcopy(notebook)
    cell = next((cell for cell in notebook.cells if is_parameters(cell)), None)
    if cell is None:
        cell = nbformat.v4.new_code_cell(id="parameters", metadata={"tags": ["parameters"]})
        notebook.cells.insert(0, cell)
    cell.source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    return notebook


def is_parameters(cell: Mapping) -> bool:
    """Tell whether a cell is the one that sets a lesson's parameters."""
    return cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", [])


def environment(user: Mapping[str, str], temp: Path) -> dict[str, str]:
    """Give the environment of a kernel: the user's, less what would change results, plus what keeps them the same.

    IPython and matplotlib look for settings in `temp`, and write there.
    """
    kept = {name: value for name, value in user.items() if not _DROPPED.match(name)}
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    ours = {"IPYTHONDIR": str(temp / "ipython"), "MPLCONFIGDIR": str(temp / "matplotlib"), "TZ": "UTC"}
    python = {"PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return {**kept, **threads, **ours, **python, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}


class _OurKernel(KernelSpecManager):
    """Knows one kernel, the interpreter that runs us, and looks for no other."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        local = {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}
        return KernelSpec(argv=command, display_name="Python 3", language="python", metadata=local)


def _manager(temp: Path) -> AsyncKernelManager:
    """Give the manager of a kernel whose files are all in `temp`."""
    path = temp / "kernel"
    sockets = hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) < 90  # a socket's path holds some 100 bytes
    way = {"transport": "ipc", "ip": str(path)} if sockets else {"transport": "tcp", "ip": "127.0.0.1"}
    spec = _OurKernel(data_dir=str(temp))
    return AsyncKernelManager(connection_file=f"{path}.json", kernel_spec_manager=spec, log=_quiet(), **way)


def _quiet() -> logging.Logger:
    """Give a log that nobody reads: what went wrong comes back as an Outcome."""
    log = logging.getLogger("analysis.execute")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return log


def _ending(status: int | None) -> str:
    """Say how a process ended."""
    if status is None or status >= 0:
        return f"exit status {status}"
    name = signal.Signals(-status).name
    return f"{name}, perhaps for want of memory" if name == "SIGKILL" else name


def one_line(text: str, most: int = 200) -> str:
    """Give a message without colours, as one line of bounded length."""
    line = " ".join(_ANSI.sub("", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
