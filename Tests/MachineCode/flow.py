"""Follows the values of registers through a function, and reports what cannot be right.

An access of a guest's memory lies within the memory's reservation, as far as the instructions of
its function say. A report is a range of addresses that goes beyond; what is not known (a pointer
that moves along in a loop, a parameter) is only counted, unless all accesses are to be proved: code
that was not optimised extends every address next to its access.

The stack pointer is at a return where it was at the beginning.
"""

from dataclasses import dataclass, field

import aarch64
import x86
from objects import Function, Instruction
from state import State

#: 32-bit addresses, the largest offset that is not checked, and what passes may add to it.
REACH = (1 << 32) + (1 << 31) + (1 << 16)
#: What optimised code may subtract from an address of which it knows that it is not so small.
LESS = 1 << 20
MACHINES = {"x86_64": x86, "aarch64": aarch64}
#: After so many visits, ranges that still grow are given up.
PATIENCE = 4


@dataclass
class Findings:
    """What came of a function, or of several."""

    reports: list[str] = field(default_factory=list)
    proved: int = 0
    unknown: int = 0

    def add(self, other: "Findings") -> None:
        """Adds up."""
        self.reports += other.reports
        self.proved += other.proved
        self.unknown += other.unknown


class Analysis:
    """Of one function."""

    def __init__(self, function: Function, machine: str, pops: dict[str, int], is_exact: bool):
        self.function = function
        self.machine = MACHINES[machine]
        #: How many bytes of arguments functions take off the stack, by their names and sections.
        self.pops = pops
        self.is_exact = is_exact
        self.lowest = 0 if is_exact else -LESS
        self.blocks = self.find_blocks()
        starts = sorted(self.blocks)
        self.following = dict(zip(starts, starts[1:]))
        self.states: dict[int, State] = {}
        self.findings: Findings | None = None

    def find_blocks(self) -> dict[int, list[Instruction]]:
        """The basic blocks, by the addresses where they begin."""
        code = self.function.instructions
        starts = {code[0].address}
        for instruction, following in zip(code, code[1:]):
            if self.machine.ends_block(instruction):
                starts.add(following.address)
        starts |= {i.target() for i in code if self.machine.is_branch(i)}
        blocks: dict[int, list[Instruction]] = {}
        for instruction in code:
            if instruction.address in starts:
                block = blocks[instruction.address] = []
            block.append(instruction)
        return blocks

    def run(self) -> Findings:
        """Follows until nothing changes, then looks at every instruction once more."""
        first = self.function.instructions[0].address
        self.states[first] = State({self.machine.STACK_POINTER: ("s", 0)}, {})
        visits: dict[int, int] = {}
        work, jumps = [first], []
        while work:
            start = work.pop()
            visits[start] = visits.get(start, 0) + 1
            state = self.states[start].copy()
            for target, arriving in self.follow(start, state, jumps):
                if target not in self.blocks:
                    continue
                if target not in self.states:
                    self.states[target] = arriving.copy()
                    work.append(target)
                elif self.states[target].merge(arriving, visits.get(target, 0) >= PATIENCE):
                    work.append(target)
            if not work and jumps:
                # Through a table: what nothing else leads to.
                joined = jumps[0]
                for other in jumps[1:]:
                    joined.merge(other, False)
                work = [address for address in self.blocks if address not in self.states]
                self.states |= {address: joined.copy() for address in work}
                jumps.clear()
        self.findings = Findings()
        for start, state in self.states.items():
            self.follow(start, state.copy(), [])
        return self.findings

    def follow(self, start: int, state: State, jumps: list) -> list[tuple[int, State]]:
        """Through a block; returns where it goes on, and how."""
        block = self.blocks[start]
        for instruction in block:
            if self.findings is not None:
                self.inspect(instruction, state)
            self.machine.execute(instruction, state, self.pops)
        last = block[-1]
        edges = []
        condition = self.machine.condition(last)
        pointer = self.machine.STACK_POINTER
        if self.machine.is_branch(last) and last.target() is not None:
            edges.append((last.target(), state.refined(condition, True, pointer)))
        if self.machine.is_table_jump(last):
            jumps.append(state.copy())
        if not self.machine.is_final(last):
            edges.append(
                (self.following.get(start, -1), state.refined(condition, False, pointer)))
        return edges

    # What is looked at --------------------------------------------------------------------------

    def inspect(self, instruction: Instruction, state: State) -> None:
        """Reports what is wrong with an instruction."""
        for address in self.machine.accesses(instruction, state):
            self.inspect_access(instruction, address)
        depth = self.machine.depth_at_end(instruction, state, self.pops, self.function)
        if depth is not None and depth != 0:
            self.report(instruction, f"the stack pointer is {depth} off")

    def inspect_access(self, instruction: Instruction, address: tuple | None) -> None:
        """Reports an access that may go beyond its memory."""
        if address == "unknown":
            self.findings.unknown += 1
            if self.is_exact:
                self.report(instruction, "nothing bounds the address")
        elif address is not None and address[0] == "m":
            if self.lowest <= address[1] and address[2] < REACH:
                self.findings.proved += 1
            else:
                self.report(
                    instruction, f"reaches from {address[1]:#x} to {address[2]:#x} of its memory")

    def report(self, instruction: Instruction, words: str) -> None:
        """Adds a line."""
        self.findings.reports.append(
            f"{self.function.name}+{instruction.address:#x}: {instruction}: {words}")
