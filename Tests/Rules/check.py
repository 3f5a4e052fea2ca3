#!/usr/bin/env python3
"""Rules about the sources that a program can check; a part of `make lint`.

    layers    who may use whom: targets, folders of targets, layers of the runtime. The rules are the
              tables in the README.md beside them, so that what is read is what is checked.
    contract  names of sections and addresses that compiler, linker script and runtime share stand in
              the ABI header and in Sources/Sandbox, and nowhere else.
    skips     a test that cannot run is skipped, and does not return as if it had passed.
    sizes     no file above 500 lines, no function above 60.

`check.py RULE...` checks some of them."""

import sys

import contract
import layers
import sizes
import skips

RULES = {"layers": layers, "contract": contract, "skips": skips, "sizes": sizes}


def main(names: list[str]) -> int:
    problems = []
    for name in names or RULES:
        problems += [f"{problem} [{name}]" for problem in RULES[name].problems()]
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} broken rules; Tests/Rules/check.py says what they are about")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
