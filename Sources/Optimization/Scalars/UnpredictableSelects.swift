// Choices that decide where a loop looks next.
//
// LLVM's code generator for x86-64 turns conditional moves in loops into branches where a loop waits
// for them, and takes it that branches are mostly guessed right. Binary searches, heaps and merges
// compare data to choose one of two places to go on at; that cannot be guessed, and a wrong guess takes
// longer than the comparison. A maximum that is kept and compared with is another matter: it
// changes more and more rarely.
//
// sandbox: indifferent. Only metadata is added.

internal import LLVMKit

/// Tells LLVM of such choices.
struct UnpredictableSelects {
    let metadata: IRMetadata

    func run(on function: IRFunction) {
        let candidates = function.blocks.flatMap { block in
            block.instructions.filter { $0.opcode == .select && Self.comparesData($0) }
        }
        if candidates.isEmpty { return }
        let loops = LoopBodies(function)
        for select in candidates {
            guard let loop = loops.smallest(around: select.block), Self.moves(select, in: loop),
                Self.leadsToAddress(select)
            else { continue }
            metadata.setUnpredictable(select)
        }
    }

    /// Whether the condition is one of order, with a number that was loaded.
    private static func comparesData(_ select: IRInstruction) -> Bool {
        guard select.type.integerWidth != nil, let test = IRInstruction(select.operand(0))
        else { return false }
        switch test.opcode {
        case .icmp where test.integerPredicate != .eq && test.integerPredicate != .ne: break
        case .fcmp: break
        default: return false
        }
        return test.operands.contains { operand in
            guard var source = IRInstruction(operand) else { return false }
            while source.isResize, let inner = IRInstruction(source.operand(0)) {
                source = inner
            }
            return source.opcode == .load
        }
    }

    /// Whether something moves on whatever the comparison says. If one side is what there was before,
    /// the condition must choose something else to be kept on the other side.
    private static func moves(_ select: IRInstruction, in loop: LoopBody) -> Bool {
        guard let kept = keptSide(of: select, in: loop) else { return true }
        return select.operand(0).users.contains { other in
            other.opcode == .select && other.operand(0) == select.operand(0)
                && keptSide(of: other, in: loop).map { $0 != kept } ?? false
        }
    }

    /// Which operand of a select is what it chose in the iteration before.
    private static func keptSide(of select: IRInstruction, in loop: LoopBody) -> Int? {
        [1, 2].first { side in
            var seen: Set<IRValue> = []
            var pending = [select.operand(side)]
            while let value = pending.popLast(), seen.count < maximumValues {
                guard loop.computes(value), seen.insert(value).inserted else { continue }
                let source = IRInstruction(value)!
                if source == select { return true }
                switch source.opcode {
                case .select: pending += source.operands.dropFirst()
                case .phi:
                    pending += source.incoming.filter { loop.blocks.contains($0.block) }.map(
                        \.value)
                default: break
                }
            }
            return false
        }
    }

    /// How many values are looked at to find out what a choice is good for.
    private static let maximumValues = 48

    /// Whether an address is computed from a value, in this iteration or the next.
    private static func leadsToAddress(_ select: IRInstruction) -> Bool {
        var seen: Set = [select]
        var pending = [select]
        while let next = pending.popLast(), seen.count < maximumValues {
            for user in next.users where seen.insert(user).inserted {
                if user.opcode == .getelementptr { return true }
                if user.opcode == .phi || user.isSpeculable && user.opcode != .icmp {
                    pending.append(user)
                }
            }
        }
        return false
    }
}

extension Pass {
    /// Says which choices are better made without a branch.
    public static let unpredictableSelects = functions(
        "unpredictable-selects", when: \.isX86_64
    ) { module, _ in
        UnpredictableSelects(metadata: module.metadata).run
    }
}
