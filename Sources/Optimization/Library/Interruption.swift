// Looking at the interrupt word: at the head of every loop, and in functions in front of calls that could
// otherwise take long. Put in behind all passes, so that loops have become vectors and copies before
// there is a way out of them.
//
// Every way round leads through a block to which a depth-first walk finds an edge back: there the word is
// loaded and compared. A small loop without other loops and calls in it that counts by a constant looks only
// when some bits of its counter are zero, once in as many rounds as `Round` says. So what happens between
// two looks is bounded: straight code, such rounds, and functions that have been added up (`CallCosts`). A
// loop in each of whose rounds an inner one looks does not look itself.
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
        let longCalls = guests.map { calls.longCalls(in: $0) }
        let pieces = Pieces(module, pass, describe: describe)
        for (function, longCalls) in zip(guests, longCalls) {
            let graph = ControlFlow(function)
            guard function.parameterCount > 0,
                function.hasParameterAttribute(string: names.attribute, at: 0)
            else {
                if !longCalls.isEmpty || !graph.backEdges.isEmpty {
                    unchecked.append(function.value.name)
                }
                continue
            }
            pass.addLooks(to: function, graph, longCalls)
            pieces.divide(in: function)
        }
        return unchecked
    }

    // Places ---------------------------------------------------------------------------------

    private func addLooks(
        to function: IRFunction, _ graph: ControlFlow, _ longCalls: [IRInstruction]
    ) {
        let loops = Dictionary(grouping: graph.backEdges, by: \.header)
        if loops.isEmpty && longCalls.isEmpty { return }
        let dominators = Dominators(function)
        let headers = Set(loops.keys)
        var places: [(IRInstruction, Round?)] = []
        var looking: [BasicBlock] = []
        var covered: Set<BasicBlock> = []
        // Inner loops come behind those around them.
        for header in graph.blocks.reversed() where headers.contains(header) {
            let latches = loops[header]!.map(\.latch)
            let members = graph.members(of: header, latches)
            let isDone = looking.contains { inner in
                members?.contains(inner) == true
                    && latches.allSatisfy { dominators.dominates(inner, $0) }
            }
            if isDone { continue }
            let round = Round(header, latches, members, headers)
            if round == nil { covered.formUnion(members ?? [header]) }
            // The code generator copies a choice between many to where it is gone round from, unless there
            // is something in front of it.
            if round == nil, header.terminator.opcode == .switch, members != nil,
                latches.allSatisfy({ $0.successors.count == 1 })
            {
                places += latches.map { ($0.terminator, nil) }
                continue
            }
            if round == nil { looking.append(header) }
            places.append((header.firstBehindPhis, round))
        }
        // In a loop with a call every round has looked, or every one but the first.
        let open = longCalls.filter { !covered.contains($0.block) }
        if let call = place(before: open, dominators) { places.append((call, nil)) }
        let first = function.blocks[0].instructions.first {
            $0.opcode != .alloca && !$0.isInlineAssembly
        }!
        builder.position(before: first)
        let look = Look(word: wordAddress(of: function), trap: trapBlock(of: function))
        for (place, round) in places { add(look, before: place, round, in: function) }
    }

    /// What comes before all calls, as late as that can be.
    private func place(before calls: [IRInstruction], _ dominators: Dominators) -> IRInstruction? {
        let reachable = calls.filter { dominators.contains($0.block) }
        guard var block = reachable.first?.block else { return nil }
        for call in reachable.dropFirst() { block = dominators.meeting(block, call.block) }
        return reachable.first { $0.block == block } ?? block.terminator
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
            let isElsewhere = round.isElsewhere(builder, types)
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

        /// How many rounds are between two looks.
        var rounds: UInt64 { mask >> UInt64(mask.trailingZeroBitCount) + 1 }

        /// Whether this round does not look, as an i1.
        func isElsewhere(_ builder: IRBuilder, _ types: IRTypes) -> IRValue {
            let number = counter.type.isPointer ? builder.pointerToInteger(counter) : counter
            let bits = builder.and(number, number.type.constant(mask))
            return builder.icmp(.ne, bits, number.type.zero)
        }

        /// Nil if the loop has to look in each round.
        init?(
            _ header: BasicBlock, _ latches: [BasicBlock], _ members: Set<BasicBlock>?,
            _ headers: Set<BasicBlock>
        ) {
            guard let members, members.count <= Self.most,
                !members.contains(where: { $0 != header && headers.contains($0) }),
                let size = Self.size(members)
            else { return nil }
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

        /// The instructions of blocks without calls; nil for others and for more than a loop may have.
        private static func size(_ members: Set<BasicBlock>) -> Int? {
            var size = 0
            for instruction in members.flatMap(\.instructions) {
                if instruction.isCall && !instruction.isInlineAssembly { return nil }
                if Pieces.isBulk(instruction) { return nil }
                size += 1
            }
            return size <= most ? size : nil
        }

        /// What is added to a phi in each round, if that is always the same number.
        private static func step(of phi: IRInstruction, _ latches: [BasicBlock]) -> UInt64? {
            let steps = phi.incoming.filter { latches.contains($0.block) }.map {
                incoming -> UInt64? in
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

extension ControlFlow {
    /// The blocks of a loop; nil if there is another way into it than its header.
    func members(of header: BasicBlock, _ latches: [BasicBlock]) -> Set<BasicBlock>? {
        var members: Set = [header]
        var pending = latches
        while let block = pending.popLast() {
            guard members.insert(block).inserted else { continue }
            // Before the header there is nothing but its loop's blocks.
            guard let position = positions[block], position > positions[header]! else { return nil }
            pending += predecessors[block, default: []].filter { positions[$0] != nil }
        }
        return members
    }
}
