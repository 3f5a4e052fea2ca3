// REVIEWERS: the sandbox rests on this file. Every access to a linear memory is formed here.
//
// Memory 0's base is followed by address space that belongs to nobody else: 4 GiB, which is all
// that a 32-bit address can name, and the largest constant offset of the module behind it. Only
// the memory's current size is accessible in it. So an address operand, zero-extended, plus a
// constant offset up to `ModuleUsage.guardedOffsetLimit` cannot reach anything but the memory or
// a page that faults, and plain loads and stores need no check. Larger offsets are checked.
//
// Accesses have alignment 1: the alignment of the instruction is a hint that may be wrong.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    /// Pops an address and forms the pointer of an access of `size` bytes.
    private mutating func popAddress(_ argument: MemoryArgument, size: UInt64) -> IRValue {
        let address = builder.zext(stack.pop(), to: types.i64)
        if argument.offset > ModuleUsage.guardedOffsetLimit {
            // Cannot wrap: both are below 2^32.
            let end = builder.add(address, types.i64.constant(argument.offset + size))
            trap(
                .outOfBoundsMemoryAccess,
                if: builder.icmp(.ugt, end, byteSize(of: argument.memory)))
        }
        let pointer = builder.byteOffset(instance.memoryBase(argument.memory), address)
        if argument.offset == 0 { return pointer }
        return builder.byteOffset(pointer, types.i64.constant(argument.offset))
    }

    /// The current size of a memory in bytes, an i64.
    private func byteSize(of memory: MemoryIndex) -> IRValue {
        loadField(
            types.i64, of: instance.memoryDescriptor(memory), at: RuntimeLayouts.memoryByteSize)
    }

    mutating func lowerLoad(_ operation: LoadOperation, _ argument: MemoryArgument) {
        switch operation {
        case .integer(let type):
            stack.push(load(integer(type), argument, size: type == .i32 ? 4 : 8))
        case .float(let type):
            stack.push(
                load(type == .f32 ? types.f32 : types.f64, argument, size: type == .f32 ? 4 : 8))
        case .extending(let type, let width, let signed):
            let value = load(types.integer(bits: width.bitCount), argument, size: width.byteCount)
            let result = integer(type)
            stack.push(
                signed ? builder.sext(value, to: result) : builder.zext(value, to: result))
        }
    }

    /// Loads `size` bytes from where the operand on the stack points.
    mutating func load(_ type: IRType, _ argument: MemoryArgument, size: UInt64) -> IRValue {
        builder.load(type, from: popAddress(argument, size: size), alignment: 1)
    }

    /// Stores `size` bytes to where the operand on the stack points.
    mutating func store(_ value: IRValue, _ argument: MemoryArgument, size: UInt64) {
        builder.store(value, to: popAddress(argument, size: size), alignment: 1)
    }

    mutating func lowerStore(_ operation: StoreOperation, _ argument: MemoryArgument) {
        let value = stack.pop()
        switch operation {
        case .integer(let type): store(value, argument, size: type == .i32 ? 4 : 8)
        case .float(let type): store(value, argument, size: type == .f32 ? 4 : 8)
        case .narrowing(_, let width):
            let narrow = builder.trunc(value, to: types.integer(bits: width.bitCount))
            store(narrow, argument, size: width.byteCount)
        }
    }

    /// The IR type of an integer type.
    func integer(_ type: IntegerType) -> IRType { type == .i32 ? types.i32 : types.i64 }

    // Size -----------------------------------------------------------------------------------

    mutating func lowerMemorySize(_ memory: MemoryIndex) {
        let pageLog2 = unit.module.memories[Int(memory)].pageSizeLog2
        let pages = builder.lshr(byteSize(of: memory), types.i64.constant(UInt64(pageLog2)))
        stack.push(builder.trunc(pages, to: types.i32))
    }

    mutating func lowerMemoryGrow(_ memory: MemoryIndex) {
        let grow = unit.ir.runtimeFunction(
            "smelt_memory_grow",
            type: types.function([types.pointer, types.i64], returning: types.i64))
        let old = builder.call(grow, [instance.memoryDescriptor(memory), popIndex()])
        stack.push(builder.trunc(old, to: types.i32))
    }

    // Bulk -----------------------------------------------------------------------------------

    /// Traps unless `count` bytes from `start` on exist; both are zero-extended i32.
    private mutating func check(_ start: IRValue, _ count: IRValue, size: IRValue) {
        let end = builder.add(start, count)
        trap(.outOfBoundsMemoryAccess, if: builder.icmp(.ugt, end, size))
    }

    mutating func lowerMemoryFill(_ memory: MemoryIndex) {
        let count = popIndex()
        let value = builder.trunc(stack.pop(), to: types.i8)
        let start = popIndex()
        check(start, count, size: byteSize(of: memory))
        builder.memset(
            to: builder.byteOffset(instance.memoryBase(memory), start), value: value,
            count: count)
    }

    mutating func lowerMemoryCopy(_ destination: MemoryIndex, _ source: MemoryIndex) {
        let count = popIndex()
        let from = popIndex()
        let to = popIndex()
        check(to, count, size: byteSize(of: destination))
        check(from, count, size: byteSize(of: source))
        builder.memmove(
            to: builder.byteOffset(instance.memoryBase(destination), to),
            from: builder.byteOffset(instance.memoryBase(source), from), count: count)
    }

    mutating func lowerMemoryInit(_ segment: DataIndex, _ memory: MemoryIndex) {
        let count = popIndex()
        let from = popIndex()
        let to = popIndex()
        let access = instance.dataSegment(segment)
        check(to, count, size: byteSize(of: memory))
        check(from, count, size: builder.load(types.i64, from: access.sizeAddress, alignment: 8))
        builder.memcpy(
            to: builder.byteOffset(instance.memoryBase(memory), to),
            from: builder.byteOffset(access.contents, from), count: count)
    }
}
