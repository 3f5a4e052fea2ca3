"""The module in an interpreter of its own: check.py starts it, with the folder that the module is in."""

import array
import gc
import signal
import sys
import threading
import time
import warnings

sys.path.insert(0, sys.argv[1])
import cases  # noqa: E402
import guest_python as guest  # noqa: E402


def call(name, arguments):
    result = getattr(guest, name)(*arguments)
    return result.tolist() if isinstance(result, memoryview) else result


def fail(name, arguments):
    try:
        result = call(name, arguments)
    except (guest.Error, TypeError) as error:
        return str(error)
    raise RuntimeError(f"{name}{arguments!r:.80} should fail, and gives {result!r:.80}")


def expect(condition, what):
    if not condition:
        raise RuntimeError(what)


def buffers():
    expect(guest.total(array.array("q", [1, 2])) == 3, "arrays are buffers")
    expect(guest.total(range(4)) == 6, "other sequences are read one by one")
    expect(guest.reverse_bytes(memoryview(b"abc")) == b"cba", "views are buffers")
    expect(guest.reverse_bytes(bytearray(b"abc")) == b"cba", "so are byte arrays")
    for wrong in (lambda: guest.total(array.array("d", [1.0])), lambda: guest.total([1, None]),
                  lambda: guest.backwards(b"x"), lambda: guest.plus(1), lambda: guest.plus(2**40, 1)):  # fmt: skip
        try:
            wrong()
        except TypeError:
            continue
        raise RuntimeError("an argument of a wrong type is taken")


def threads():
    """Whoever calls, every call has the guest for itself."""
    wrong = []

    def work(number):
        text = f"{number}-" * 2000
        for _ in range(50):
            if guest.backwards(text) != text[::-1] or guest.reverse_slowly(text) != text[::-1]:
                wrong.append(number)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expect(not wrong, f"texts of threads are mixed: {wrong}")


def interruption():
    started = time.monotonic()
    expect("deadline" in fail("spin", (1,)), "a deadline ends a call")
    expect(time.monotonic() - started < 5, "and soon")

    class Alarm(Exception):
        pass

    def handler(*_):
        raise Alarm

    signal.signal(signal.SIGALRM, handler)
    for function in (guest.spin, guest.spin_freely):
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            function(1)
        except Alarm:
            continue
        raise RuntimeError("a signal's handler is not run")
    expect(guest.plus(1, 2) == 3, "the guest can be called afterwards")


def interpreters():
    """Each has an instance of its own."""
    try:
        import _interpreters as subinterpreters
    except ImportError:
        try:
            import _xxsubinterpreters as subinterpreters
        except ImportError:
            return
    guest.leave(10)
    other = subinterpreters.create()
    script = f"import sys; sys.path.insert(0, {sys.argv[1]!r}); import guest_python; " \
        "assert guest_python.leave(1) == 1, guest_python.leave(1)"
    problem = getattr(subinterpreters, "exec", None) or subinterpreters.run_string
    expect(problem(other, script) is None, "another interpreter has another instance")
    subinterpreters.destroy(other)
    expect(guest.leave(1) == 11, "and this one keeps its own")


warnings.simplefilter("ignore")
count = cases.check(call, fail, has_arrays=True)
buffers()
threads()
interruption()
# A failed call has made the instance new.
fail("leave", (101,))
interpreters()
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    guest.say("hello there")
expect(seen and "hello there" in str(seen[0].message), "notices are warnings")
del guest
sys.modules.pop("guest_python")
gc.collect()
print(count)
