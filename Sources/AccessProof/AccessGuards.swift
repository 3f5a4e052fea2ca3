// Checks for what was not proved, so that a wrong pass costs speed and not the sandbox.
//
// There is no branch: an address that is not within what may be reached is replaced by one behind
// 4 GiB, in the guard region, where nothing is ever mapped. The access then faults like any other
// one out of bounds. What is no memory has no such place, and the address becomes null.

internal import LLVMKit

/// Where an access that is to be checked goes.
struct GuardedPlace {
    /// The first byte of a memory, or of an object of known size.
    let base: IRValue
    let isMemory: Bool
    /// How many bytes from there on may be reached.
    let reachableBytes: UInt64
}

extension FunctionProof {
    /// Where an access goes; nil if a check of its address would not do: a memory without guard
    /// region, vectors of addresses, a number of bytes that is not known, or an address of unknown
    /// origin.
    func guardedPlace(of access: Access) -> GuardedPlace? {
        guard case .fixed(let size) = access.size, !access.pointer.type.isVector else { return nil }
        var result: GuardedPlace?
        let isGuarded = allPlaces(of: access.pointer, everywhere) { place, _ in
            let reachable: UInt64
            let isMemory = place.root.isMemory
            switch place.root {
            case .memory(let index):
                guard let bytes = facts.memories[index].reachableBytes,
                    bytes >= AccessGuards.unmapped + size
                else { return false }
                reachable = bytes
            case .object(let bytes, let isWritable):
                guard bytes >= size, isWritable || !access.isWrite else { return false }
                reachable = bytes
            default: return false
            }
            // Where several bases meet, only one that is there everywhere will do.
            if let other = result, other.base != place.base { return false }
            if let other = result, other.isMemory != isMemory { return false }
            result = GuardedPlace(
                base: place.base, isMemory: isMemory, reachableBytes: reachable)
            return true
        }
        guard isGuarded, let base = result?.base, isAvailable(base, at: access.instruction) else {
            return nil
        }
        return result
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

/// Emits checks.
struct AccessGuards {
    let builder: IRBuilder
    let types: IRTypes

    /// From here on a guarded memory never has bytes.
    static let unmapped: UInt64 = 1 << 32

    /// Lets an access go to its address if that is right, and to one that faults otherwise.
    func add(to access: Access, _ place: GuardedPlace) {
        guard case .fixed(let size) = access.size else { return }
        builder.position(before: access.instruction)
        let pointer = builder.freeze(access.pointer)
        let offset = builder.sub(
            builder.pointerToInteger(pointer), builder.pointerToInteger(place.base))
        let last = types.i64.constant(place.reachableBytes - size)
        let outside =
            place.isMemory
            ? builder.byteOffset(place.base, types.i64.constant(Self.unmapped))
            : place.base.type.zero
        let checked = builder.select(builder.icmp(.ule, offset, last), pointer, outside)
        for index in 0..<access.instruction.operandCount
        where access.instruction.operand(index) == access.pointer {
            let isStoredValue = access.instruction.opcode == .store && index == 0
            if !isStoredValue { access.instruction.setOperand(index, to: checked) }
        }
    }
}
