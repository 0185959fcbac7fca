"""`make conformance`: prints the table; its exit status is 1 where a figure fell below what is recorded."""

import argparse
import sys

from conformance import answers, code_colours, specification, streaming
from conformance.figures import Figure, fallen, read_recorded, record, table

SECTIONS = (specification.figures, streaming.figures, answers.figures, code_colours.figures)
"""Each gives the figures of its sections; another measure is a module of its own and a name here."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("--record", action="store_true", help="record these figures as what must not fall")
    parser.add_argument("--differences", action="store_true", help="print every case that differs")
    options = parser.parse_args()
    figures: list[Figure] = [figure for section in SECTIONS for figure in section()]
    recorded = read_recorded()
    print("\n".join(table(figures, recorded)))
    if options.differences:
        print("\n".join(f"{figure.section}: {line}" for figure in figures for line in figure.differences))
    if options.record:
        record(figures)
        return 0
    if names := fallen(figures, recorded):
        print("below what is recorded:", ", ".join(names), file=sys.stderr)
    return 1 if names else 0


sys.exit(main())
