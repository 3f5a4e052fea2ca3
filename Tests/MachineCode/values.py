"""What is known of the contents of a register: the domain of the analysis.

A value is one of

    None                nothing is known
    ("n", low, high)    a number of 64 bits between the two
    ("m", low, high)    that far behind the beginning of a guest's memory
    ("s", distance)     that far from where the stack pointer was when the function began

Numbers are ranges of integers and not of bit patterns: what could wrap at 64 bits is not known.
"""

U32 = ("n", 0, 0xFFFFFFFF)


def number(value: int) -> tuple:
    """A constant."""
    return ("n", value, value)


def up_to(bits: int) -> tuple:
    """Any number of that many bits."""
    return ("n", 0, (1 << bits) - 1)


def signed(bits: int) -> tuple:
    """Any number that was sign-extended from that many bits."""
    return ("n", -(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def normal(value: tuple | None) -> tuple | None:
    """The value, or nothing if it may have wrapped."""
    if value is None or value[0] == "s":
        return value
    return value if -(1 << 63) <= value[1] and value[2] < 1 << 64 else None


def low32(value: tuple | None) -> tuple:
    """The lower half, zero-extended: what an instruction of 32 bits leaves in a register."""
    if value is not None and value[0] == "n" and 0 <= value[1] and value[2] <= U32[2]:
        return value
    return U32


def sign_extended(value: tuple | None, bits: int) -> tuple:
    """The sign extension of the lower bits."""
    if value is not None and value[0] == "n" and 0 <= value[1] and value[2] < 1 << (bits - 1):
        return value
    return signed(bits)


def add(left: tuple | None, right: tuple | None) -> tuple | None:
    """A sum."""
    if left is None or right is None:
        return None
    if left[0] == "n" and right[0] != "n":
        left, right = right, left
    if right[0] != "n":
        return None
    if left[0] == "s":
        return ("s", left[1] + right[1]) if right[1] == right[2] else None
    return normal((left[0], left[1] + right[1], left[2] + right[2]))


def subtract(left: tuple | None, right: tuple | None) -> tuple | None:
    """A difference."""
    if right is None or right[0] != "n":
        return None
    return add(left, ("n", -right[2], -right[1]))


def multiply(left: tuple | None, right: tuple | None) -> tuple | None:
    """A product."""
    if left is None or right is None or left[0] != "n" or right[0] != "n":
        return None
    products = [a * b for a in left[1:] for b in right[1:]]
    return normal(("n", min(products), max(products)))


def shift_left(value: tuple | None, count: tuple | None) -> tuple | None:
    """A shift by a constant."""
    if count is None or count[0] != "n" or count[1] != count[2] or not 0 <= count[1] < 64:
        return None
    return multiply(value, number(1 << count[1]))


def shift_right(value: tuple | None, count: tuple | None, bits: int = 64) -> tuple | None:
    """A logical shift by a constant; of a number that is not known, too."""
    if count is None or count[0] != "n" or count[1] != count[2] or not 0 <= count[1] < bits:
        return None if bits == 64 else up_to(bits)
    if value is None or value[0] != "n" or value[1] < 0:
        value = up_to(bits)
    return ("n", value[1] >> count[1], value[2] >> count[1])


def mask(left: tuple | None, right: tuple | None) -> tuple | None:
    """A bitwise and."""
    limits = [v[2] for v in (left, right) if v is not None and v[0] == "n" and v[1] >= 0]
    return ("n", 0, min(limits)) if limits else None


def unite(left: tuple | None, right: tuple | None) -> tuple | None:
    """A bitwise or, or exclusive or."""
    for value in (left, right):
        if value is None or value[0] != "n" or value[1] < 0:
            return None
    return up_to(max(left[2].bit_length(), right[2].bit_length()))


def join(left: tuple | None, right: tuple | None) -> tuple | None:
    """What is known if it is the one or the other."""
    if left == right:
        return left
    if left is None or right is None or left[0] != right[0] or left[0] == "s":
        return None
    return (left[0], min(left[1], right[1]), max(left[2], right[2]))


def widen(old: tuple | None, new: tuple | None) -> tuple | None:
    """The join, with a bound that is still moving given up: loops come to an end that way."""
    joined = join(old, new)
    if joined == old or joined is None:
        return joined
    if joined[0] == "n" and 0 <= joined[1] and joined[2] <= U32[2]:
        return U32
    return None
