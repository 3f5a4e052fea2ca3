// The objects that addresses lead into: what an address was made of by adding to it, through phis and
// selects of such addresses.

internal import LLVMKit

/// Finds objects for addresses that have an index in them.
///
/// Where addresses of different objects meet in a phi or a select, the objects meet in one that is made
/// here.
struct ObjectBases {
    private let builder: IRBuilder
    private let blocks: [BasicBlock]
    /// Addresses that were made by adding, and those among them that have an index in them.
    private var derived: Set<IRValue> = []
    private var indexed: Set<IRValue> = []
    /// What each of them was made of.
    private var origins: [IRValue: Origin] = [:]
    /// Where objects meet, by where addresses do.
    private var meetings: [IRValue: IRValue] = [:]
    private var made: Set<IRValue> = []

    /// What an address was made of.
    private enum Origin: Equatable {
        case one(IRValue), several

        func meeting(_ other: Origin) -> Origin { self == other ? self : .several }
    }

    /// - Parameter blocks: each behind those that dominate it.
    init(_ blocks: [BasicBlock], builder: IRBuilder) {
        self.builder = builder
        self.blocks = blocks
        findAddresses()
        if indexed.isEmpty { return }
        findOrigins()
        makeMeetings()
    }

    /// Whether there are no addresses with an index in them.
    var isEmpty: Bool { indexed.isEmpty }

    /// The object that an address with an index leads into; nil for other addresses, and for those in
    /// what is not the collector's.
    func object(of address: IRValue) -> IRValue? {
        guard indexed.contains(address) else { return nil }
        let object = base(of: address)
        return isObject(object) ? object : nil
    }

    /// Whether a value may be an object, and not what never is.
    func isObject(_ value: IRValue) -> Bool {
        switch value.kind {
        case .argument: return true
        case .instruction:
            let instruction = IRInstruction(value)!
            // The bases of memories and the like never change.
            return instruction.opcode != .alloca && !instruction.isInvariantLoad
        default: return false
        }
    }

    /// Whether a value joins addresses, and which it joins; an addition joins one.
    private static func sources(of instruction: IRInstruction) -> [IRValue]? {
        switch instruction.opcode {
        case .getelementptr, .freeze: [instruction.operand(0)]
        case .select: [instruction.operand(1), instruction.operand(2)]
        case .phi: instruction.incoming.map(\.value)
        default: nil
        }
    }

    // Addresses -------------------------------------------------------------------------------

    private mutating func findAddresses() {
        for block in blocks {
            for instruction in block.instructions where instruction.opcode == .getelementptr {
                spread(instruction.value, into: \.derived)
                let indices = instruction.operands.dropFirst()
                if indices.contains(where: { $0.constantInteger == nil }) {
                    spread(instruction.value, into: \.indexed)
                }
            }
        }
    }

    /// Adds an address and all that is made of it.
    private mutating func spread(
        _ address: IRValue, into set: WritableKeyPath<ObjectBases, Set<IRValue>>
    ) {
        var pending = [address]
        while let next = pending.popLast() {
            guard self[keyPath: set].insert(next).inserted else { continue }
            for user in next.users {
                guard let sources = Self.sources(of: user), sources.contains(next) else { continue }
                pending.append(user.value)
            }
        }
    }

    // Origins ---------------------------------------------------------------------------------

    /// Goes round until nothing changes: each address has no origin yet, then one, then several.
    private mutating func findOrigins() {
        let all = blocks.flatMap(\.instructions).filter { derived.contains($0.value) }
        var isChanged = true
        while isChanged {
            isChanged = false
            for instruction in all {
                let found = Self.sources(of: instruction)!.compactMap(origin).reduce(nil) {
                    $0?.meeting($1) ?? $1
                }
                if origins[instruction.value] == found { continue }
                origins[instruction.value] = found
                isChanged = true
            }
        }
    }

    /// Nil if it is not known yet.
    private func origin(of address: IRValue) -> Origin? {
        derived.contains(address) ? origins[address] : .one(address)
    }

    // Meetings --------------------------------------------------------------------------------

    private mutating func makeMeetings() {
        let several = blocks.flatMap(\.instructions).filter {
            !$0.type.isVector && origins[$0.value] == .several
        }
        for phi in several where phi.opcode == .phi {
            builder.position(before: phi)
            meetings[phi.value] = builder.phi(phi.type)
        }
        for select in several where select.opcode == .select {
            builder.position(before: select)
            meetings[select.value] = builder.select(
                select.operand(0), base(of: select.operand(1)), base(of: select.operand(2)))
        }
        for phi in several where phi.opcode == .phi {
            for edge in phi.incoming {
                meetings[phi.value]!.addIncoming(base(of: edge.value), from: edge.block)
            }
        }
        made = Set(meetings.values)
    }

    /// What an address was made of, here.
    private func base(of address: IRValue) -> IRValue {
        var address = address
        while derived.contains(address) {
            if case .one(let origin) = origins[address] { return origin }
            if let meeting = meetings[address] { return meeting }
            let instruction = IRInstruction(address)!
            // Vectors of addresses have one origin. Where LLVM should ever join some, they are kept
            // themselves.
            guard instruction.opcode == .getelementptr || instruction.opcode == .freeze else {
                break
            }
            address = instruction.operand(0)
        }
        return address
    }

    /// Which objects meet in one that was made here: those of a phi with the blocks that they come from.
    func parts(of object: IRValue) -> [(value: IRValue, block: BasicBlock?)] {
        guard made.contains(object), let meeting = IRInstruction(object) else { return [] }
        return meeting.opcode == .phi
            ? meeting.incoming.map { ($0.value, $0.block) }
            : [(meeting.operand(1), nil), (meeting.operand(2), nil)]
    }

    /// Takes out what was made here and nobody needs.
    func clean() {
        var left = made.compactMap(IRInstruction.init)
        var isChanged = true
        while isChanged {
            let unused = left.filter { meeting in meeting.users.allSatisfy { $0 == meeting } }
            isChanged = !unused.isEmpty
            left.removeAll(where: unused.contains)
            for meeting in unused {
                meeting.replaceAllUses(with: meeting.type.poison)
                meeting.erase()
            }
        }
    }
}
