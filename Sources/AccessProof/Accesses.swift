// Which instructions touch memory, where, and whether they may.

internal import LLVMKit

/// Bytes that an instruction touches.
struct Access {
    let instruction: IRInstruction
    /// Which operand the address is.
    let operand: Int
    let pointer: IRValue
    /// How many bytes: a number, or the value of an operand.
    let size: Size
    let isWrite: Bool

    enum Size {
        case fixed(UInt64)
        case value(IRValue)
        /// None, but the address is handed on.
        case none
    }

    /// Where intrinsics have a size that is an operand.
    static let sizeOperand = 2

    init(_ instruction: IRInstruction, _ operand: Int, _ size: Size, isWrite: Bool) {
        self.instruction = instruction
        self.operand = operand
        pointer = instruction.operand(operand)
        self.size = size
        self.isWrite = isWrite
    }
}

extension FunctionProof {
    /// What an instruction touches.
    func accesses(of instruction: IRInstruction) -> [Access] {
        func access(_ index: Int, _ type: IRType, isWrite: Bool) -> Access {
            Access(
                instruction, index, .fixed(context.layout.storeSize(type)), isWrite: isWrite)
        }
        switch instruction.opcode {
        case .load: return [access(0, instruction.type, isWrite: false)]
        case .store:
            let type = instruction.operand(0).type
            return [access(1, type, isWrite: true)] + handedOver(0, instruction)
        case .atomicReadModifyWrite:
            return [access(0, instruction.operand(1).type, isWrite: true)]
                + handedOver(1, instruction)
        case .atomicCompareExchange:
            return [access(0, instruction.operand(1).type, isWrite: true)]
                + handedOver(2, instruction)
        case .call: return accesses(ofCall: instruction)
        case .insertvalue: return handedOver(1, instruction)
        case .return: return instruction.operandCount == 0 ? [] : handedOver(0, instruction)
        case .invoke: return (0..<instruction.argumentCount).flatMap { handedOver($0, instruction) }
        case .vaArgument: return handedOver(0, instruction)
        default: return []
        }
    }

    /// A pointer that goes where it cannot be followed.
    private func handedOver(_ index: Int, _ instruction: IRInstruction) -> [Access] {
        let value = instruction.operand(index)
        return value.type.laneType.isPointer && !value.isUndefined
            ? [Access(instruction, index, .none, isWrite: false)] : []
    }

    private func accesses(ofCall call: IRInstruction) -> [Access] {
        if call.isIntrinsicCall { return accesses(ofIntrinsic: call) }
        let sizes = call.calledValue.flatMap { facts.runtimeAccesses[$0.name] } ?? [:]
        return (0..<call.argumentCount).flatMap { index in
            sizes[index].map { [Access(call, index, .fixed($0), isWrite: true)] }
                ?? handedOver(index, call)
        }
    }

    private func accesses(ofIntrinsic call: IRInstruction) -> [Access] {
        let name = call.intrinsicName ?? ""
        func access(_ index: Int, _ size: Access.Size, isWrite: Bool) -> Access {
            Access(call, index, size, isWrite: isWrite)
        }
        func isCalled(_ word: String) -> Bool { name.hasPrefix("llvm.\(word).") }
        let size = Access.sizeOperand
        if isCalled("memcpy") || isCalled("memmove") {
            return [
                access(0, .value(call.operand(size)), isWrite: true),
                access(1, .value(call.operand(size)), isWrite: false),
            ]
        }
        if isCalled("memset") { return [access(0, .value(call.operand(size)), isWrite: true)] }
        if isCalled("masked.load") || isCalled("masked.gather") {
            let type = isCalled("masked.load") ? call.type : call.type.laneType
            return [access(0, .fixed(context.layout.storeSize(type)), isWrite: false)]
        }
        if isCalled("masked.store") || isCalled("masked.scatter") {
            let type = call.operand(0).type
            let size = context.layout.storeSize(isCalled("masked.store") ? type : type.laneType)
            return [access(1, .fixed(size), isWrite: true)]
        }
        let harmless = ["lifetime.start", "lifetime.end", "invariant.start", "assume", "prefetch"]
        if harmless.contains(where: name.dropFirst(5).hasPrefix) { return [] }
        // Others may touch what no rule here knows.
        return (0..<call.argumentCount).flatMap { handedOver($0, call) }
    }

    /// So much from address 0 on is never mapped.
    private static let unmappedBytes: UInt64 = 4096

    // Checks ---------------------------------------------------------------------------------

    func check(_ access: Access) -> AccessOutcome {
        if isPlain(access) { return .proved }
        var reason: UnprovedReason?
        func isRight(_ place: Place, _ facts: BlockFacts) -> Bool {
            reason = self.objection(to: access, at: place, facts)
            return reason == nil
        }
        refill()
        if allPlaces(of: access, everywhere, isRight) { return .proved }
        refill()
        if allPlaces(of: access, facts(at: access.instruction), isRight) { return .proved }
        guard retries > 0 else { return .unproved(access, reason ?? .offset) }
        // What was found out for other accesses may have been cut short where values depend on
        // one another.
        retries -= 1
        defer {
            isCoarse = false
            forget()
        }
        for coarse in [false, true] {
            isCoarse = coarse
            forget()
            refill()
            if allPlaces(of: access, facts(at: access.instruction), isRight) { return .proved }
        }
        return .unproved(access, reason ?? .offset)
    }

    /// Whether an access needs no thought, as most do: to a memory with a guard, at an extended
    /// number of at most 32 bits and a constant.
    private func isPlain(_ access: Access) -> Bool {
        guard case .fixed(let size) = access.size else { return false }
        var pointer = access.pointer
        var constant: Int128 = 0
        var largest: Int128 = 0
        while let step = context.layout.step(pointer) {
            constant += Int128(step.constant)
            for (index, scale) in step.terms {
                if let number = index.constantInteger, index.type.integerWidth == 64 {
                    constant += Int128(Int64(bitPattern: number)) * Int128(scale)
                } else if largest == 0, scale == 1, index.operationCode == .zext,
                    let width = index.operand(0).type.integerWidth, width <= 32
                {
                    largest = (1 << Int128(width)) - 1
                } else {
                    return false
                }
            }
            pointer = step.base
        }
        guard pointer.kind != .instruction || pointer.operationCode == .load,
            case .memory(let index) = root(of: pointer),
            let reachable = facts.memories[index].reachableBytes
        else { return false }
        return constant >= 0 && constant + largest + Int128(size) <= Int128(reachable)
    }

    /// Why an access is not known to be right; nil if it is.
    private func objection(
        to access: Access, at place: Place, _ facts: BlockFacts
    ) -> UnprovedReason? {
        if case .none = access.size {
            // The base of a memory may be handed on, for what it is there, and anything else but an
            // address in a memory.
            switch place.root {
            case .memory:
                let isKept = place.offset.constantValue == 0 && !access.instruction.isIntrinsicCall
                return isKept ? nil : .escape
            case .unknown(let what): return .origin(what)
            default: return nil
            }
        }
        // Before the beginning.
        let size = sum(of: access.size, facts)
        if size.constantValue == 0 { return nil }
        func fits(_ limit: Sum) -> Bool {
            let end = place.offset.adding(size)
            return isAtMostZero(end.adding(limit, times: -1), facts, depth: 4)
        }
        func isInside(_ bytes: UInt64) -> Bool { fits(Sum(Int128(bytes))) }
        let isBehindStart = isAtMostZero(place.offset.multiplied(by: -1), facts, depth: 3)
        switch place.root {
        case .memory(let index):
            let memory = self.facts.memories[index]
            let isRight =
                isBehindStart
                && (memory.reachableBytes.map(isInside) ?? false || isInside(memory.minimumBytes)
                    || endsBelowSize(of: .memory(index), times: 1, facts, fits))
            return isRight ? nil : .offset
        case .elements(let table, let load):
            let isRight =
                isBehindStart && isFresh(load, at: access.instruction)
                && endsBelowSize(of: .table(table), times: 8, facts, before: load, fits)
            return isRight ? nil : .tableIndex
        case .object(let bytes, let isWritable):
            return isBehindStart && isInside(bytes) && (isWritable || !access.isWrite)
                ? nil : .object
        case .memoryDescriptor:
            return isBehindStart && isInside(self.facts.memoryLayout.bytes)
                && !access.isWrite ? nil : .object
        case .tableDescriptor:
            return isBehindStart && isInside(self.facts.tableLayout.bytes)
                && !access.isWrite ? nil : .object
        case .instance(let bytes): return isBehindStart && isInside(bytes) ? nil : .object
        case .reference:
            if self.facts.hasObjects { return nil }
            let bytes = max(self.facts.functionBytes, self.facts.objectBytes)
            let isWritable = self.facts.objectBytes > 0
            return isBehindStart && isInside(bytes) && (isWritable || !access.isWrite)
                ? nil : .object
        case .null: return isBehindStart && isInside(Self.unmappedBytes) ? nil : .origin("null")
        case .unknown(let what): return .origin(what)
        }
    }

    private func sum(of size: Access.Size, _ facts: BlockFacts) -> Sum {
        switch size {
        case .fixed(let bytes): Sum(Int128(bytes))
        case .value(let value): sum(of: value, facts)
        case .none: Sum()
        }
    }

    /// Whether something ends below a size that was loaded and compared before.
    private func endsBelowSize(
        of what: LoadedSize, times factor: Int128, _ facts: BlockFacts,
        before elements: IRInstruction? = nil, _ fits: (Sum) -> Bool
    ) -> Bool {
        var tried: Set<IRValue> = []
        func fitsBelow(_ value: IRValue) -> Bool {
            guard let load = IRInstruction(value), loadedSize(load) == what,
                tried.insert(value).inserted
            else { return false }
            if let elements, !isSize(load, before: elements) { return false }
            return fits(Sum(value).multiplied(by: factor))
        }
        return facts.contains { fact in
            fact.terms.contains { $0.factor < 0 && fitsBelow($0.product.first) }
        } || facts.containsBounded(where: fitsBelow)
    }

    /// Whether a table has as many elements as a size says where another load finds them. Tables only
    /// grow, and not without a call.
    private func isSize(_ size: IRInstruction, before elements: IRInstruction) -> Bool {
        let (first, second) = (size.block, elements.block)
        guard let number = flow.numbers[first], let other = flow.numbers[second] else {
            return false
        }
        if first != second { return flow.dominates(number, other) }
        // The other way round only if nothing happens between the two.
        var next = elements.next
        while let instruction = next {
            if instruction == size { return true }
            if instruction.isCall { break }
            next = instruction.next
        }
        next = size.next
        while let instruction = next {
            if instruction == elements { return true }
            next = instruction.next
        }
        return false
    }

    /// Whether elements are still where a load has found them. They move when a table grows, and that
    /// takes a call.
    func isFresh(_ load: IRInstruction, at access: IRInstruction) -> Bool {
        guard let home = flow.numbers[load.block], let end = flow.numbers[access.block] else {
            return false
        }
        func isQuiet(_ first: IRInstruction?, until last: IRInstruction?) -> Bool {
            var next = first
            while let instruction = next, instruction != last {
                if instruction.isCall { return false }
                next = instruction.next
            }
            return last == nil || next == last
        }
        if home == end, isQuiet(load.next, until: access) { return true }
        // All that lies on ways from there to here.
        guard isQuiet(flow.blocks[end].first, until: access) else { return false }
        var seen: Set<Int> = []
        var open = flow.predecessors[end]
        while let block = open.popLast() {
            guard seen.insert(block).inserted else { continue }
            let first = block == home ? load.next : flow.blocks[block].first
            guard seen.count <= Self.mostBlocks, isQuiet(first, until: nil) else { return false }
            if block != home { open += flow.predecessors[block] }
        }
        return true
    }

    private static let mostBlocks = 256
}
