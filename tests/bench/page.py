"""Makes docs/benchmarks.md and its pictures of the runs that `compare` noted.

  page.py RUNS.jsonl PAGE.md
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median

import plot
from plot import middle

OURS = "sanduq"
NAMES = {"film": "one film of 2 GiB", "notes": "20,000 texts of 1 to 64 KiB", "photos": "2,000 photographs of 0.2 to 4 MB"}
# What a set is drawn over: what of it there is more of, how many of these make one, and what that is called.
GROWTH = {"film": ("bytes", 1 << 30, "GiB"), "notes": ("items", 1, "items")}
# Instructions that make a difference here, by the names the kernel has for them.
FLAGS = {"aes": "AES-NI", "sha_ni": "SHA-NI", "vaes": "VAES", "avx2": "AVX2"}
HEAD = """# Beside what people would use instead

Written by `tests/bench/compare`: nothing here is typed by hand. It makes invented data, takes one whole trip with them, step by step, and beside each step has other programs do the same work. The figures are medians; a ratio is the median of the ratios of each round, in which the two ran one after the other: in one round ours first, in the next theirs, but for `export`, whose bundles they copy. Ours are built with the feature `test-kdf`, so that no passphrase is stretched, as the others' keys are not either.

A ratio below 1 says that ours was faster. At the end of each of our steps everything lies synced on the disk, read back where it leaves the vault, which only `sync` does for the others. Before each step what is free of memory is filled with cache, as it is on a machine that has run for a while.
"""
LOSSES = """
## What we lose

- **Nothing is compressed.** Texts lie in a vault and travel at their full length, padded. How far a text can be compressed says what kind of text it is, and somebody who can add to what is compressed with it can find out what else is in it: the length is all that an observer has, so it must not depend on the content. restic, borg and rustic compress, and write less.
- **Parts of files that are alike are not found.** Identical files of one contributor are stored once; two versions of a film are two films. Pieces cut where the content says have lengths that are a fingerprint of the content: who has the same film knows it by them without a key.
- **Every text is an item of its own**: a row in an encrypted index that finds its words, and when it is sealed a record whose every part can be shown or withheld by itself, years later, under one signature. That is work for each text, which `tar | age` does not do; where there are thousands of short ones, it is most of the time ([decision 0032](decisions/0032-many-short-texts-are-sealed-slower.md)).
- **What is sealed is checked once more**, and refused if it is not what was added ([decision 0031](decisions/0031-what-is-sealed-is-checked-by-a-checksum.md)); until its receipt comes it lies in the vault under a key of its own, padded to a coarse class. What is exported or accepted is read back after it was synced, and checked as an auditor would ([decision 0033](decisions/0033-the-desk-reads-back-after-the-sync.md)).
- **Signatures and encryption against quantum computers cost time on every bundle**, however small it is.
"""


def machine(folder):
    """Where it is measured."""
    about = [line.split(":", 1) for line in open("/proc/cpuinfo") if ":" in line]
    first = lambda name: next((said.strip() for key, said in about if key.strip() == name), "?")
    held = first("flags").split()
    flags = ", ".join(name if flag in held else f"no {name}" for flag, name in FLAGS.items())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    disk = subprocess.run(["findmnt", "-no", "FSTYPE", "-T", folder], capture_output=True, text=True).stdout.strip()
    kernel = platform.release().split("-")[0]
    return (f"{os.cpu_count()} cores ({first('model name')}; {flags}), {memory:.0f} GiB of memory, "
            f"{platform.system()} {kernel}, {disk}")


def by(runs, *names):
    """The runs in their order, grouped by what they say of these."""
    found = {}
    for run in runs:
        found.setdefault(tuple(run[name] for name in names), []).append(run)
    return found


def ratio(ours, theirs, what):
    """The median of the ratios of those trips on which both arrived."""
    beside = {run["trip"]: run for run in theirs}
    pairs = [(run, beside[run["trip"]]) for run in ours if run["trip"] in beside]
    return median(a[what] / max(b[what], 0.001) for a, b in pairs) if pairs else None


def title(name, scale):
    of = "" if scale == 1 else f", at {scale:g} of that size"
    return NAMES[name] + of


def heading(said):
    return f"\n## {said[0].upper()}{said[1:]}\n"


def mib(length):
    return f"{length / (1 << 20):,.1f} MiB"


def table(runs):
    yield "| step | program | wall | ours / theirs | CPU | ours / theirs | memory | on the disk |"
    yield "|---|---|---|---|---|---|---|---|"
    for (step,), of_step in by(runs, "step").items():
        tools = by(of_step, "tool")
        for (tool,), theirs in tools.items():
            of = lambda what: middle(theirs, what)
            ratios = [None if tool == OURS else ratio(tools.get((OURS,), []), theirs, what) for what in ("wall", "cpu")]
            wall, cpu = ("" if one is None else f"{one:.2f}" for one in ratios)
            made = mib(of("made")) if of("made") > 0 else ""
            program = tool.replace("|", "\\|")
            yield f"| {step} | {program} | {of('wall'):.2f} s | {wall} | {of('cpu'):.2f} s | {cpu} | {of('mib'):.0f} MiB | {made} |"


def slower(runs):
    """Where another program was faster, by the ratios of wall seconds."""
    for (name, scale), of_set in by(runs, "set", "scale").items():
        lost = []
        for (step,), of_step in by(of_set, "step").items():
            tools = by(of_step, "tool")
            ratios = {tool: ratio(tools.get((OURS,), []), theirs, "wall") for (tool,), theirs in tools.items()}
            lost += [f"{step} takes {by_far:.2f} times as long as `{tool}`"
                     for tool, by_far in ratios.items() if tool != OURS and by_far and by_far > 1]
        yield f"- **{title(name, scale)}**: {', '.join(lost) or 'nothing'}."


def beside(runs, drawn):
    """The tables and bars of what ran beside others."""
    for (name, scale), of_set in by(runs, "set", "scale").items():
        steps = [
            (step, [(tool, middle(of, "wall"), tool == OURS) for (tool,), of in by(of_step, "tool").items()])
            for (step,), of_step in by(of_set, "step").items()
        ]
        yield heading(title(name, scale))
        yield f"Rounds: {len(by(of_set, 'trip'))}.\n"
        yield from table(of_set)
        yield f"\n![wall seconds of each step]({drawn(f'{name}-{scale:g}', plot.bars(steps))})"


def growth(runs, drawn):
    """Curves of our steps over sets of several sizes, and how straight they are."""
    for (name,), of_set in by(runs, "set").items():
        what, unit, called = GROWTH.get(name, GROWTH["film"])
        sizes = sorted({run[what] / unit for run in of_set})
        panels = []
        for (step,), of_step in by(of_set, "step").items():
            of_size = sorted(by(of_step, what).items())
            points = lambda seconds: [(size / unit, middle(of, seconds)) for (size,), of in of_size]
            panels.append((step, points("wall"), points("cpu")))
        fewest = min(len(by(of, "trip")) for of in by(of_set, what).values())
        yield heading(f"As a straight line does: {NAMES[name]}, and less of it")
        yield f"Each point is a median of trips, {fewest} or more. *Off the line* is how far the farthest point lies from the nearest straight line, as a share of the largest.\n"
        yield f"![seconds over {called}]({drawn(f'{name}-sizes', plot.curves(panels, called))})\n"
        yield f"| step | {' | '.join(f'{plot.short(size)} {called}' for size in sizes)} | CPU off the line | wall off the line |"
        yield "|---" * (len(sizes) + 3) + "|"
        for step, wall, cpu in panels:
            had = {size: f"{seconds:.2f} s, CPU {busy:.2f} s" for (size, seconds), (_, busy) in zip(wall, cpu)}
            cells = " | ".join(had.get(size, "") for size in sizes)
            yield f"| {step} | {cells} | {plot.off_line(cpu):.1%} | {plot.off_line(wall):.1%} |"


def write(source, to):
    noted = [json.loads(line) for line in open(source)]
    newest = noted[-1].get("version")
    runs = [run for run in noted if run.get("version") == newest]
    failed = [run for run in runs if "failed" in run]
    runs = [run for run in runs if "failed" not in run]
    if not runs:
        sys.exit(f"nothing of the newest build in {source} ended well: there is no page")
    to = Path(to)

    def drawn(name, picture):
        path = to.with_suffix("") / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture)
        return f"{path.parent.name}/{path.name}"

    kinds = {kind: of for (kind,), of in by(runs, "kind").items()}
    lines = [HEAD, *(f"Measured on {where}, at `{newest}`." for (where,) in by(runs, "machine"))]
    lines += [f"Memory is that of the largest process; less than {min(run['mib'] for run in runs):.0f} MiB cannot be told, for so much has the program that measures."]
    lines += beside(kinds.get("beside", []), drawn)
    lines += growth(kinds.get("sizes", []), drawn)
    if "beside" in kinds:
        lines += [LOSSES, "What other programs do in less time, by the ratios above:\n", *slower(kinds["beside"])]
    if failed:
        lines += ["\n## What failed, and is in no figure\n"]
        lines += [f"- {run['step']} by {run['tool']}, {run['set']} at {run['scale']:g}" for run in failed]
    to.write_text("\n".join(lines) + "\n")
    if older := len(noted) - len(runs) - len(failed):
        print(f"{older} runs of older builds in {source} are left out", file=sys.stderr)


if __name__ == "__main__":
    write(*sys.argv[1:])
