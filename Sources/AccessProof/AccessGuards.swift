// Checks for what was not proved, so that a wrong pass costs speed and not the sandbox.
//
// Whatever an address was computed from, it is compared with all that it may point into. There is no
// branch: an address that is nowhere in there is replaced by one that faults, behind 4 GiB in the
// guard region of a memory, where nothing is ever mapped, or null. Where that would not do, since
// it is not defined which of many bytes is touched first, a load of one byte is put in front that faults.

internal import LLVMKit

/// Bytes that an access may touch.
struct GuardedRegion {
    let base: IRValue
    let extent: Extent
    /// Whether 4 GiB behind the base nothing is mapped.
    let hasUnmappedPlace: Bool

    enum Extent {
        case bytes(UInt64)
        /// As many as a number says, at a distance from a pointer, of so many bytes each.
        case counted(at: IRValue, offset: Int, size: UInt64)
    }
}

extension FunctionProof {
    /// Where an access may go; nil if that is not known, or cannot be checked.
    func guardedRegions(of access: Access) -> [GuardedRegion]? {
        if case .none = access.size { return nil }
        guard let bases = bases(of: access.pointer) else { return nil }
        var roots: Set<Root> = []
        var found: Set<Root> = []
        var regions: [GuardedRegion] = []
        for base in bases {
            let root = root(of: base)
            if root == .null, base.type.addressSpace == 0 { continue }
            let isUnique = root.isMemory
            if isUnique { roots.insert(root) }
            // A memory's base is the same wherever it is loaded.
            if isUnique, found.contains(root) { continue }
            guard isAvailable(base, at: access.instruction) else {
                if isUnique { continue }
                return nil
            }
            guard let region = region(from: base, root, for: access) else { return nil }
            regions.append(region)
            if isUnique { found.insert(root) }
        }
        return regions.isEmpty || found != roots ? nil : regions
    }

    private func region(from base: IRValue, _ root: Root, for access: Access) -> GuardedRegion? {
        func counted(_ layout: ProofFacts.Layout, size: UInt64) -> GuardedRegion? {
            guard let load = IRInstruction(base), load.opcode == .load else { return nil }
            return GuardedRegion(
                base: base,
                extent: .counted(
                    at: load.operand(0), offset: layout.size - layout.pointer, size: size),
                hasUnmappedPlace: false)
        }
        let bytes: UInt64
        var isWritable = false
        switch root {
        case .memory(let index):
            guard let reachable = facts.memories[index].reachableBytes else {
                guard isPointerField(base, of: .memoryDescriptor(index), facts.memoryLayout)
                else { return nil }
                return counted(facts.memoryLayout, size: 1)
            }
            // A byte there faults, whatever its size, and the largest access is not as large.
            guard reachable >= AccessGuards.unmapped + 64 else { return nil }
            return GuardedRegion(base: base, extent: .bytes(reachable), hasUnmappedPlace: true)
        case .elements(_, let load):
            return isFresh(load, at: access.instruction)
                ? counted(facts.tableLayout, size: 8) : nil
        case .object(let size, let mayWrite): (bytes, isWritable) = (size, mayWrite)
        case .instance(let size): (bytes, isWritable) = (size, true)
        case .memoryDescriptor: bytes = facts.memoryLayout.bytes
        case .tableDescriptor: bytes = facts.tableLayout.bytes
        case .reference: bytes = facts.functionBytes
        case .null, .unknown: return nil
        }
        guard isWritable || !access.isWrite, base.type.addressSpace == 0 else { return nil }
        return GuardedRegion(base: base, extent: .bytes(bytes), hasUnmappedPlace: false)
    }

    /// Whether a value is what is loaded from a descriptor's field for its first byte.
    private func isPointerField(
        _ base: IRValue, of descriptor: Root, _ layout: ProofFacts.Layout
    ) -> Bool {
        guard let load = IRInstruction(base), load.opcode == .load,
            let place = fixedPlace(ofLoad: load)
        else { return false }
        return place.root == descriptor && place.offset == layout.pointer
    }

    private func isAvailable(_ base: IRValue, at instruction: IRInstruction) -> Bool {
        guard let home = IRInstruction(base) else { return true }
        guard let first = flow.numbers[home.block], let second = flow.numbers[instruction.block]
        else { return false }
        if first != second { return flow.dominates(first, second) }
        var next = home.next
        while let current = next {
            if current == instruction { return true }
            next = current.next
        }
        return false
    }
}

/// Emits checks in one function.
struct AccessGuards {
    let builder: IRBuilder
    let types: IRTypes
    let function: IRFunction
    /// A byte of the stack that may be loaded.
    private var readable: IRValue?

    init(builder: IRBuilder, types: IRTypes, function: IRFunction) {
        self.builder = builder
        self.types = types
        self.function = function
    }

    /// From here on a guarded memory never has bytes.
    static let unmapped: UInt64 = 1 << 32

    /// Lets an access go to its address if that is right, and fault otherwise.
    mutating func add(to access: Access, _ regions: [GuardedRegion]) {
        let instruction = access.instruction
        builder.position(before: instruction)
        let pointer = builder.freeze(instruction.operand(access.operand))
        instruction.setOperand(access.operand, to: pointer)
        let size: IRValue
        var isRight: IRValue?
        switch access.size {
        case .fixed(let bytes): size = types.i64.constant(bytes)
        case .value:
            // Another check may have frozen it already.
            let index = Access.sizeOperand
            let frozen = builder.freeze(instruction.operand(index))
            instruction.setOperand(index, to: frozen)
            size = builder.resize(frozen, to: types.i64)
            isRight = builder.icmp(.eq, size, types.i64.zero)
        case .none: return
        }
        for region in regions {
            let isThere = isInside(pointer, size, region)
            isRight = isRight.map { builder.or($0, isThere) } ?? isThere
        }
        let isMappedNowhere = regions.first(where: \.hasUnmappedPlace)
        let outside =
            isMappedNowhere.map { builder.byteOffset($0.base, types.i64.constant(Self.unmapped)) }
            ?? pointer.type.laneType.zero
        if case .value = access.size {
            probe(isRight!, outside, before: instruction)
        } else {
            let checked = builder.select(isRight!, pointer, lanes(outside, like: pointer))
            instruction.setOperand(access.operand, to: checked)
        }
    }

    /// Whether so many bytes, from the address in each lane on, are in a region.
    private func isInside(_ pointer: IRValue, _ size: IRValue, _ region: GuardedRegion) -> IRValue {
        let base = builder.pointerToInteger(region.base)
        let offset = builder.sub(builder.pointerToInteger(pointer), lanes(base, like: pointer))
        let extent =
            switch region.extent {
            case .bytes(let count): types.i64.constant(count)
            case .counted(let place, let distance, let size):
                builder.mul(
                    builder.load(
                        types.i64,
                        from: builder.byteOffset(place, types.i64.constant(distance)),
                        alignment: 8),
                    types.i64.constant(size))
            }
        let last = lanes(builder.sub(extent, size), like: pointer)
        let hasRoom = lanes(builder.icmp(.ule, size, extent), like: pointer)
        return builder.and(builder.icmp(.ule, offset, last), hasRoom)
    }

    private func lanes(_ value: IRValue, like pointer: IRValue) -> IRValue {
        pointer.type.isVector ? builder.splat(value, lanes: pointer.type.laneCount) : value
    }

    /// Faults unless something is right.
    private mutating func probe(
        _ isRight: IRValue, _ outside: IRValue, before instruction: IRInstruction
    ) {
        let place = readable ?? builder.entryAlloca(types.i8, in: function)
        readable = place
        builder.position(before: instruction)
        // In another address space null may be something.
        let other = outside.type == place.type ? outside : place.type.zero
        _ = builder.load(
            types.i8, from: builder.select(isRight, place, other), alignment: 1, isVolatile: true)
    }
}
