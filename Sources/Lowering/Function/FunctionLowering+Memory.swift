// REVIEWERS: the sandbox rests on this file: every access to a linear memory begins here, and
// Sources/Sandbox/MemoryPlan.swift has the numbers.
//
// What is formed here is `base + extended index + constant offset`. It is not compared with the memory's
// size only if `MemoryPlan.isChecked` says so: then the index is a zero-extended 32-bit value, the offset at
// most `UncheckedAccess.largestOffset`, and what follows the base for `UncheckedAccess.reservedBytes` is
// either the memory or a page that faults. Everything else is compared with the current size, with
// arithmetic that cannot wrap.
//
// It is not where addresses end. LLVM splits them otherwise and keeps their value; these passes of
// ours form new ones, and say at their top what they rest on: NearbyAddresses (another index),
// LoopVersioning with LoopCopy, NestCopy and WideLoop (64-bit pointers that move), SearchLoops (reading
// ahead), SegmentAddresses (another base), WideIndices (where the index is extended), StoreForwarding
// (parts of a load).
//
// Accesses have alignment 1: the alignment of the instruction is a hint that may be wrong.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import Sandbox
internal import TargetModel
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    /// Pops an address and forms the pointer of an access of `size` bytes.
    ///
    /// - Parameter isAtomic: whether an address that is not a multiple of the size traps.
    mutating func popAddress(
        _ argument: MemoryArgument, size: UInt64, isAtomic: Bool = false
    ) -> IRValue {
        let plan = unit.plan.memories[Int(argument.memory)]
        let address =
            PlantedFault.signedAddress.isPlanted && plan.type.addressType == .i32
            ? builder.sext(stack.pop(), to: types.i64) : popMemoryIndex(plan.type.addressType)
        if isAtomic { checkAlignment(address, offset: argument.offset, size: size) }
        if plan.isChecked(offset: argument.offset) {
            checkBounds(address, argument, size: size, plan.type.addressType)
        }
        let pointer = builder.byteOffset(instance.memoryBase(argument.memory), address)
        if argument.offset == 0 { return pointer }
        // LLVM's fast instruction selector would add any constant to the memory's own address, and the
        // sum may have more bits than an instruction has room for. The others look.
        let isFar = unit.level == .none && argument.offset > MemoryPlacement.foldedConstantLimit
        return builder.byteOffset(
            isFar ? builder.freeze(pointer) : pointer, types.i64.constant(argument.offset))
    }

    /// Pops an index into a memory, with 64 bits. LLVM's fast instruction selector must not see far constants
    /// either, and would find out what is behind a `freeze`.
    private mutating func popMemoryIndex(_ type: AddressType) -> IRValue {
        guard unit.level == .none, let constant = stack.top(1).first?.constantInteger,
            constant > MemoryPlacement.foldedConstantLimit
        else { return popIndex(type) }
        let value = stack.pop()
        let slot = builder.entryAlloca(value.type, in: function)
        builder.store(value, to: slot, alignment: 8)
        stack.push(builder.load(value.type, from: slot, alignment: 8, isVolatile: true))
        return popIndex(type)
    }

    private mutating func checkBounds(
        _ address: IRValue, _ argument: MemoryArgument, size: UInt64, _ type: AddressType
    ) {
        let (reach, overflow) = argument.offset.addingReportingOverflow(
            PlantedFault.accessSize.isPlanted ? 0 : size)
        let byteSize = byteSize(of: argument.memory)
        let isOutside: IRValue
        if PlantedFault.wrappingBounds.isPlanted {
            let end = builder.add(address, types.i64.constant(reach))
            isOutside = builder.icmp(.ugt, end, byteSize)
        } else if overflow {
            isOutside = types.i1.constant(1)
        } else if type == .i32, argument.offset < 1 << 33 {
            // Cannot wrap: the address is below 2^32.
            let end = builder.add(address, types.i64.constant(reach))
            isOutside = builder.icmp(.ugt, end, byteSize)
        } else {
            let isTooSmall = builder.icmp(.ult, byteSize, types.i64.constant(reach))
            let last = builder.sub(byteSize, types.i64.constant(reach))
            isOutside = builder.or(isTooSmall, builder.icmp(.ugt, address, last))
        }
        trap(.outOfBoundsMemoryAccess, if: isOutside)
    }

    private mutating func checkAlignment(_ address: IRValue, offset: UInt64, size: UInt64) {
        if size == 1 || PlantedFault.atomicAlignment.isPlanted { return }
        let sum = builder.add(address, types.i64.constant(offset))
        let rest = builder.and(sum, types.i64.constant(size - 1))
        trap(.unalignedAtomic, if: builder.icmp(.ne, rest, types.i64.zero))
    }

    /// The current size of a memory in bytes, an i64.
    private func byteSize(of memory: MemoryIndex) -> IRValue {
        let size = loadField(
            types.i64, of: instance.memoryDescriptor(memory), at: RuntimeLayouts.memoryByteSize)
        unit.aliases?.markSize(size)
        return size
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
        let value = builder.load(
            type, from: popAddress(argument, size: size), alignment: 1,
            isVolatile: unit.options.exactTraps)
        unit.aliases?.markMemory(value)
        return value
    }

    /// Stores `size` bytes to where the operand on the stack points.
    mutating func store(_ value: IRValue, _ argument: MemoryArgument, size: UInt64) {
        let store = builder.store(
            value, to: popAddress(argument, size: size), alignment: 1,
            isVolatile: unit.options.exactTraps)
        unit.aliases?.markMemory(store.value)
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

    private func addressType(of memory: MemoryIndex) -> AddressType {
        unit.module.memories[Int(memory)].addressType
    }

    mutating func lowerMemorySize(_ memory: MemoryIndex) {
        let pageLog2 = unit.module.memories[Int(memory)].pageSizeLog2
        let pages = builder.lshr(byteSize(of: memory), types.i64.constant(UInt64(pageLog2)))
        pushSize(pages, addressType(of: memory))
    }

    mutating func lowerMemoryGrow(_ memory: MemoryIndex) {
        let grow = unit.runtimeFunction(SMELT_RUNTIME_memory_grow)
        let delta = popIndex(addressType(of: memory))
        let old = builder.call(grow, [instance.memoryDescriptor(memory), delta])
        pushSize(old, addressType(of: memory))
    }

    // Bulk -----------------------------------------------------------------------------------

    /// Traps unless `count` bytes from `start` on exist.
    private mutating func check(
        _ start: IRValue, _ count: IRValue, size: IRValue, _ type: AddressType
    ) {
        let size =
            PlantedFault.bulkBounds.isPlanted ? builder.add(size, types.i64.constant(1)) : size
        guard type == .i64 else {
            // Cannot wrap: both were 32 bits wide.
            let end = builder.add(start, count)
            trap(.outOfBoundsMemoryAccess, if: builder.icmp(.ugt, end, size))
            return
        }
        let isTooLong = builder.icmp(.ugt, count, size)
        let isBehind = builder.icmp(.ugt, start, builder.sub(size, count))
        trap(.outOfBoundsMemoryAccess, if: builder.or(isTooLong, isBehind))
    }

    mutating func lowerMemoryFill(_ memory: MemoryIndex) {
        let type = addressType(of: memory)
        let count = popIndex(type)
        let value = builder.trunc(stack.pop(), to: types.i8)
        let start = popMemoryIndex(type)
        check(start, count, size: byteSize(of: memory), type)
        builder.memset(
            to: builder.byteOffset(instance.memoryBase(memory), start), value: value,
            count: count)
    }

    mutating func lowerMemoryCopy(_ destination: MemoryIndex, _ source: MemoryIndex) {
        let (targetType, sourceType) = (addressType(of: destination), addressType(of: source))
        let count = popIndex(targetType.smaller(sourceType))
        let from = popMemoryIndex(sourceType)
        let to = popMemoryIndex(targetType)
        check(to, count, size: byteSize(of: destination), targetType)
        check(from, count, size: byteSize(of: source), sourceType)
        builder.memmove(
            to: builder.byteOffset(instance.memoryBase(destination), to),
            from: builder.byteOffset(instance.memoryBase(source), from), count: count)
    }

    mutating func lowerMemoryInit(_ segment: DataIndex, _ memory: MemoryIndex) {
        let type = addressType(of: memory)
        let count = popIndex(.i32)
        let from = popIndex(.i32)
        let to = popMemoryIndex(type)
        let access = instance.dataSegment(segment)
        check(to, count, size: byteSize(of: memory), type)
        let left = builder.load(types.i64, from: access.sizeAddress, alignment: 8)
        check(from, count, size: left, .i32)
        builder.memcpy(
            to: builder.byteOffset(instance.memoryBase(memory), to),
            from: builder.byteOffset(access.contents, from), count: count)
    }
}
