// Loops that look for something, sixteen bytes at a time.
//
// memchr, strlen, memcmp, strcmp and the loops that programs write themselves leave as soon as a
// byte is the one, or two bytes differ. LLVM does not vectorise them, since reading ahead might
// fault. Here the size of the memory tells how far reading ahead cannot.
//
// sandbox: rests on `accessesAreInside`. Vectors read ahead of the program, so each is compared with the
// memory's current size before it is read, whatever kind of memory it is: the index is below 2^32 or
// compared with 2^40, the offset is below 2^32, so that the sum does not wrap around. The size is that of
// the memory whose base it is, and memories do not shrink. What is computed for it makes no promises
// (`IRBuilder.operation`), so the comparison and the read see the same index.

internal import LLVMKit
internal import PlantedFaults

/// Puts a loop of vectors before each loop that searches memory. It moves on as long as no lane
/// would leave the loop; the loop itself then finds out what to do. It stays as it is: the vectors
/// only skip iterations that are known to have no effect.
struct SearchLoops {
    let builder: IRBuilder
    let types: IRTypes
    private let metadata: IRMetadata
    private let base: MemoryBase
    private let byteSize: (structure: GuestMemory.Place, offset: Int)
    /// What holds the size, if it is a symbol.
    private let structure: IRValue?

    /// Nil if the memory's size is not to be had.
    init?(_ memory: GuestMemory, in module: borrowing IRModule) {
        guard let byteSize = memory.byteSize else { return nil }
        builder = module.builder
        types = module.types
        metadata = module.metadata
        base = MemoryBase(memory, in: module)
        self.byteSize = byteSize
        if case .symbol(let name) = byteSize.structure {
            let global =
                module.global(named: name)
                ?? module.addGlobal(name, type: module.types.i8.array(0), linkage: .hidden)
            structure = global.value
        } else {
            structure = nil
        }
    }

    func run(on function: IRFunction) {
        for loop in NaturalLoop.all(in: function) {
            guard let search = Search(loop, isBase: { base.matches($0, in: function) })
            else { continue }
            emit(search, in: function)
        }
    }

    /// Emits the memory's size in bytes, an i64.
    private func loadByteSize(in function: IRFunction) -> IRValue {
        var structure = self.structure
        if case .slot(let offset) = byteSize.structure {
            let slot = builder.byteOffset(function.parameter(0), types.i64.constant(offset))
            structure = builder.load(types.pointer, from: slot, alignment: 8)
        }
        let field = builder.byteOffset(structure!, types.i64.constant(byteSize.offset))
        return builder.load(types.i64, from: field, alignment: 8)
    }

    /// So many iterations happen one by one: many searches are over by then.
    private static let plainIterations = 2

    private func emit(_ search: Search, in function: IRFunction) {
        let loop = search.loop
        let phis = loop.header.phis
        let blocks = SearchBlocks(after: loop.latch, builder)

        builder.position(before: loop.header.instructions[0])
        let iteration = builder.phi(types.i32)

        builder.position(atEndOf: blocks.again)
        let following = phis.map { $0.incomingValue(from: loop.latch)! }
        let count = builder.add(iteration, types.i32.constant(1))
        let isTime = builder.icmp(.eq, count, types.i32.constant(Self.plainIterations))
        builder.branch(if: isTime, then: blocks.enter, else: loop.header)
        let successors = loop.latch.successors.enumerated()
        for (index, successor) in successors where successor == loop.header {
            loop.latch.terminator.setSuccessor(index, to: blocks.again)
        }

        builder.position(atEndOf: blocks.enter)
        let size = loadByteSize(in: function)
        builder.branch(to: blocks.check)

        // The values of the phis at the first lane.
        builder.position(atEndOf: blocks.check)
        var emitter = LaneEmitter(search, builder: builder, types: types)
        let current = phis.map { builder.phi($0.type) }
        for (index, phi) in phis.enumerated() {
            current[index].addIncoming(following[index], from: blocks.enter)
            emitter.firstLane[phi.value] = current[index]
        }
        builder.branch(
            if: emitter.accessesAreInside(size), then: blocks.lanes, else: loop.header)

        builder.position(atEndOf: blocks.lanes)
        let leaves = emitter.leavingLanes()
        let isOver = builder.icmp(.eq, leaves, types.i32.zero)
        builder.branch(if: isOver, then: blocks.skip, else: blocks.found)

        builder.position(atEndOf: blocks.skip)
        for (phi, value) in zip(phis, current) {
            let step = search.step(of: phi.value).multiplied(by: UInt64(search.laneCount))
            value.addIncoming(builder.add(value, step.emit(builder, types)), from: blocks.skip)
        }
        builder.branch(to: blocks.check)

        builder.position(atEndOf: blocks.found)
        let next = values(of: phis, current, atFirstOf: leaves, search)
        builder.branch(to: loop.header)

        let never = types.i32.constant(Self.plainIterations)
        iteration.addIncoming(types.i32.zero, from: loop.preheader)
        iteration.addIncoming(count, from: blocks.again)
        iteration.addIncoming(never, from: blocks.check)
        iteration.addIncoming(never, from: blocks.found)
        extend(
            phis, of: loop, blocks, following: following, current: current, next: next)
        // Nothing is left to be gained by more vectors or by unrolling.
        metadata.setLoopProperties(IRMetadata.keptLoop, latch: blocks.again.terminator)
        metadata.setLoopProperties(IRMetadata.keptLoop, latch: blocks.skip.terminator)
    }

    /// The values of phis in the first of the lanes that leave.
    private func values(
        of phis: [IRInstruction], _ current: [IRValue], atFirstOf leaves: IRValue, _ search: Search
    ) -> [IRValue] {
        let lane = builder.intrinsic(
            "llvm.cttz", overloads: [types.i32], [leaves, types.i1.constant(1)])
        return zip(phis, current).map { phi, value in
            let count = builder.resize(lane, to: phi.type)
            let step = search.step(of: phi.value).emit(builder, types)
            return builder.add(value, builder.mul(count, step))
        }
    }

    /// Lets the loop go on with what the search has come to.
    private func extend(
        _ phis: [IRInstruction], of loop: NaturalLoop, _ blocks: SearchBlocks, following: [IRValue],
        current: [IRValue],
        next: [IRValue]
    ) {
        for (index, phi) in phis.enumerated() {
            builder.position(before: phi)
            let replacement = builder.phi(phi.type)
            replacement.addIncoming(
                phi.incomingValue(from: loop.preheader)!, from: loop.preheader)
            replacement.addIncoming(current[index], from: blocks.check)
            replacement.addIncoming(next[index], from: blocks.found)
            replacement.addIncoming(following[index], from: blocks.again)
            phi.replaceAllUses(with: replacement)
            phi.erase()
        }
    }
}

/// The blocks of a search: one more iteration of the loop, the way in, the test that the next lanes
/// are in the memory, their comparison, and where it goes on if none or one of them leaves.
private struct SearchBlocks {
    let again, enter, check, lanes, skip, found: BasicBlock

    init(after latch: BasicBlock, _ builder: IRBuilder) {
        again = builder.addBlock("search.again", after: latch)
        enter = builder.addBlock("search.enter", after: again)
        check = builder.addBlock("search.check", after: enter)
        lanes = builder.addBlock("search.lanes", after: check)
        skip = builder.addBlock("search.skip", after: lanes)
        found = builder.addBlock("search.found", after: skip)
    }
}

/// A loop that does nothing but look at memory, in steps of the size of what it looks at.
private struct Search {
    let loop: NaturalLoop
    /// The conditions under which it is left, in the order of the blocks.
    let exits: [Exit]
    let loads: [MemoryAccess]
    private let affine: AffineAnalysis
    /// How many iterations fit into a vector of sixteen bytes.
    let laneCount: Int

    struct Exit {
        let condition: IRValue
        let isLeftIfTrue: Bool

        /// The same as a counter that is left for when it meets a bound, if it is that.
        func countdown(_ search: Search) -> Countdown? {
            guard let test = search.loop.inside(condition), test.opcode == .icmp,
                test.integerPredicate == (isLeftIfTrue ? .eq : .ne)
            else { return nil }
            for (counter, bound) in [(0, 1), (1, 0)] {
                let (counter, bound) = (test.operand(counter), test.operand(bound))
                guard search.loop.inside(bound) == nil, search.loop.inside(counter) != nil,
                    search.isAffine(counter), let step = search.step(of: counter).signedConstant,
                    step.magnitude == 1
                else { continue }
                return Countdown(counter: counter, bound: bound, step: step)
            }
            return nil
        }
    }

    /// A counter that moves by 1, and what it must not meet.
    struct Countdown {
        let counter, bound: IRValue
        let step: Int64
    }

    private static let maximumInstructions = 32
    private static let maximumLoads = 4

    init?(_ loop: NaturalLoop, isBase: (IRValue) -> Bool) {
        let instructions = loop.blocks.flatMap(\.instructions)
        guard instructions.count <= Self.maximumInstructions, let exits = Self.exits(of: loop)
        else { return nil }
        let affine = AffineAnalysis(loop)
        var loads: [MemoryAccess] = []
        for (position, instruction) in instructions.enumerated() {
            if instruction.opcode == .load {
                guard instruction.isSimpleAccess, instruction.type.integerWidth != nil,
                    let load = MemoryAccess(instruction, position: position, loop, affine),
                    isBase(load.address.base), load.address.indexValue != nil,
                    load.address.offset >= 0, load.address.offset < 1 << 32,
                    load.address.index.step.signedConstant == Int64(load.size)
                else { return nil }
                loads.append(load)
            } else if instruction.opcode == .phi {
                guard instruction.block == loop.header,
                    let expression = affine.expression(instruction.value),
                    expression.step.signedConstant != nil
                else { return nil }
            } else if !instruction.isSpeculable {
                return nil
            }
        }
        guard let first = loads.first, loads.count <= Self.maximumLoads, first.size <= 4,
            loads.allSatisfy({ $0.size == first.size })
        else { return nil }
        self.loop = loop
        self.exits = exits
        self.loads = loads
        self.affine = affine
        laneCount = 16 / Int(first.size)
        // A loop that only counts is LLVM's business.
        let found = FoundValues(instructions)
        let tests = exits.map(\.condition).filter(found.dependOnLoads)
        guard !tests.isEmpty, tests.allSatisfy(found.lookForValues) else { return nil }
    }

    /// The conditions of a chain of blocks, each of which either leaves the loop or goes on.
    private static func exits(of loop: NaturalLoop) -> [Exit]? {
        var exits: [Exit] = []
        var block = loop.header
        while true {
            let terminator = block.terminator
            let inside = terminator.successors.filter(loop.contains)
            guard terminator.opcode == .br, inside.count == 1 else { return nil }
            if let condition = terminator.branchCondition {
                exits.append(
                    Exit(
                        condition: condition,
                        isLeftIfTrue: terminator.successors[1] == inside[0]))
            }
            if block == loop.latch { break }
            block = inside[0]
        }
        return exits
    }

    func step(of value: IRValue) -> LinearForm { affine.expression(value)!.step }

    func isAffine(_ value: IRValue) -> Bool { affine.expression(value) != nil }
}

/// What a loop makes of what it loads. Found in one pass: values that have many users make paths to
/// a condition of which there may be two to the power of the instructions.
private struct FoundValues {
    /// What depends on a load, and of that what does more with it than to ask for equality.
    private var (dependent, other): (Set<IRValue>, Set<IRValue>) = ([], [])

    /// The instructions stand in an order in which only phis use what comes later.
    init(_ instructions: [IRInstruction]) {
        for instruction in instructions where instruction.opcode != .phi {
            let operands = instruction.operands
            let isLoad = instruction.opcode == .load
            guard isLoad || operands.contains(where: dependOnLoads) else { continue }
            dependent.insert(instruction.value)
            let isSearch =
                switch instruction.opcode {
                case .icmp: [.eq, .ne].contains(instruction.integerPredicate)
                case .load: false
                default: operands.allSatisfy(lookForValues)
                }
            if !isSearch { other.insert(instruction.value) }
        }
    }

    func dependOnLoads(_ value: IRValue) -> Bool { dependent.contains(value) }

    /// Whether a condition asks for equality, and not whether what was loaded lies in a range. The
    /// latter is how programs find the end of a word or a number, and those are short.
    func lookForValues(_ condition: IRValue) -> Bool { !other.contains(condition) }
}

/// Emits what a search computes for all lanes at once.
private struct LaneEmitter {
    let search: Search
    let builder: IRBuilder
    let types: IRTypes
    /// What the phis are at the first lane.
    var firstLane: [IRValue: IRValue] = [:]
    private var scalars: [IRValue: IRValue] = [:]
    private var vectors: [IRValue: IRValue] = [:]
    /// The indices of the loads at the first lane, of 64 bits.
    private var indices: [IRInstruction: IRValue] = [:]

    init(_ search: Search, builder: IRBuilder, types: IRTypes) {
        self.search = search
        self.builder = builder
        self.types = types
    }

    /// Emits whether the vectors of all loads lie in memory, whose size is an i64.
    mutating func accessesAreInside(_ size: IRValue) -> IRValue {
        var conditions: [IRValue] = []
        for load in search.loads {
            var index = scalar(load.address.indexValue!)
            if load.address.index.bits == 32 {
                index = builder.zext(index, to: types.i64)
            } else {
                // So that the sum does not wrap around.
                conditions.append(builder.icmp(.ult, index, types.i64.constant(1 << 40)))
            }
            indices[load.instruction] = index
            let ahead = PlantedFault.searchAhead.isPlanted ? 0 : 16
            let end = builder.add(
                index, types.i64.constant(Int(load.address.offset) + ahead))
            conditions.append(builder.icmp(.ule, end, size))
        }
        return conditions.dropFirst().reduce(conditions[0]) { builder.and($0, $1) }
    }

    /// The lanes in which the loop would be left, as bits of an i32.
    mutating func leavingLanes() -> IRValue {
        var bits: [IRValue] = []
        var lanes: IRValue?
        for exit in search.exits {
            if let countdown = exit.countdown(search) {
                bits.append(laneReached(countdown))
                continue
            }
            // What is computed behind an exit that is taken can be anything.
            var leaving = builder.freeze(vector(exit.condition))
            if !exit.isLeftIfTrue { leaving = builder.not(leaving) }
            lanes = lanes.map { builder.or($0, leaving) } ?? leaving
        }
        if let lanes {
            let mask = builder.bitcast(lanes, to: types.integer(bits: search.laneCount))
            bits.append(builder.zext(mask, to: types.i32))
        }
        return bits.dropFirst().reduce(bits[0]) { builder.or($0, $1) }
    }

    /// The lane in which a counter meets its bound, as a bit; no bit if that is further away.
    private mutating func laneReached(_ countdown: Search.Countdown) -> IRValue {
        let (counter, bound) = (scalar(countdown.counter), countdown.bound)
        let distance =
            countdown.step > 0 ? builder.sub(bound, counter) : builder.sub(counter, bound)
        let isNear = builder.icmp(
            .ult, distance, distance.type.constant(search.laneCount))
        let bit = builder.shl(types.i32.constant(1), builder.resize(distance, to: types.i32))
        return builder.select(isNear, bit, types.i32.zero)
    }

    /// An affine value at the first lane.
    private mutating func scalar(_ value: IRValue) -> IRValue {
        guard let instruction = search.loop.inside(value) else { return value }
        if let known = firstLane[value] ?? scalars[value] { return known }
        let operands = instruction.operands.map { scalar($0) }
        let copy = builder.operation(like: instruction, operands, lanes: nil)
        scalars[value] = copy
        return copy
    }

    private mutating func vector(_ value: IRValue) -> IRValue {
        guard let instruction = search.loop.inside(value) else {
            return builder.splat(value, lanes: search.laneCount)
        }
        if let known = vectors[value] { return known }
        let result: IRValue
        if let load = search.loads.first(where: { $0.instruction == instruction }) {
            let pointer = builder.byteOffset(load.address.base, indices[instruction]!)
            let address = builder.byteOffset(
                pointer, types.i64.constant(Int(load.address.offset)))
            result = builder.load(
                value.type.vector(search.laneCount), from: address, alignment: 1)
        } else if search.isAffine(value) {
            result = lanes(from: scalar(value), step: search.step(of: value))
        } else {
            let operands = instruction.operands.map { vector($0) }
            result = builder.operation(like: instruction, operands, lanes: search.laneCount)
        }
        vectors[value] = result
        return result
    }

    /// `first`, `first + step`, ...
    private func lanes(from first: IRValue, step: LinearForm) -> IRValue {
        let steps = (0..<search.laneCount).map {
            step.multiplied(by: UInt64($0)).emit(builder, types)
        }
        return builder.add(
            builder.splat(first, lanes: search.laneCount), first.type.constantVector(steps))
    }
}

extension Pass {
    /// Looks sixteen bytes ahead in loops that search. The last pass of ours before LLVM's vectorisers.
    public static let searchLoops = functions("search-loops") { module, context in
        context.memory.flatMap { SearchLoops($0, in: module) }?.run
    }
}
