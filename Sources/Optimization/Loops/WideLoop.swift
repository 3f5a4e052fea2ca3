// Loops of vectors, made to do several iterations at once.
//
// WebAssembly's vectors have 128 bits, and LLVM does not make wider ones of them. Where a processor
// has vectors of 256 or 512 bits, a loop whose iterations go from one vector to the next can do two
// or four of them at a time: each value becomes as many values in a row.
//
// sandbox: rests on the same as `LoopCopy`. The accesses of `width` iterations are one, which begins where
// the first begins and ends where the last ends, since each goes on where the one before ends
// (`canWiden`); the last group of iterations ends at or before the loop's last one.

internal import LLVMKit
internal import PlantedFaults

/// A version of a loop in which every value is that of several iterations in a row.
struct WideLoop {
    private let plan: VersioningPlan
    private let rerolling: Rerolling?
    /// How many iterations of the rerolled loop one of this loop stands for.
    let width: Int
    private let needed: [IRInstruction]

    private var loop: NaturalLoop { plan.loop }
    private var factor: Int { rerolling?.factor ?? 1 }

    /// How many iterations of the original loop are the fewest that can be done.
    var granularity: Int { width / Self.commonDivisor(width, factor) }

    /// Nil if the loop does anything that does not fall into single iterations.
    init?(_ plan: VersioningPlan, _ rerolling: Rerolling?, width: Int) {
        self.plan = plan
        self.rerolling = rerolling
        self.width = width
        let needed = NeededInstructions(plan, rerolling).found
        self.needed = plan.loop.header.instructions.filter(needed.contains)
        let isSimple =
            width > 1 && plan.loop.blocks.count == 1 && plan.recurrences.isEmpty
            && plan.groups.contains(where: \.isWritten)
            && plan.liveOuts.allSatisfy { plan.expression($0) != nil }
            && self.needed.allSatisfy(canWiden) && plan.groups.allSatisfy(isIndependent)
        if !isSimple { return nil }
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : commonDivisor(b, a % b)
    }

    private func canWiden(_ instruction: IRInstruction) -> Bool {
        switch instruction.opcode {
        case .load, .store:
            // The next iteration goes on where this one ends.
            guard let access = plan.place(of: instruction)?.access else { return false }
            let step = access.address.index.step(dividedBy: factor)?.signedConstant
            return step == Int64(access.size)
        case .bitcast, .shufflevector: return true
        case .extractelement: return instruction.operand(1).constantInteger != nil
        default: return instruction.isLanewise || SaturatingPack(instruction) != nil
        }
    }

    /// Whether iterations that are done at once touch no byte that another one writes.
    private func isIndependent(_ group: AccessGroup) -> Bool {
        group.accesses.allSatisfy { a in
            group.accesses.allSatisfy { b in
                let distance = (group.position(of: a) - group.position(of: b)).magnitude
                return !a.isStore && !b.isStore || distance == 0 && a.size == b.size
                    || distance >= UInt64(width) * max(a.size, b.size)
            }
        }
    }

    /// Where a wide loop ends.
    struct End {
        /// A block without a terminator, at whose end the builder stands.
        let block: BasicBlock
        /// The number of the original's iterations that are done, an i64.
        let iterations: IRValue
    }

    /// Emits the loop into and behind an empty block.
    func emit(
        from preheader: BasicBlock, pointers: [GroupPointer], lastIteration: IRValue,
        aliasing: Aliasing, builder: IRBuilder, types: IRTypes
    ) -> End {
        let header = builder.addBlock("wide", after: preheader)
        let end = builder.addBlock("wide.end", after: header)
        builder.position(atEndOf: preheader)
        let total = builder.addNoWrap(lastIteration, types.i64.constant(1))
        let unit = types.i64.constant(granularity)
        let units = builder.udiv(
            PlantedFault.wideGranularity.isPlanted
                ? builder.add(total, types.i64.constant(granularity - 1)) : total, unit)
        let count = builder.mulNoWrap(units, types.i64.constant(granularity * factor / width))
        builder.branch(to: header)

        builder.position(atEndOf: header)
        let counter = builder.phi(types.i64)
        let iteration = builder.mulNoWrap(counter, types.i64.constant(width))
        var body = WideBody(width: width, loop: loop, builder: builder, types: types)
        for instruction in needed {
            guard let (group, access) = plan.place(of: instruction) else {
                body.widen(instruction)
                continue
            }
            let address = pointers[group].address(
                plan.groups[group].position(of: access), in: [iteration], builder, types)
            aliasing.mark(body.widen(instruction, at: address), group: group)
        }
        let next = builder.addNoWrap(counter, types.i64.constant(1))
        counter.addIncoming(types.i64.zero, from: preheader)
        counter.addIncoming(next, from: header)
        builder.branch(if: builder.icmp(.eq, next, count), then: end, else: header)

        builder.position(atEndOf: end)
        return End(block: end, iterations: builder.mulNoWrap(units, unit))
    }
}

/// What is emitted for the body of a wide loop.
private struct WideBody {
    let width: Int
    let loop: NaturalLoop
    let builder: IRBuilder
    let types: IRTypes
    private var values: [IRValue: IRValue] = [:]

    init(width: Int, loop: NaturalLoop, builder: IRBuilder, types: IRTypes) {
        self.width = width
        self.loop = loop
        self.builder = builder
        self.types = types
    }

    /// Emits a load or a store of several values in a row.
    mutating func widen(_ access: IRInstruction, at address: IRValue) -> IRInstruction {
        if access.opcode == .store {
            return builder.store(wide(access.operand(0)), to: address, alignment: 1)
        }
        let value = builder.load(access.type.inRow(width), from: address, alignment: 1)
        values[access.value] = value
        return IRInstruction(value)!
    }

    /// Emits what any other instruction does.
    mutating func widen(_ instruction: IRInstruction) {
        values[instruction.value] =
            switch instruction.opcode {
            case .bitcast:
                builder.bitcast(
                    wide(instruction.operand(0)), to: instruction.type.inRow(width))
            case .extractelement:
                shuffle(
                    instruction.operand(0), instruction.operand(0),
                    [Int(instruction.operand(1).constantInteger!)])
            case .shufflevector:
                shuffle(instruction.operand(0), instruction.operand(1), instruction.shuffleMask)
            default:
                if let pack = SaturatingPack(instruction) {
                    widen(pack, instruction)
                } else {
                    builder.inRow(
                        width, like: instruction,
                        operands(of: instruction).map {
                            isFlag($0, of: instruction) ? $0 : wide($0)
                        })
                }
            }
    }

    private func operands(of instruction: IRInstruction) -> [IRValue] {
        instruction.opcode == .call ? instruction.arguments : instruction.operands
    }

    /// Whether an argument of an intrinsic is part of what it does.
    private func isFlag(_ operand: IRValue, of instruction: IRInstruction) -> Bool {
        instruction.opcode == .call && operand.type.integerWidth == 1
            && operand.type != instruction.type
    }

    private func wide(_ value: IRValue) -> IRValue {
        values[value] ?? builder.repeated(value, width)
    }

    /// Does the same to each of the values in a row.
    private func shuffle(_ first: IRValue, _ second: IRValue, _ mask: [Int?]) -> IRValue {
        let lanes = first.type.laneCount
        let wideMask = (0..<width).flatMap { iteration in
            mask.map { lane in
                // Any lane will do where none was asked for.
                let lane = lane ?? 0
                return lane < lanes
                    ? iteration * lanes + lane : (width + iteration - 1) * lanes + lane
            }
        }
        return builder.shuffleVector(wide(first), wide(second), wideMask)
    }

    private func widen(_ pack: SaturatingPack, _ instruction: IRInstruction) -> IRValue {
        let halves = instruction.arguments.map { pack.narrow(wide($0), builder, types) }
        let lanes = instruction.type.laneCount / 2
        let mask = (0..<width).flatMap { iteration -> [Int] in
            let first = iteration * lanes
            return Array(first..<first + lanes)
                + (first + width * lanes..<first + (width + 1) * lanes)
        }
        return builder.shuffleVector(halves[0], halves[1], mask)
    }
}

/// An instruction of x86-64 that makes lanes half as wide: the lanes of two vectors, one after the
/// other.
struct SaturatingPack {
    private let isSigned: Bool
    private let bits: Int

    init?(_ call: IRInstruction) {
        switch call.intrinsicName {
        case "llvm.x86.sse2.packsswb.128": (isSigned, bits) = (true, 8)
        case "llvm.x86.sse2.packuswb.128": (isSigned, bits) = (false, 8)
        case "llvm.x86.sse2.packssdw.128": (isSigned, bits) = (true, 16)
        case "llvm.x86.sse41.packusdw": (isSigned, bits) = (false, 16)
        default: return nil
        }
    }

    /// The lanes of any vector, which are signed, with half their width.
    func narrow(_ vector: IRValue, _ builder: IRBuilder, _ types: IRTypes) -> IRValue {
        let (type, lanes) = (vector.type, vector.type.laneCount)
        let largest = (1 << (isSigned ? bits - 1 : bits)) - 1
        let least = isSigned ? -largest - 1 : 0
        func limit(_ name: StaticString, _ value: IRValue, _ bound: Int) -> IRValue {
            let bounds = builder.splat(type.laneType.constant(bound), lanes: lanes)
            return builder.intrinsic(name, overloads: [type], [value, bounds])
        }
        let limited = limit("llvm.smin", limit("llvm.smax", vector, least), largest)
        return builder.trunc(limited, to: types.integer(bits: bits).vector(lanes))
    }
}
