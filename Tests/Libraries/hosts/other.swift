// A library from Swift, by its module map.
import other

var error = smelt_error()
guard let instance = other_new(nil, nil, &error) else { fatalError("no instance") }
var failures = 0
var result: UInt32 = 0
if other_add(instance, 1, 2, &result) != SMELT_OK || result != 1003 { failures += 1 }
if other_trap(instance) != SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS { failures += 1 }
if other_free(instance) != SMELT_OK { failures += 1 }
print("\(failures) failures")
