"""Makes docs/benchmarks.md and its pictures of the runs that `compare` noted.

  page.py RUNS.jsonl PAGE.md
"""

import json
import os
import platform
import sys
from pathlib import Path
from statistics import median

OURS = "sanduq"
NAMES = {"film": "one film of 2 GiB", "notes": "20,000 texts of 1 to 64 KiB", "photos": "2,000 photographs of 0.2 to 4 MB"}
HEAD = """# Beside what people would use instead

Written by `tests/bench/compare`: nothing here is typed by hand. It makes invented data, takes one whole trip with them, step by step, and beside each step has other programs do the same work. The figures are medians; a ratio is the median of the ratios of each round, in which the two ran one after the other. Ours are built with the feature `test-kdf`, so that no passphrase is stretched, as the others' keys are not either.

A ratio below 1 says that ours was faster. What we lose is shown as well: nothing here compresses and nothing finds parts of files that are alike, for both would tell by lengths what is inside; and at the end of each of our steps everything lies synced on the disk, read back where it leaves the vault, which only `sync` does for the others.
"""


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores ({model}), {memory} GiB of memory, {platform.system()} {platform.release().split('-')[0]}"


def by(runs, *names):
    """The runs in their order, grouped by what they say of these."""
    found = {}
    for run in runs:
        found.setdefault(tuple(run[name] for name in names), []).append(run)
    return found


def table(runs):
    yield "| step | program | wall | ours / theirs | CPU | ours / theirs | memory |"
    yield "|---|---|---|---|---|---|---|"
    for (step,), of_step in by(runs, "step").items():
        tools = by(of_step, "tool")
        ours = tools[(OURS,)]
        for (tool,), theirs in tools.items():
            ratio = lambda what: f"{median(a[what] / max(b[what], 0.001) for a, b in zip(ours, theirs)):.2f}"
            ratios = ["", ""] if tool == OURS else [ratio("wall"), ratio("cpu")]
            of = lambda what: median(run[what] for run in theirs)
            yield f"| {step} | {tool} | {of('wall'):.2f} s | {ratios[0]} | {of('cpu'):.2f} s | {ratios[1]} | {of('mib'):.0f} MiB |"


def picture(runs):
    """Bars of the wall seconds, ours first in each step."""
    rows, longest = [], max(median(run["wall"] for run in of) for of in by(runs, "step", "tool").values())
    for (step,), of_step in by(runs, "step").items():
        rows.append((step, None, None))
        rows += [("", tool, median(run["wall"] for run in of)) for (tool,), of in by(of_step, "tool").items()]
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{len(rows) * 22 + 10}" font-family="sans-serif" font-size="13">'
    yield '<rect width="100%" height="100%" fill="white"/>'
    for at, (step, tool, seconds) in enumerate(rows):
        y = at * 22 + 18
        if tool is None:
            yield f'<text x="10" y="{y}" font-weight="bold">{step}</text>'
            continue
        width, colour = max(1, seconds / longest * 440), "#1b6e53" if tool == OURS else "#b9b9b9"
        yield f'<text x="185" y="{y}" text-anchor="end">{tool}</text>'
        yield f'<rect x="195" y="{y - 12}" width="{width:.0f}" height="15" fill="{colour}"/>'
        yield f'<text x="{200 + width:.0f}" y="{y}">{seconds:.2f} s</text>'
    yield "</svg>"


def write(source, to):
    runs = [json.loads(line) for line in open(source)]
    to = Path(to)
    lines = [HEAD, f"Measured on {machine()}."]
    for (name, scale), of_set in by(runs, "set", "scale").items():
        rounds = len(by(of_set, "step", "tool")[("add", OURS)])
        of = "" if scale == 1 else f", at {scale:g} of that size"
        drawn = to.with_suffix("") / f"{name}-{scale:g}.svg"
        drawn.parent.mkdir(exist_ok=True)
        drawn.write_text("\n".join(picture(of_set)) + "\n")
        lines += [f"\n## {NAMES[name].capitalize()}{of}\n\nRounds: {rounds}.\n", *table(of_set)]
        lines += [f"\n![wall seconds of each step]({drawn.parent.name}/{drawn.name})"]
    to.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write(*sys.argv[1:])
