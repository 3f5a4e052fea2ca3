"""What functions of guest.c have to give, whoever calls them."""

LONG = "x" * 5000 + "ü€😀"
#: A function, its arguments, its result.
RESULTS = [
    ("plus", (1, 2), 3), ("plus", (2**31 - 1, 1), -(2**31)), ("plus", (None, 2), None), ("add_five", (4,), 9),
    ("add64", (2**62, 5), 2**62 + 5), ("add64", (2**63 - 1, 1), -(2**63)), ("half", (5.0,), 2.5),
    ("half", (-0.5,), -0.25), ("halff", (5.0,), 2.5), ("divide", (7, 2), 3),
    ("count_nulls", (None, None), 2), ("count_nulls", ("a", b"b"), 0), ("count_nulls", (None, b"b"), 1),
    ("positive", (5,), 5), ("positive", (-5,), None), ("even", (4,), 0), ("odd", (5,), 1),
    ("backwards", ("abc",), "cba"), ("backwards", ("",), ""), ("backwards", (None,), None),
    ("reverse_bytes", (b"\x00\x01\xff",), b"\xff\x01\x00"), ("reverse_bytes", (b"",), b""),
    ("reverse_bytes", (LONG.encode(),), LONG.encode()[::-1]), ("backwards", ("x" * 100_000 + "y",),
                                                               "y" + "x" * 100_000),
    ("reverse_swapped", ("abc",), "cba"), ("reverse_terminated", ("abc",), "cba"),
    ("reverse_terminated", ("",), ""), ("reverse_prefixed", ("abc",), "cba"), ("reverse_buffer", ("abc",), "cba"),
    ("reverse_area", ("abc",), "cba"), ("reverse_calls", ("abcd",), "dcba"), ("reverse_given", ("abc",), "cba"),
    ("no_text", (), None), ("greeting", (), "hello!"), ("next_number", (41,), 42),
    ("say", ("hello",), 1),
]  # fmt: skip
#: For programs with arrays.
ARRAYS = [
    ("total", ([1, 2, 2**40],), 2**40 + 3), ("total", ([],), 0), ("total", (None,), None),
    ("doubled", ([1.5, -2.0],), [3.0, -4.0]), ("doubled", ([],), []),
    ("flipped", ([True, False],), [False, True]),
]  # fmt: skip
#: A function, its arguments, what the error says.
FAILURES = [
    ("divide", (1, 0), "divide: integer divide by zero"), ("even", (5,), "says that it has failed"),
    ("odd", (4,), "says that it has failed"), ("reverse_calls", ("abc",), "says that it has failed"),
    ("reverse_buffer", ("x" * 200,), "says that it has failed"),
    ("recurse", (1,), "out of bounds memory access"), ("recurse_without_memory", (1,), "call stack exhausted"),
    ("read_at", (-4,), "out of bounds memory access"), ("write_at", (-4,), "out of bounds memory access"),
    ("read_at", (2**30,), "out of bounds memory access"), ("call_at", (12345,), "undefined element"),
    ("stop", (3,), "the guest has ended itself"),
    ("lie", (-16, 100), "is not in the guest's memory"), ("lie", (0, -1), "is not in the guest's memory"),
    ("lie", (2**31 - 1, 2**31 - 1), "is not in the guest's memory"),
    ("bad_text", (), "is not text in UTF-8"), ("unterminated", (), "has no zero behind it"),
    ("complain", ("my reason",), "complain: my reason"), ("say_wrong", (-16,), "is not in its memory"),
    ("use_missing", (1,), "an imported function that does nothing was called"),
    ("leave", (101,), "unreachable"),
]  # fmt: skip
#: What goes wrong in the host before the guest is called.
UNFIT = [("plus", ("x", 1)), ("half", ("x",))]


def check(call, fail, has_arrays):
    """The number of calls; an error if one of them gives something else."""
    results = RESULTS + (ARRAYS if has_arrays else [])
    for name, arguments, expected in results:
        found = call(name, arguments)
        if found != expected or type(found) is not type(expected):
            raise RuntimeError(f"{name}{arguments!r:.80} gives {found!r:.80}, not {expected!r:.80}")
    for name, arguments, expected in FAILURES:
        message = fail(name, arguments)
        if expected not in message:
            raise RuntimeError(f"{name}{arguments!r:.80} fails with {message!r:.200}, not {expected!r}")
        # Whatever has happened, the next call finds everything as it should be.
        if call("backwards", ("abc",)) != "cba" or call("leave", (3,)) != 3:
            raise RuntimeError(f"something is left of {name}{arguments!r:.80}")
        fail("leave", (101,))
    for name, arguments in UNFIT:
        fail(name, arguments)
    # Memory is limited, and what was taken is given back.
    if call("grow", (100_000,)) != -1 or not 1 < call("hoard", (1 << 20,)) < 16:
        raise RuntimeError("the limit of the memory does not hold")
    message = fail("backwards", ("x" * (17 << 20),))
    if "no memory for an argument" not in message and "out of bounds" not in message:
        raise RuntimeError(f"an argument that is too large fails with {message!r:.200}")
    for _ in range(300):
        if call("backwards", ("x" * (1 << 20),)) != "x" * (1 << 20):
            raise RuntimeError("a long text is another one")
    return len(results) + len(FAILURES)
