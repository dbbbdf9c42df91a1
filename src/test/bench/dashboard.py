#!/usr/bin/env python3
"""Draws the Grafana dashboard from what a Prometheus has scraped, without a Grafana.

    dashboard.py --prometheus http://127.0.0.1:9090 --minutes 5 --html dashboard.html --png dashboard.png

Each panel's queries are asked of Prometheus as Grafana would ask them, and drawn in their places, with their units and
legends. It says which panels are empty, and ends with 1 when one is that --may-be-empty does not name.
"""

import argparse
import html
import json
import math
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

COLUMN, UNIT, GAP = 64, 34, 6
COLOURS = ("#73bf69 #f2cc0c #8ab8ff #ff780a #f2495c #5794f2 #b877d9 #705da0 #37872d #fade2a #447ebc #c15c17 "
           "#890f02 #0a437c #6d1f62 #584477").split()
MARGIN = {"left": 62, "right": 12, "top": 30, "axis": 18}


def asked(args, path, **query):
    url = f"{args.prometheus}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)["data"]["result"]


def series(args, target, end):
    expression = target["expr"].replace("$__rate_interval", args.rate).replace("$instance", ".*")
    step = max(1, args.minutes * 60 // 240)
    found = asked(args, "query_range", query=expression, start=end - args.minutes * 60, end=end, step=step)
    for one in found:
        points = [(float(t), float(v)) for t, v in one["values"]]
        points = [(t, v) for t, v in points if not math.isnan(v) and not math.isinf(v)]
        if points:
            yield legend(target["legendFormat"], one["metric"]), points


def legend(form, labels):
    for name, value in labels.items():
        form = form.replace("{{" + name + "}}", value)
    return form


def scaled(value, steps):
    for size, suffix in steps:
        if abs(value) >= size:
            return f"{value / size:.3g} {suffix}".strip()
    return f"{value:.3g}"


def shown(value, unit):
    if unit == "s":
        return "0 s" if value == 0 else scaled(value, [(60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")])
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    if unit in ("bytes", "Bps"):
        suffix = "" if unit == "bytes" else "/s"
        text = scaled(value, [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")])
        return text + suffix
    suffix = {"ops": " ops/s", "cps": " c/s"}.get(unit, "")
    return scaled(value, [(1e9, "G"), (1e6, "M"), (1e4, "k"), (1, "")]) + suffix


def nice(most):
    if most <= 0:
        return 1.0
    size = 10 ** math.floor(math.log10(most))
    return next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= most)


def stacked(all_series):
    below, result = {}, []
    for name, points in all_series:
        top = []
        for t, v in points:
            base = below.get(t, 0.0)
            top.append((t, base, base + v))
            below[t] = base + v
        result.append((name, top))
    return result


def graph(panel, all_series, width, height, start, end):
    custom = panel["fieldConfig"]["defaults"].get("custom", {})
    unit = panel["fieldConfig"]["defaults"].get("unit", "short")
    stack = custom.get("stacking", {}).get("mode") == "normal"
    rows = min(len(all_series), 6)
    bottom = height - 20 - rows * 15 - MARGIN["axis"]
    drawn = stacked(all_series) if stack else [(n, [(t, 0.0, v) for t, v in p]) for n, p in all_series]
    most = nice(max((v for _, p in drawn for _, _, v in p), default=1))

    def x(t):
        return MARGIN["left"] + (t - start) / (end - start) * (width - MARGIN["left"] - MARGIN["right"])

    def y(v):
        return bottom - v / most * (bottom - MARGIN["top"])

    out = []
    for part in range(5):
        value = most * part / 4
        out.append(f'<line x1="{MARGIN["left"]}" x2="{width - MARGIN["right"]}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="grid"/>')
        out.append(f'<text x="{MARGIN["left"] - 6}" y="{y(value) + 4:.1f}" class="axis" text-anchor="end">{shown(value, unit)}</text>')
    for part in range(5):
        t = start + (end - start) * part / 4
        out.append(f'<text x="{x(t):.1f}" y="{bottom + 14}" class="axis" text-anchor="middle">{time.strftime("%H:%M:%S", time.gmtime(t))}</text>')
    for n, (_, points) in enumerate(drawn):
        colour = COLOURS[n % len(COLOURS)]
        line = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, _, v in points)
        base = " ".join(f"{x(t):.1f},{y(b):.1f}" for t, b, _ in reversed(points))
        opacity = custom.get("fillOpacity", 0) / 100
        out.append(f'<polygon points="{line} {base}" fill="{colour}" fill-opacity="{opacity}"/>')
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
    out += legends(all_series, bottom + MARGIN["axis"] + 16, width, unit)
    return out


def legends(all_series, top, width, unit):
    out = [f'<text x="{width - 12}" y="{top - 2}" class="head" text-anchor="end">last&#160;&#160;&#160;&#160;&#160;&#160;max</text>']
    for n, (name, points) in enumerate(all_series[:6]):
        y = top + 13 + n * 15
        more = f" (+{len(all_series) - 6})" if n == 5 and len(all_series) > 6 else ""
        out.append(f'<rect x="10" y="{y - 8}" width="12" height="4" fill="{COLOURS[n % len(COLOURS)]}"/>')
        out.append(f'<text x="28" y="{y - 2}" class="legend">{html.escape(name + more)}</text>')
        last, most = points[-1][1], max(v for _, v in points)
        out.append(f'<text x="{width - 12}" y="{y - 2}" class="legend" text-anchor="end">{shown(last, unit)}&#160;&#160;&#160;{shown(most, unit)}</text>')
    return out


def coloured(defaults, value):
    for mapping in defaults.get("mappings", []):
        option = mapping["options"].get(f"{value:g}")
        if option:
            return option["text"], {"red": "#f2495c", "green": "#73bf69"}[option["color"]]
    colour = "#73bf69"
    for step in defaults.get("thresholds", {}).get("steps", []):
        if step["value"] is None or value >= step["value"]:
            colour = {"red": "#f2495c", "orange": "#ff9830", "green": "#73bf69"}[step["color"]]
    return shown(value, defaults.get("unit", "short")), colour


def stat(panel, all_series, width, height):
    text, colour = coloured(panel["fieldConfig"]["defaults"], all_series[0][1][-1][1])
    return [f'<text x="{width / 2}" y="{height / 2 + 26}" class="stat" style="fill:{colour}" text-anchor="middle">{html.escape(text)}</text>']


def drawn(args, panel, start, end):
    place = panel["gridPos"]
    width, height = place["w"] * COLUMN - GAP, place["h"] * UNIT - GAP
    if panel["type"] == "row":
        return [f'<text x="4" y="{height - 6}" class="row">{html.escape(panel["title"])}</text>'], True
    all_series = [one for target in panel["targets"] for one in series(args, target, end)]
    out = [f'<rect width="{width}" height="{height}" class="panel"/>',
           f'<text x="10" y="19" class="title">{html.escape(panel["title"])}</text>']
    if not all_series:
        out.append(f'<text x="{width / 2}" y="{height / 2}" class="none" text-anchor="middle">No data</text>')
        return out, False
    more = stat(panel, all_series, width, height) if panel["type"] == "stat" else graph(panel, all_series, width, height, start, end)
    return out + more, True


STYLE = """body{margin:0;background:#111217} text{font-family:sans-serif;fill:#ccccdc} .panel{fill:#181b1f;stroke:#2c3235}
.grid{stroke:#2c3235} .axis{font-size:10px;fill:#8e8e9b} .title{font-size:13px;font-weight:600} .row{font-size:15px;font-weight:600}
.legend{font-size:10.5px} .head{font-size:9px;fill:#8e8e9b} .stat{font-size:34px;font-weight:600} .none{font-size:14px;fill:#8e8e9b}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090")
    parser.add_argument("--dashboard", default="k8s/components/monitoring/dashboard.json")
    parser.add_argument("--minutes", type=int, default=5)
    parser.add_argument("--rate", default="20s", help="what $__rate_interval stands for: four scrapes")
    parser.add_argument("--html", default="dashboard.html")
    parser.add_argument("--png")
    parser.add_argument("--may-be-empty", default="", help="titles of panels, comma separated")
    args = parser.parse_args()
    with open(args.dashboard, encoding="utf-8") as file:
        board = json.load(file)
    end = time.time()
    start, parts, empty, bottom = end - args.minutes * 60, [], [], 0
    for panel in board["panels"]:
        place = panel["gridPos"]
        content, full = drawn(args, panel, start, end)
        if not full:
            empty.append(panel["title"])
        bottom = max(bottom, (place["y"] + place["h"]) * UNIT)
        parts.append(f'<g transform="translate({place["x"] * COLUMN + GAP},{place["y"] * UNIT + GAP})">' + "".join(content) + "</g>")
    width = 24 * COLUMN + 2 * GAP
    style = STYLE
    with open(args.html, "w", encoding="utf-8") as file:
        file.write(f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
                   f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + GAP}">{"".join(parts)}</svg>')
    if args.png:
        browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{bottom + GAP}",
                        f"--screenshot={args.png}", args.html], check=True, capture_output=True)
    forgiven = args.may_be_empty.split(",")
    print(f"{len(board['panels'])} panels, empty: {', '.join(empty) or 'none'}")
    return 1 if [title for title in empty if title not in forgiven] else 0


if __name__ == "__main__":
    raise SystemExit(main())
