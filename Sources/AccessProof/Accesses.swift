// Which instructions touch memory, where, and whether they may.

internal import LLVMKit

/// Bytes that an instruction touches.
struct Access {
    let instruction: IRInstruction
    let pointer: IRValue
    /// How many bytes: a number, or the value of an operand.
    let size: Size
    let isWrite: Bool

    enum Size {
        case fixed(UInt64)
        case value(IRValue)
        /// None, but the address is handed to somebody.
        case none
    }
}

extension FunctionProof {
    /// What an instruction touches.
    func accesses(of instruction: IRInstruction) -> [Access] {
        func access(_ index: Int, _ type: IRType, isWrite: Bool) -> Access {
            Access(
                instruction: instruction, pointer: instruction.operand(index),
                size: .fixed(context.layout.storeSize(type)), isWrite: isWrite)
        }
        switch instruction.opcode {
        case .load: return [access(0, instruction.type, isWrite: false)]
        case .store:
            let value = instruction.operand(0)
            return [access(1, value.type, isWrite: true)] + handedOver([value], instruction)
        case .atomicReadModifyWrite, .atomicCompareExchange:
            return [access(0, instruction.operand(1).type, isWrite: true)]
        case .call: return accesses(ofCall: instruction)
        case .return:
            return instruction.operandCount == 0
                ? [] : handedOver([instruction.operand(0)], instruction)
        case .invoke, .vaArgument:
            return [
                Access(
                    instruction: instruction, pointer: instruction.operand(0), size: .none,
                    isWrite: true)
            ]
        default: return []
        }
    }

    /// Pointers that leave the function.
    private func handedOver(_ values: [IRValue], _ instruction: IRInstruction) -> [Access] {
        values.filter { $0.type.laneType.isPointer }.map {
            Access(instruction: instruction, pointer: $0, size: .none, isWrite: false)
        }
    }

    private func accesses(ofCall call: IRInstruction) -> [Access] {
        let arguments = (0..<call.argumentCount).map { call.operand($0) }
        if call.isIntrinsicCall { return accesses(ofIntrinsic: call, arguments) }
        guard let name = call.calledValue?.name, let sizes = facts.runtimeAccesses[name] else {
            return handedOver(arguments, call)
        }
        return arguments.indices.compactMap { index in
            if let size = sizes[index] {
                return Access(
                    instruction: call, pointer: arguments[index], size: .fixed(size), isWrite: true)
            }
            return handedOver([arguments[index]], call).first
        }
    }

    private func accesses(ofIntrinsic call: IRInstruction, _ arguments: [IRValue]) -> [Access] {
        let name = call.intrinsicName ?? ""
        func access(_ index: Int, _ size: Access.Size, isWrite: Bool) -> Access {
            Access(
                instruction: call, pointer: arguments[index], size: size, isWrite: isWrite)
        }
        func isCalled(_ word: String) -> Bool { name.hasPrefix("llvm.\(word).") }
        if isCalled("memcpy") || isCalled("memmove") {
            return [
                access(0, .value(arguments[2]), isWrite: true),
                access(1, .value(arguments[2]), isWrite: false),
            ]
        }
        if isCalled("memset") { return [access(0, .value(arguments[2]), isWrite: true)] }
        if isCalled("masked.load") || isCalled("masked.gather") {
            let type = isCalled("masked.load") ? call.type : call.type.laneType
            return [access(0, .fixed(context.layout.storeSize(type)), isWrite: false)]
        }
        if isCalled("masked.store") || isCalled("masked.scatter") {
            let type = arguments[0].type
            let size = context.layout.storeSize(isCalled("masked.store") ? type : type.laneType)
            return [access(1, .fixed(size), isWrite: true)]
        }
        let harmless = ["lifetime.start", "lifetime.end", "invariant.start", "assume", "prefetch"]
        if harmless.contains(where: name.dropFirst(5).hasPrefix) { return [] }
        return handedOver(arguments, call)
    }

    /// So much from address 0 on is never mapped.
    private static let unmappedBytes: UInt64 = 4096

    private static let effortPerAccess = 5000

    // Checks ---------------------------------------------------------------------------------

    func check(_ access: Access) -> AccessOutcome {
        if isPlain(access) { return .proved }
        var reason: UnprovedReason?
        func isRight(_ place: Place, _ facts: BlockFacts) -> Bool {
            reason = self.objection(to: access, at: place, facts)
            return reason == nil
        }
        effort = Self.effortPerAccess
        if allPlaces(of: access.pointer, everywhere, isRight) { return .proved }
        effort = Self.effortPerAccess
        if allPlaces(of: access.pointer, facts(at: access.instruction), isRight) { return .proved }
        guard retries > 0 else { return .unproved(access, reason ?? .offset) }
        // What was found out for other accesses may have been cut short where values depend on
        // one another.
        retries -= 1
        forget()
        effort = Self.effortPerAccess
        if allPlaces(of: access.pointer, facts(at: access.instruction), isRight) { return .proved }
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
            // The base of a memory may be handed on, for what it is there.
            if case .memory = place.root, place.offset.constantValue != 0 { return .escape }
            return nil
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
                isBehindStart
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
            return isBehindStart && isInside(self.facts.functionBytes) && !access.isWrite
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
}
