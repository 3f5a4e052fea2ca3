"""A library from Python's ctypes."""

import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
library.other_new.restype = ctypes.c_void_p
library.other_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p]
for name in ("other_trap", "other_free"):
    getattr(library, name).argtypes = [ctypes.c_void_p]

instance = library.other_new(None, None, None)
result = ctypes.c_uint32()
failures = 0
for _ in range(3):
    failures += library.other_add(instance, 1, 2, ctypes.byref(result)) != 0
    failures += result.value != 1003
    failures += library.other_trap(instance) != 5
failures += library.other_free(instance) != 0
print(f"{failures} failures")
