"""What is known at one place of a function."""

import values

#: Conditions of branches as unsigned comparisons, by the names of both machines.
CONDITIONS = {
    "b": "<", "lo": "<", "be": "<=", "ls": "<=", "a": ">", "hi": ">", "ae": ">=", "hs": ">=",
    "e": "==", "eq": "==", "ne": "!=",
}
OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class State:
    """Registers, and slots of the frame by their distance from its beginning and their width."""

    def __init__(self, registers: dict, slots: dict):
        self.registers = registers
        self.slots = slots
        #: Registers whose lower halves are those of other registers and a constant.
        self.links: dict[str, tuple[str, int]] = {}
        #: The registers, or the register and the range, that the flags compare, and their bits.
        self.compared: tuple | None = None

    def copy(self) -> "State":
        """A copy."""
        state = State(dict(self.registers), dict(self.slots))
        state.links, state.compared = dict(self.links), self.compared
        return state

    def set(self, register: str, value: tuple | None) -> None:
        """Changes a register."""
        if value is None:
            self.registers.pop(register, None)
        else:
            self.registers[register] = value
        if self.links:
            self.links.pop(register, None)
            for other in [r for r, (source, _) in self.links.items() if source == register]:
                del self.links[other]
        if self.compared and register in self.compared[:2]:
            self.compared = None

    def forget(self, distance: int, size: int) -> None:
        """Forgets the slots that a store of some bytes reaches."""
        for place in range(distance - 7, distance + size):
            self.slots.pop((place, 64), None)
            self.slots.pop((place, 32), None)

    def merge(self, other: "State", is_loop: bool) -> bool:
        """Takes in what else may be; whether that changed anything."""
        rule = values.widen if is_loop else values.join
        changed = False
        for mine, theirs in ((self.registers, other.registers), (self.slots, other.slots)):
            for key in list(mine):
                joined = rule(mine[key], theirs.get(key))
                if joined != mine[key]:
                    changed = True
                    if joined is None:
                        del mine[key]
                    else:
                        mine[key] = joined
        for register in [r for r in self.links if other.links.get(r) != self.links[r]]:
            del self.links[register]
            changed = True
        if self.compared != other.compared:
            changed |= self.compared is not None
            self.compared = None
        return changed

    def refined(self, condition: str, is_taken: bool, pointer: str) -> "State":
        """What is known behind a branch on a comparison that was done before."""
        relation = CONDITIONS.get(condition)
        if relation is None or self.compared is None:
            return self
        left, right, limits, bits = self.compared
        relation = relation if is_taken else OPPOSITES[relation]
        state = self.copy()
        if relation == "==" and pointer in (left, right):
            # The end of a loop that touches each page of a frame.
            other = self.registers.get(right if left == pointer else left)
            if other is not None:
                state.registers[pointer] = other
            return state
        if limits is None or limits[0] != "n" or limits[1] < 0 or left == pointer:
            return state
        top = (1 << bits) - 1
        low, high = {
            "<": (0, limits[2] - 1), "<=": (0, limits[2]), ">": (limits[1] + 1, top),
            ">=": (limits[1], top), "==": limits[1:], "!=": (0, top),
        }[relation]
        state.limit(left, low, high)
        if bits == 32:
            for register, (source, distance) in self.links.items():
                if register == left:
                    state.limit_moved(source, low - distance, high - distance)
                elif source == left:
                    state.limit_moved(register, low + distance, high + distance)
        return state

    def limit_moved(self, register: str, low: int, high: int) -> None:
        """Bounds a register whose lower half is in a range that may have wrapped around."""
        turns = low >> 32
        if turns == high >> 32:
            self.limit(register, low - (turns << 32), high - (turns << 32))

    def limit(self, register: str, low: int, high: int) -> None:
        """Bounds a register, if it is known to be a number without more bits."""
        value = self.registers.get(register)
        if value is None or value[0] != "n" or value[1] < 0 or value[2] > values.U32[2]:
            return
        low, high = max(low, value[1]), min(high, value[2])
        if low <= high:
            self.registers[register] = ("n", low, high)
