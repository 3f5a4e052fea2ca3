# For gdb: follows the pointers of programs that Smelt compiled with -g. They are offsets in the
# module's memory, while gdb wants addresses of the process.
#
#     gdb -x smelt.py app
#     (gdb) print *$at(node)
#     (gdb) print $at($at(node)->next)->value
#     (gdb) print $at(name)
import gdb


class At(gdb.Function):
    """$at(POINTER) is the pointer as an address of the process, so that it can be followed."""

    def __init__(self):
        super().__init__("at")

    def invoke(self, pointer):
        base = int(gdb.parse_and_eval("(long)&smelt_memory_0_base"))
        return gdb.Value(base + int(pointer)).cast(pointer.type)


At()
