// Looking at the interrupt word: at the head of every loop, and at the beginning of functions whose calls
// could otherwise take long. Put in behind all passes, so that loops have become vectors and copies before
// there is a way out of them.
//
// Every way round leads through a block to which a depth-first walk finds an edge back: there the word is
// loaded and compared. A small loop without other loops and calls in it that counts by a constant looks only
// when some bits of its counter are zero, once in as many rounds as `Round` says. So what happens between
// two looks is bounded: straight code, such rounds, and functions without loops that have been added up.
//
// sandbox: indifferent. Nothing of the guest's is loaded or stored.

public import LLVMKit

/// Adds the looks to a unit.
public struct Interruption {
    /// Where things are and what they are called.
    public struct Names {
        var attribute, section, function: String
        var wordOffset: Int
        var trapCode: UInt8

        /// - Parameters:
        ///   - attribute: what the parameter has that is the instance.
        ///   - section: what the sections of guest code begin with.
        ///   - function: what is called when the word is not 0, and says whether to trap.
        ///   - wordOffset: where the word's address is in an instance, in bytes.
        ///   - trapCode: what being interrupted is.
        public init(
            attribute: String, section: String, function: String, wordOffset: Int, trapCode: UInt8
        ) {
            self.attribute = attribute
            self.section = section
            self.function = function
            self.wordOffset = wordOffset
            self.trapCode = trapCode
        }
    }

    let builder: IRBuilder
    let types: IRTypes
    let metadata: IRMetadata
    let names: Names
    /// `smelt_library_interrupted`.
    let runtime: IRFunction

    init(_ module: borrowing IRModule, _ names: Names) {
        builder = module.builder
        types = module.types
        metadata = module.metadata
        self.names = names
        runtime = module.runtimeFunction(
            names.function,
            type: module.types.function([module.types.pointer], returning: module.types.i32),
            convention: .keepingRegisters)
    }

    /// - Parameter describe: gives a function what all functions of the guest have.
    /// - Returns: the names of the functions that would have to look, and have no instance to ask.
    public static func add(
        to module: borrowing IRModule, _ names: Names, describe: (IRFunction) -> Void
    ) -> [String] {
        let guests = module.functionDefinitions.filter { $0.section.hasPrefix(names.section) }
        let pass = Interruption(module, names)
        var unchecked: [String] = []
        var calls = CallCosts(guests)
        let looksAtEntry = guests.map { calls.isLong($0) }
        let pieces = Pieces(module, pass, describe: describe)
        for (function, atEntry) in zip(guests, looksAtEntry) {
            let graph = ControlFlow(function)
            guard function.parameterCount > 0,
                function.hasParameterAttribute(string: names.attribute, at: 0)
            else {
                if atEntry || !graph.backEdges.isEmpty { unchecked.append(function.value.name) }
                continue
            }
            pass.addLooks(to: function, graph, atEntry: atEntry)
            pieces.divide(in: function)
        }
        return unchecked
    }

    // Places ---------------------------------------------------------------------------------

    private func addLooks(to function: IRFunction, _ graph: ControlFlow, atEntry: Bool) {
        let headers = Dictionary(grouping: graph.backEdges, by: \.header)
        if headers.isEmpty && !atEntry { return }
        let rounds = graph.blocks.filter { headers[$0] != nil }.map { header in
            (
                header.firstBehindPhis,
                Round(header, latches: headers[header]!.map(\.latch), graph, Set(headers.keys))
            )
        }
        let first = function.blocks[0].instructions.first {
            $0.opcode != .alloca && !$0.isInlineAssembly
        }!
        builder.position(before: first)
        let look = Look(word: wordAddress(of: function), trap: trapBlock(of: function))
        for (place, round) in rounds { add(look, before: place, round, in: function) }
        if atEntry { add(look, before: first, nil, in: function) }
    }

    /// What all looks of a function have in common.
    struct Look {
        /// The word's address.
        var word: IRValue
        var trap: BasicBlock
    }

    /// The word's address, loaded where the builder stands.
    func wordAddress(of function: IRFunction) -> IRValue {
        builder.load(
            types.pointer,
            from: builder.byteOffset(function.parameter(0), types.i64.constant(names.wordOffset)),
            alignment: 8)
    }

    func trapBlock(of function: IRFunction) -> BasicBlock {
        let position = builder.savePosition()
        defer { builder.restorePosition(position) }
        let block = builder.addBlock("interrupted", to: function)
        builder.position(atEndOf: block)
        builder.compilerBarrier()
        _ = builder.intrinsic("llvm.ubsantrap", [types.i8.constant(UInt64(names.trapCode))])
        builder.unreachable()
        return block
    }

    /// Looks in front of an instruction, which begins a block afterwards.
    func add(
        _ look: Look, before place: IRInstruction, _ round: Round?, in function: IRFunction
    ) {
        let rest = place.block
        let head = builder.divide(before: place)
        var looking = head
        if let round {
            looking = builder.addBlock("look", after: head)
            builder.position(atEndOf: head)
            let bits = builder.and(
                round.counter.type == types.pointer
                    ? builder.pointerToInteger(round.counter) : round.counter,
                (round.counter.type == types.pointer ? types.i64 : round.counter.type)
                    .constant(round.mask))
            let isElsewhere = builder.icmp(.ne, bits, bits.type.zero)
            metadata.setSecondRare(builder.conditionalBranch(isElsewhere, rest, looking))
        }
        builder.position(atEndOf: looking)
        let word = builder.load(types.i32, from: look.word, alignment: 4, isVolatile: true)
        let asking = builder.addBlock("ask", to: function)
        let isQuiet = builder.icmp(.eq, word, types.i32.zero)
        metadata.setSecondRare(builder.conditionalBranch(isQuiet, rest, asking))
        builder.position(atEndOf: asking)
        let answer = builder.call(
            runtime.value, type: runtime.type, convention: .keepingRegisters,
            [function.parameter(0)])
        let goesOn = builder.icmp(.eq, answer, types.i32.zero)
        metadata.setSecondRare(builder.conditionalBranch(goesOn, rest, look.trap))
    }

    // Small loops ----------------------------------------------------------------------------

    /// When a small loop looks: when the bits of the mask are all zero in its counter.
    struct Round {
        let counter: IRValue
        let mask: UInt64

        /// A loop of more instructions looks in each of its rounds.
        private static let most = 64
        /// How many rounds are between two looks, for a loop with the most instructions and for a small one.
        private static let bits = (large: 8, small: 10)
        private static let small = 24

        /// Nil if the loop has to look in each round.
        init?(
            _ header: BasicBlock, latches: [BasicBlock], _ graph: ControlFlow,
            _ headers: Set<BasicBlock>
        ) {
            guard let size = Self.size(header, latches, graph, headers) else { return nil }
            let bits = size > Self.small ? Self.bits.large : Self.bits.small
            for phi in header.phis {
                guard let width = phi.type.integerWidth ?? (phi.type.isPointer ? 64 : nil),
                    let step = Self.step(of: phi, latches), step != 0,
                    step.trailingZeroBitCount + bits <= min(width, 64)
                else { continue }
                counter = phi.value
                mask = (1 << UInt64(bits) - 1) << UInt64(step.trailingZeroBitCount)
                return
            }
            return nil
        }

        /// The instructions of a loop without other loops and calls in it; nil for others and larger ones.
        private static func size(
            _ header: BasicBlock, _ latches: [BasicBlock], _ graph: ControlFlow,
            _ headers: Set<BasicBlock>
        ) -> Int? {
            var members: Set = [header]
            var pending = latches
            var size = 0
            while let block = pending.popLast() {
                guard members.insert(block).inserted else { continue }
                // An entry that is not the header would lead here.
                guard !headers.contains(block), !graph.predecessors[block, default: []].isEmpty
                else { return nil }
                pending += graph.predecessors[block]!
                if members.count > most { return nil }
            }
            for block in members {
                for instruction in block.instructions {
                    if instruction.isCall && !instruction.isInlineAssembly { return nil }
                    if Pieces.isBulk(instruction) { return nil }
                    size += 1
                }
            }
            return size <= most ? size : nil
        }

        /// What is added to a phi in each round, if that is always the same number.
        private static func step(of phi: IRInstruction, _ latches: [BasicBlock]) -> UInt64? {
            let steps = phi.incoming.filter { latches.contains($0.block) }.map { incoming -> UInt64? in
                if let (base, index) = incoming.value.byteOffset, base == phi.value {
                    return index.constantInteger
                }
                guard let add = IRInstruction(incoming.value), add.opcode == .add,
                    add.operand(0) == phi.value
                else { return nil }
                return add.operand(1).constantInteger
            }
            guard let first = steps.first, let step = first, steps.allSatisfy({ $0 == step })
            else { return nil }
            return step
        }
    }
}

/// How long functions may take that look at nothing.
struct CallCosts {
    /// A function that may execute more instructions than this looks at its beginning.
    private static let most = 50_000
    /// Rounds of loops between two looks, and what is unknown.
    private static let loopCost = 1 << 14

    private let functions: [IRValue: IRFunction]
    private var costs: [IRValue: Int] = [:]
    private var active: Set<IRValue> = []

    init(_ functions: [IRFunction]) {
        self.functions = Dictionary(uniqueKeysWithValues: functions.map { ($0.value, $0) })
    }

    mutating func isLong(_ function: IRFunction) -> Bool { cost(of: function.value) > Self.most }

    private mutating func cost(of value: IRValue) -> Int {
        if let cost = costs[value] { return cost }
        // Not compiled here, or in a circle of calls.
        guard let function = functions[value], active.count < 200, active.insert(value).inserted
        else { return Self.most + 1 }
        var cost = 0
        for block in function.blocks {
            for instruction in block.instructions {
                cost += 1
                guard instruction.isCall, !instruction.isInlineAssembly else { continue }
                cost += instruction.calledValue.map { self.cost(of: $0) } ?? Self.most + 1
                if cost > Self.most { break }
            }
        }
        if cost <= Self.most, !ControlFlow(function).backEdges.isEmpty { cost += Self.loopCost }
        active.remove(value)
        costs[value] = min(cost, Self.most + 1)
        return costs[value]!
    }
}
