"""Pictures for the page, small SVGs made here: bars of seconds, and curves of seconds over what there was to do.

They are drawn on paper of their own, which is dark where the reader's page is: where a viewer does not know of that, it
is white, and the writing on it black.
"""

from statistics import median

# What a colour is for, on white paper and on dark.
INKS = {
    "paper": ("#ffffff", "#0d1117"),
    "ink": ("#1f2328", "#e6edf3"),
    "faint": ("#8c959f", "#7d8590"),
    "ours": ("#1b6e53", "#3fb68b"),
    "cpu": ("#0a58ca", "#79b8ff"),
    "theirs": ("#b9b9b9", "#59616b"),
}
COLUMNS, WIDTH, HEIGHT = 3, 250, 190
# The room of a panel's curves within it: left, top, right, bottom.
LEFT, TOP, RIGHT, BOTTOM = 46, 40, 238, 152


def svg(width, height, body):
    dark = "".join(f".{name}{{fill:{dark}}}.{name}-line{{stroke:{dark}}}" for name, (_, dark) in INKS.items())
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f"<style>@media (prefers-color-scheme: dark){{{dark}}}</style>",
        f'<rect class="paper" width="{width}" height="{height}" fill="{INKS["paper"][0]}"/>',
        *body, "</svg>", ""])


def ink(name):
    return f'class="{name}" fill="{INKS[name][0]}"'


def line(name, *points, dashes=""):
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="{name}-line" points="{joined}" fill="none" stroke="{INKS[name][0]}"{dashed}/>'


def text(x, y, said, name="ink", anchor="start", weight="normal"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" {ink(name)}>{said}</text>'


def bars(steps):
    """Bars of the seconds of each program in each step: [(step, [(program, seconds, whether it is ours)])]."""
    longest, body, y = max(seconds for _, of in steps for _, seconds, _ in of), [], 22
    for step, of in steps:
        body.append(text(10, y, step, weight="bold"))
        y += 20
        for program, seconds, is_ours in of:
            width = max(1, seconds / longest * 440)
            body += [
                text(185, y, program, anchor="end"),
                f'<rect x="195" y="{y - 12}" width="{width:.0f}" height="15" {ink("ours" if is_ours else "theirs")}/>',
                text(201 + width, y, f"{seconds:.2f} s"),
            ]
            y += 20
        y += 4
    return svg(720, y, body)


def straight(points):
    """What the line nearest to these points has at 0 and how much it gains: by least squares."""
    mean = lambda of: sum(of) / len(of)
    x, y = (mean([point[at] for point in points]) for at in (0, 1))
    spread = sum((a - x) ** 2 for a, _ in points)
    gain = sum((a - x) * (b - y) for a, b in points) / spread if spread else 0
    return y - gain * x, gain


def off_line(points):
    """How far the farthest of these points lies from their line, as a share of the last."""
    start, gain = straight(points)
    return max(abs(y - start - gain * x) for x, y in points) / max(points[-1][1], 1e-9)


def curves(panels, unit):
    """A panel for each step: [(step, wall points, cpu points)], each point an amount in this unit and the seconds."""
    rows = -(-len(panels) // COLUMNS)
    body = [
        f'<circle cx="20" cy="16" r="3.5" {ink("ours")}/>', text(30, 20, "wall seconds"),
        f'<rect x="126" y="12.5" width="7" height="7" {ink("cpu")}/>', text(139, 20, "CPU seconds"),
        line("faint", (236, 16), (262, 16), dashes="4 3"), text(268, 20, "the nearest straight line"),
    ]
    for number, panel in enumerate(panels):
        at = (number % COLUMNS * WIDTH, 28 + number // COLUMNS * HEIGHT)
        body += [f'<g transform="translate({at[0]},{at[1]})">', *one_panel(*panel, unit), "</g>"]
    return svg(COLUMNS * WIDTH, 28 + rows * HEIGHT, body)


def one_panel(step, wall, cpu, unit):
    far, high = max(x for x, _ in wall) * 1.05, max(y for _, y in wall + cpu) * 1.1
    place = lambda x, y: (LEFT + x / far * (RIGHT - LEFT), BOTTOM - y / high * (BOTTOM - TOP))
    yield text(LEFT, TOP - 12, step, weight="bold")
    yield line("faint", (LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM))
    for seconds in (0, high / 2.2, high / 1.1):
        x, y = place(0, seconds)
        yield line("faint", (x - 4, y), (x, y))
        yield text(x - 6, y + 4, short(seconds), anchor="end")
    for amount, _ in wall:
        yield line("faint", (place(amount, 0)[0], BOTTOM), (place(amount, 0)[0], BOTTOM + 4))
    last = wall[-1][0]
    yield text(LEFT, BOTTOM + 17, "0", anchor="middle")
    yield text(place(last, 0)[0], BOTTOM + 17, f"{short(last)} {unit}", anchor="end")
    for points in (wall, cpu):
        start, gain = straight(points)
        yield line("faint", place(0, max(0, start)), place(last, start + gain * last), dashes="4 3")
    for x, y in (place(*point) for point in cpu):
        yield f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" {ink("cpu")}/>'
    for x, y in (place(*point) for point in wall):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" {ink("ours")}/>'


def short(number):
    """A number as an axis says it: 0, 0.021, 1.4, 370, 20,000."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2g}"


def middle(runs, what):
    return median(run[what] for run in runs)
