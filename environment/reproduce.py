"""Runs the notebooks on the project's kernel and writes the report; environment/reproduce calls this.

The arguments are described there. Only the standard library is imported before the arguments have been checked.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any, Coroutine, NoReturn

HOME = Path(__file__).resolve().parent.parent
NOTEBOOKS = HOME / "notebooks"
REPORT = HOME / "target" / "report"
SCALES = ("quick", "paper", "beyond")
# A cell that takes longer than this at scale quick hangs; the other scales may take days.
CELL_SECONDS = {"quick": 900, "paper": None, "beyond": None}


def refuse(sentence: str) -> NoReturn:
    print(f"reproduce: {sentence}", file=sys.stderr)
    raise SystemExit(2)


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    scale: str
    update: bool
    committed: bool
    look: bool
    notebooks: tuple[Path, ...]


def find(name: str, known: list[Path]) -> Path:
    """The notebook meant by ``02``, ``02-theorem-1``, ``02-theorem-1.ipynb`` or a path."""
    stem = Path(name).name
    stem = stem[: -len(".ipynb")] if stem.endswith(".ipynb") else stem
    hits = [n for n in known if n.stem == stem] or [n for n in known if n.stem.split("-")[0] == stem]
    if len(hits) != 1:
        names = ", ".join(n.stem for n in known) or "none yet"
        refuse(f"there is no one notebook {name!r}; there are: {names}.")
    return hits[0]


def read_request(arguments: list[str]) -> Request:
    scale, update, committed, look, names = "quick", False, False, False, []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--scale" or word.startswith("--scale="):
            if word == "--scale" and not rest:
                refuse("--scale needs one of quick, paper, beyond.")
            scale = rest.pop(0) if word == "--scale" else word[len("--scale=") :]
            if scale not in SCALES:
                refuse(f"--scale is one of quick, paper, beyond, not {scale!r}.")
        elif word == "--update":
            update = True
        elif word == "--committed":
            committed = True
        elif word == "--look":
            look = True
        elif word.startswith("-"):
            refuse(f"{word} is not an option; environment/reproduce --help lists them.")
        else:
            names.append(word)
    known = sorted(NOTEBOOKS.glob("*.ipynb"))
    chosen = {find(name, known) for name in names} if names else set(known)
    if committed and (update or scale != "quick"):
        refuse("--committed runs nothing; it is given without --scale and --update.")
    return Request(scale, update, committed, look, tuple(sorted(chosen)))


@dataclass(frozen=True)
class Run:
    """A notebook as it ran: its cells with their new outputs, how long it took and what went wrong, if anything."""

    source: Path
    notebook: Any
    recorded: Any
    seconds: float
    error: str | None


def execute(source: Path, scale: str, conditions: str) -> Run:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    recorded = nbformat.read(source, as_version=4)
    notebook = nbformat.read(source, as_version=4)
    codes = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    for i in (i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"):
        notebook.cells[i].outputs = []
        notebook.cells[i].execution_count = None
    began = time.monotonic()
    said = [began]

    def heartbeat(cell: Any, cell_index: int, **_: Any) -> None:
        # One line a notebook is enough for a log, unless it takes long.
        now = time.monotonic()
        if now - said[0] > 20 and cell_index in codes:
            said[0] = now
            print(f"    {source.stem}: cell {codes.index(cell_index) + 1} of {len(codes)}, {now - began:.0f} s", flush=True)

    client = NotebookClient(
        notebook,
        kernel_name="liftgrad",
        timeout=CELL_SECONDS[scale],
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
        on_cell_start=heartbeat,
    )
    error = None
    try:
        run_to_end(client.async_execute())
    except CellExecutionError as fault:
        error = f"a cell failed: {plain(fault.evalue or fault.ename)}"
    except CellTimeoutError:
        error = f"a cell took more than {CELL_SECONDS[scale]} s"
    except DeadKernelError:
        error = "the kernel died"
    except RuntimeError as fault:
        error = f"the kernel did not start: {plain(str(fault))}"
    # The JDK's exact version is this machine's affair, not the notebook's.
    notebook.metadata.get("language_info", {}).pop("version", None)
    # Said apart, of these outputs; what is compared are the outputs.
    notebook.metadata["liftgrad"] = {"provenance": dated(conditions)}
    return Run(source, notebook, recorded, time.monotonic() - began, error)


class Loop(asyncio.SelectorEventLoop):
    """An event loop that leaves Ctrl-C to us: nbclient's own handler ends in a stack trace."""

    def add_signal_handler(self, *_: Any) -> None:
        raise NotImplementedError


def run_to_end(work: Coroutine[Any, Any, Any]) -> None:
    """Runs the work; on an interruption lets it shut its kernel down first."""
    loop = Loop()
    asyncio.set_event_loop(loop)
    task = loop.create_task(work)
    try:
        loop.run_until_complete(task)
    except KeyboardInterrupt:
        waiting = asyncio.all_tasks(loop)
        for one in waiting:
            one.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        raise
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def as_committed(source: Path) -> Run:
    """A notebook with the outputs that it was committed with."""
    import nbformat

    notebook = nbformat.read(source, as_version=4)
    return Run(source, notebook, notebook, 0.0, None)


def liftgrad(*arguments: str) -> str:
    """What a command of the library says; an empty text where it cannot run."""
    command = ["bash", str(HOME / "environment" / "liftgrad"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        print(f"liftgrad {' '.join(arguments)}: {plain(done.stderr)}", file=sys.stderr)
    return done.stdout if done.returncode == 0 else ""


def commit(*unless: str) -> str:
    """The checkout's commit as a part of a sentence, marked if files beside those named differ from it; nothing without git."""
    said = []
    for question in (("rev-parse", "--short=10", "HEAD"), ("status", "--porcelain", "--", ".", *(f":(exclude){path}" for path in unless))):
        git = subprocess.run(["git", "-C", str(HOME), *question], capture_output=True, text=True, check=False) if which("git") else None
        if not git or git.returncode != 0:
            return ""
        said.append(git.stdout.strip())
    return f", commit {said[0]}" + (" + changes" if said[1] else "")


def conditions(scale: str) -> str:
    """What runs, and on what: nothing that names the machine, its folders or its user."""
    version = liftgrad("--version").strip() or "Liftgrad"
    java = subprocess.run([str(Path(os.environ["JAVA_HOME"]) / "bin" / "java"), "-version"], capture_output=True, text=True, check=False) if "JAVA_HOME" in os.environ else None
    runtime = plain(java.stderr).replace('"', "") if java else "Java"
    # A notebook holds its cells itself: that one was edited, or another run, does not change what the library is.
    return (
        f"{version.capitalize()}{commit('notebooks')}; scale {scale}, seed 1; {runtime};"
        f" {platform.system()} {platform.machine()}, {processor()}, {os.cpu_count()} threads"
    )


def processor() -> str:
    """The model of the processor, where the system tells it."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8", errors="replace").splitlines() if listed.exists() else []
    models = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return " ".join((models[0] if models else "").split()) or "processor unknown"


def dated(what: str) -> str:
    return f"{what}; {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}."


def ran(notebook: Any) -> str:
    """On what a notebook's outputs were made, as it was noted by the run that wrote them; an empty text if none did."""
    noted = notebook.metadata.get("liftgrad", {})
    line = noted.get("provenance", "") if isinstance(noted, dict) else ""
    return line if isinstance(line, str) else ""


def provenance_committed() -> str:
    return f"Liftgrad{commit()}. The outputs are those that the notebooks were committed with."


def plain(text: str) -> str:
    """The first line of a message, which is its sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else "no message"


def main(arguments: list[str]) -> int:
    check_only = arguments[:1] == ["--check-arguments"]
    request = read_request(arguments[1:] if check_only else arguments)
    if check_only:
        return 0

    import nbformat

    import pages
    import report

    os.environ["LIFTGRAD_SCALE"] = request.scale  # the kernel inherits it

    if not request.notebooks:
        print("There are no notebooks yet.")
    # Before the runs, which change the notebooks.
    where = provenance_committed() if request.committed else conditions(request.scale)
    runs = []
    for number, source in enumerate(request.notebooks, start=1):
        if request.committed:
            runs.append(as_committed(source))
            continue
        print(f"Running {source.stem} ({number} of {len(request.notebooks)}, scale {request.scale}) …", flush=True)
        run = execute(source, request.scale, where)
        runs.append(run)
        print(f"  {'failed, ' + run.error if run.error else 'done'} in {run.seconds:.1f} s", flush=True)
        (REPORT / "notebooks").mkdir(parents=True, exist_ok=True)
        nbformat.write(run.notebook, REPORT / "notebooks" / source.name)
        if request.update and not run.error:
            beside = source.with_suffix(".ipynb.new")
            nbformat.write(run.notebook, beside)
            beside.replace(source)
            print(f"  wrote its outputs to notebooks/{source.name}")

    compare = request.scale == "quick" and not request.update
    shown = [pages.page(run.source.stem, run.notebook, run.seconds, run.error, ran(run.notebook)) for run in runs]
    rows = [row for run in runs for row in report.verdicts(run.source.stem, run.notebook)]
    differences = [
        difference
        for run in runs
        if compare and not run.error
        for difference in (
            *report.compare(run.source.stem, run.notebook, run.recorded),
            *report.compare_outputs(run.source.stem, run.notebook, run.recorded, os.environ.get("LIFTGRAD_SPARK") == "yes"),
        )
    ]
    statements = json.loads(liftgrad("statements", "--json") or "[]")
    said = where if request.committed else dated(where)
    index = pages.write(REPORT, pages.Site(request.scale, shown, rows, differences, statements, said))

    print()
    print(report.as_text(rows))
    for difference in differences:
        print(f"Differs from the committed notebook: {difference}")
    if differences:
        print("If what is new is right: environment/reproduce --update, and commit the notebooks.")
    failed = [run for run in runs if run.error]
    for run in failed:
        print(f"{run.source.stem}: {run.error}")
    if request.scale != "quick":
        print(f"At scale {request.scale} verdicts are not compared with the committed ones, which are quick.")
    print(f"{len(runs) - len(failed)} of {len(runs)} notebooks ran to their end; the report: {index}")
    faults = []
    if request.look:
        import browser

        faults = browser.look(REPORT)
        for fault in faults:
            print(f"In the browser: {fault}")
    return 1 if failed or differences or faults else 0


if __name__ == "__main__":
    # Whoever ends us, the kernel is ended too.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        refuse("interrupted; the notebooks in notebooks/ and the last report are as they were.")
