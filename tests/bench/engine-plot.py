#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""engine-plot.py TABLE.tsv OUT.svg: time, what is held and memory against the length of a sequence,
both axes logarithmic. A straight line of slope one (dashed) is linear."""
import csv
import math
import sys

WIDTH, HEIGHT, LEFT, TOP, GAP = 420, 330, 60, 40, 70
PANELS = [('seconds', 'seconds per sequence', True), ('held', 'attempts, findings ... held', False),
          ('bytes', 'bytes of heap', False)]
COLOURS = {'mixed': '#1f77b4', 'new-keys': '#d62728', 'one-key': '#2ca02c'}


def scale(values):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def axis_lines(x0, y0, xs, ys):
    out = [f'<rect x="{x0}" y="{y0}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888"/>']
    for k in range(xs[0], xs[1] + 1):
        x = x0 + WIDTH * (k - xs[0]) / (xs[1] - xs[0])
        out.append(f'<line x1="{x:.1f}" y1="{y0}" x2="{x:.1f}" y2="{y0 + HEIGHT}" stroke="#ddd"/>'
                   f'<text x="{x:.1f}" y="{y0 + HEIGHT + 16}" text-anchor="middle">1e{k}</text>')
    for k in range(ys[0], ys[1] + 1):
        y = y0 + HEIGHT - HEIGHT * (k - ys[0]) / (ys[1] - ys[0])
        out.append(f'<line x1="{x0}" y1="{y:.1f}" x2="{x0 + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>'
                   f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">1e{k}</text>')
    return out


def panel(rows, column, title, is_slope, x0, y0):
    xs, ys = scale([r['length'] for r in rows]), scale([r[column] for r in rows])

    def place(length, value):
        return (x0 + WIDTH * (math.log10(length) - xs[0]) / (xs[1] - xs[0]),
                y0 + HEIGHT - HEIGHT * (math.log10(value) - ys[0]) / (ys[1] - ys[0]))
    out = axis_lines(x0, y0, xs, ys)
    out.append(f'<text x="{x0}" y="{y0 - 10}" font-weight="bold">{title}</text>')
    if is_slope:
        last = max(rows, key=lambda r: r['length'])
        per_event = last[column] / last['length']
        (x1, y1), (x2, y2) = (place(n, per_event * n) for n in (10, last['length']))
        out.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                   'stroke="#000" stroke-dasharray="4 4"/>')
    for kind, colour in COLOURS.items():
        points = [place(r['length'], r[column]) for r in rows if r['kind'] == kind]
        line = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in points]
    return out


def main(table, target):
    with open(table, encoding='ascii') as file:
        rows = [{k: v if k == 'kind' else float(v) for k, v in row.items()}
                for row in csv.DictReader(file, delimiter='\t')]
    width = LEFT + len(PANELS) * (WIDTH + GAP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + HEIGHT + 70}" '
           'font-family="sans-serif" font-size="12">'
           f'<rect width="{width}" height="{TOP + HEIGHT + 70}" fill="#fff"/>']
    for i, (column, title, is_slope) in enumerate(PANELS):
        out += panel(rows, column, title, is_slope, LEFT + i * (WIDTH + GAP), TOP)
    n = sum(r['sequences'] for r in rows)
    out.append(f'<text x="{LEFT}" y="{TOP + HEIGHT + 45}">events of a sequence; '
               f'{n:.0f} sequences;</text>')
    for i, (kind, colour) in enumerate(COLOURS.items()):
        out.append(f'<text x="{LEFT + 300 + 90 * i}" y="{TOP + HEIGHT + 45}" fill="{colour}">'
                   f'{kind}</text>')
    with open(target, 'w', encoding='ascii') as file:
        file.write('\n'.join(out) + '\n</svg>\n')


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2])
