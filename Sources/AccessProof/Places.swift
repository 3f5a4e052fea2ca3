// What an address points into, and how far behind its beginning.

internal import LLVMKit

/// What a pointer was made from.
indirect enum Root: Hashable {
    /// The first byte of a linear memory.
    case memory(Int)
    /// The runtime's description of a memory or a table.
    case memoryDescriptor(Int), tableDescriptor(Int)
    /// The elements of a table, as a load has found them.
    case elements(table: Int, IRInstruction)
    /// Something of so many bytes.
    case object(UInt64, isWritable: Bool)
    /// The state of an instance.
    case instance(UInt64)
    /// A reference of the program's.
    case reference
    case null
    /// Nothing that is known.
    case unknown(String)

    /// Whether a pointer of this kind leads into a linear memory.
    var isMemory: Bool { if case .memory = self { true } else { false } }
}

/// A pointer as something known and a number of bytes, which is right modulo 2^64.
struct Place {
    var root: Root
    /// The pointer that is the root.
    var base: IRValue
    var offset: Sum
}

extension FunctionProof {
    /// Follows a pointer, and asks about each place that it may be; ends when one answer is no.
    func allPlaces(
        of access: Access, _ facts: BlockFacts, _ isRight: (Place, BlockFacts) -> Bool
    ) -> Bool {
        var walk = Walk()
        if case .value(let size) = access.size { walk.size = size }
        return allPlaces(of: access.pointer, Sum(), facts, &walk, isRight)
    }

    /// What is remembered on the way from a pointer to what it was made from.
    private struct Walk {
        /// The phis, and what was added to them.
        var phis: [IRValue: Sum] = [:]
        /// How many choices there were.
        var choices = 0
        /// A number that the places are compared with.
        var size: IRValue?
    }

    /// - Parameter offset: what is added to the pointer.
    private func allPlaces(
        of pointer: IRValue, _ offset: Sum, _ facts: BlockFacts, _ walk: inout Walk,
        _ isRight: (Place, BlockFacts) -> Bool
    ) -> Bool {
        let start = reduced(pointer, offset, facts)
        let (pointer, offset) = (start.pointer, start.offset)
        if start.hasUnknownIndex {
            return isRight(Place(root: .unknown("an index"), base: pointer, offset: offset), facts)
        }
        func isUnknown(_ what: String) -> Bool {
            isRight(Place(root: .unknown(what), base: pointer, offset: offset), facts)
        }
        guard let instruction = IRInstruction(pointer), isChoice(pointer),
            root(of: pointer) != .reference
        else {
            let place = Place(root: root(of: pointer), base: pointer, offset: offset)
            return isRight(place, facts)
        }
        walk.choices += 1
        guard walk.choices <= Self.mostChoices else { return isUnknown("too many others") }
        if pointer.type.isVector { return isUnknown("a choice between vectors") }
        if instruction.opcode == .select {
            for (index, truth) in [(1, true), (2, false)] {
                let facts = assuming(instruction.operand(0), is: truth, facts)
                if !allPlaces(of: instruction.operand(index), offset, facts, &walk, isRight) {
                    return false
                }
            }
            return true
        }
        if let before = walk.phis[pointer] {
            // Once around a loop: it has been asked about if nothing was added on the way.
            return before.isEqual(offset) || isUnknown("a loop")
        }
        guard walk.phis.count < Self.mostPhis, let home = flow.numbers[instruction.block] else {
            return isUnknown("too many others")
        }
        walk.phis[pointer] = offset
        // What was known when control came to the phi is about the values of that time, and so is what
        // was added to the pointer then.
        let values = offset.terms.flatMap { [$0.product.first, $0.product.second] } + [walk.size]
        let isStill = values.allSatisfy { $0.map { flow.isComputed($0, before: home) } ?? true }
        for (value, block) in instruction.incoming {
            guard let source = flow.numbers[block] else { continue }
            if !isStill, flow.dominates(home, source), value != pointer {
                return isUnknown("a loop")
            }
            let known = isStill && facts !== everywhere
            let facts = known ? self.facts(onEdgeFrom: source, to: home) : everywhere
            if !allPlaces(of: value, offset, facts, &walk, isRight) { return false }
        }
        return true
    }

    /// What a pointer is, and how far from it, behind all additions that are known.
    private func reduced(
        _ pointer: IRValue, _ offset: Sum, _ facts: BlockFacts
    ) -> (pointer: IRValue, offset: Sum, hasUnknownIndex: Bool) {
        var (pointer, offset) = (pointer, offset)
        while true {
            if let step = context.layout.step(pointer) {
                pointer = step.base
                offset = offset.adding(Int128(step.constant))
                for (index, scale) in step.terms {
                    // Indices with fewer bits are signed.
                    let isWide = index.type.laneType.integerWidth == 64
                    guard let added = isWide ? linear(index, facts, 0) : signedSum(of: index, facts)
                    else { return (pointer, offset, true) }
                    offset = offset.adding(added, times: Int128(scale))
                }
                offset = offset.reduced
            } else if pointer.operationCode == .freeze, isDefined(pointer.operand(0)) {
                pointer = pointer.operand(0)
            } else {
                return (pointer, offset, false)
            }
        }
    }

    private static let mostPhis = 32
    private static let mostChoices = 128

    private func isChoice(_ pointer: IRValue) -> Bool {
        pointer.operationCode == .phi || pointer.operationCode == .select
    }

    /// What a pointer is that nothing was added to.
    func root(of pointer: IRValue) -> Root {
        if let known = roots[pointer] { return known }
        // Meanwhile.
        roots[pointer] = .unknown("itself")
        nesting += 1
        defer { nesting -= 1 }
        let result = nesting <= Self.deepestNesting ? findRoot(of: pointer) : .unknown("too many")
        roots[pointer] = result
        return result
    }

    private func findRoot(of pointer: IRValue) -> Root {
        switch pointer.kind {
        case .global: return root(ofGlobal: pointer)
        case .null:
            if pointer.type.addressSpace == 256, let memory = facts.segmentMemory {
                return .memory(memory)
            }
            return pointer.type.addressSpace == 0 ? .null : .unknown("a segment")
        case .function: return .object(0, isWritable: false)
        case .argument: return root(ofParameter: pointer)
        case .instruction: break
        // An i31.
        default: return facts.hasObjects ? .reference : .unknown("a constant")
        }
        let instruction = IRInstruction(pointer)!
        switch instruction.opcode {
        case .load: return root(ofLoad: instruction)
        case .alloca:
            return .object(
                context.layout.allocationSize(instruction.allocatedType), isWritable: true)
        case .call, .invoke: return .reference
        case .integerToPointer where facts.hasObjects: return .reference
        case .phi, .select: return rootOfReferences(instruction)
        case .insertelement, .shufflevector:
            return rootOfLanes([instruction.operand(0), instruction.operand(1)])
        case .extractelement: return rootOfLanes([instruction.operand(0)])
        case .extractvalue:
            // What is put into structures is looked at where that is done.
            return instruction.operand(0).type.isPointer ? .unknown("a structure") : .reference
        default: return .unknown("an instruction that is not followed")
        }
    }

    /// A choice between references, whatever there is of them, is one.
    private func rootOfReferences(_ choice: IRInstruction) -> Root {
        var seen: Set<IRValue> = [choice.value]
        var open = [choice.value]
        while let next = open.popLast() {
            guard seen.count < Self.mostReferences else { return .unknown("too many others") }
            guard isChoice(next), !next.type.isVector else {
                let root = root(of: next)
                if root == .reference || root == .null || next.isUndefined { continue }
                return .unknown("a choice")
            }
            let first = next.operationCode == .select ? 1 : 0
            for index in first..<next.operandCount where seen.insert(next.operand(index)).inserted {
                open.append(next.operand(index))
            }
        }
        return .reference
    }

    private static let mostReferences = 4096

    /// What vectors of pointers are made of: references, if all of it is.
    private func rootOfLanes(_ parts: [IRValue]) -> Root {
        for part in parts.flatMap({ $0.constantLanes ?? [$0] }) where !part.isUndefined {
            switch root(of: part) {
            case .reference, .null: continue
            case .object(_, isWritable: false) where part.kind == .function: continue
            default: return .unknown("a vector")
            }
        }
        return .reference
    }

    private func root(ofGlobal global: IRValue) -> Root {
        if let known = context.globals[global] { return known }
        let size = context.layout.allocationSize(global.globalType)
        let result =
            facts.symbols[global.name].map(root)
            ?? .object(
                size, isWritable: !global.isConstantGlobal)
        context.globals[global] = result
        return result
    }

    private func root(_ meaning: ProofFacts.Meaning) -> Root {
        switch meaning {
        case .memoryBase(let index): .memory(index)
        case .memory(let index): .memoryDescriptor(index)
        case .table(let index): .tableDescriptor(index)
        case .bytes(let size): .object(size, isWritable: true)
        }
    }

    /// Where a load loads from, if that is a constant distance from something.
    func fixedPlace(ofLoad load: IRInstruction) -> (root: Root, offset: Int)? {
        var pointer = load.operand(0)
        var offset: Int64 = 0
        while let step = context.layout.step(pointer) {
            for (index, scale) in step.terms {
                guard let number = index.constantInteger, index.type.integerWidth == 64 else {
                    return nil
                }
                offset &+= Int64(bitPattern: number &* scale)
            }
            offset &+= step.constant
            pointer = step.base
        }
        return isChoice(pointer) ? nil : (root(of: pointer), Int(offset))
    }

    private func root(ofLoad load: IRInstruction) -> Root {
        guard let place = fixedPlace(ofLoad: load) else {
            // From somewhere in something, but not from what the program's own code has written.
            let isOurs = bases(of: load.operand(0))?.allSatisfy { !mayHaveBytes(root(of: $0)) }
            return isOurs == true ? .reference : .unknown("a memory")
        }
        if mayHaveBytes(place.root) { return .unknown("a memory") }
        switch place {
        case (.instance, let offset): return facts.slots[offset].map(root) ?? .reference
        case (.memoryDescriptor(let index), facts.memoryLayout.pointer): return .memory(index)
        case (.tableDescriptor(let index), facts.tableLayout.pointer):
            return .elements(table: index, load)
        default: return .reference
        }
    }

    /// Whether what a pointer leads to may be any bytes. A load from null gives none. Objects lead to
    /// objects, round and round; what is not known of a pointer on the way is said where it is used.
    private func mayHaveBytes(_ root: Root) -> Bool {
        switch root {
        case .memory: true
        case .unknown: !facts.hasObjects
        default: false
        }
    }

    /// All that a pointer may have been made from, whatever was added to it; nil if that is too much.
    func bases(of pointer: IRValue) -> [IRValue]? {
        var result: [IRValue] = []
        var seen: Set<IRValue> = [pointer]
        var open = [pointer]
        while let next = open.popLast() {
            guard seen.count < Self.mostBases else { return nil }
            let parts: [IRValue]
            if let step = context.layout.step(next) {
                parts = [step.base]
            } else if next.isUndefined {
                parts = []
            } else if let lanes = next.constantLanes {
                parts = lanes
            } else {
                switch next.operationCode {
                case .freeze: parts = [next.operand(0)]
                case .select: parts = [next.operand(1), next.operand(2)]
                case .insertelement, .shufflevector: parts = [next.operand(0), next.operand(1)]
                case .phi: parts = (0..<next.operandCount).map(next.operand)
                default:
                    if next.type.isVector { return nil }
                    result.append(next)
                    parts = []
                }
            }
            open += parts.filter { seen.insert($0).inserted }
        }
        return result
    }

    private static let mostBases = 128

    private func root(ofParameter parameter: IRValue) -> Root {
        guard let (function, index) = parameter.parameterPlace else {
            return .unknown("a parameter")
        }
        let size = function.dereferenceableBytes(ofParameter: index)
        if function.hasAttribute(ProofFacts.instanceAttribute, ofParameter: index) {
            return .instance(size)
        }
        if size > 0 { return .object(size, isWritable: true) }
        return .reference
    }

    // Numbers that are loaded --------------------------------------------------------------------

    /// What a load of a number is known to be a size of.
    enum LoadedSize: Hashable {
        case memory(Int), table(Int)
    }

    func loadedSize(_ load: IRInstruction) -> LoadedSize? {
        guard load.opcode == .load, load.type.integerWidth == 64 else { return nil }
        switch fixedPlace(ofLoad: load) {
        case (.memoryDescriptor(let index), facts.memoryLayout.size)?: return .memory(index)
        case (.tableDescriptor(let index), facts.tableLayout.size)?: return .table(index)
        default: return nil
        }
    }

    /// The largest number that a load gives, if that is known.
    func largestLoad(_ load: IRInstruction) -> UInt64? {
        guard load.type.integerWidth == 64 else { return nil }
        let pointer = load.operand(0)
        if pointer.kind == .global { return facts.largestValues[pointer.name] }
        switch fixedPlace(ofLoad: load) {
        case (.instance, let offset)?: return facts.largestSlotValues[offset]
        case (.memoryDescriptor(let index), facts.memoryLayout.size)?:
            return facts.memories[index].maximumBytes
        case (.tableDescriptor, facts.tableLayout.size)?: return 1 << 32
        default: return nil
        }
    }

    // Offsets --------------------------------------------------------------------------------

    /// A number of 64 bits modulo 2^64. Unlike `sum(of:)` this goes through additions that wrap around.
    func linear(_ value: IRValue, _ facts: BlockFacts, _ depth: Int) -> Sum {
        if value.constantInteger != nil || depth > 8 { return sum(of: value, facts) }
        guard let instruction = IRInstruction(value),
            instruction.type.laneType.integerWidth == 64
        else { return sum(of: value, facts) }
        func operand(_ index: Int) -> Sum { linear(instruction.operand(index), facts, depth + 1) }
        let result: Sum
        switch instruction.opcode {
        case .add: result = operand(0).adding(operand(1))
        case .sub: result = operand(0).adding(operand(1), times: -1)
        case .shl:
            guard let count = instruction.operand(1).constantInteger, count < 64 else {
                return sum(of: value, facts)
            }
            result = operand(0).multiplied(by: 1 << Int128(count))
        case .mul:
            guard let product = operand(0).multiplied(by: operand(1)) else {
                return sum(of: value, facts)
            }
            result = product
        default: return sum(of: value, facts)
        }
        let reduced = result.reduced
        return reduced.isModerate ? reduced : sum(of: value, facts)
    }
}
