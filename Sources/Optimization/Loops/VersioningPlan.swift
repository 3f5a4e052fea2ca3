// Which loops get a second version, and what that version is made of.
//
// sandbox: rests on `accesses(in:)`, which refuses loops with effects that are not understood, and on
// `latchExit`: a loop that can be left elsewhere would make fewer accesses than its version.

internal import LLVMKit

/// Everything that is known about a loop that can be made simpler.
///
/// WebAssembly's addresses are numbers of 32 bits in one big memory. LLVM cannot tell that they do
/// not wrap around, nor that two of them never meet, since all have the same underlying object;
/// so it does not vectorise most loops. Before such a loop begins, both can be seen: the number
/// of iterations is known, and with it which bytes each group of accesses touches.
struct VersioningPlan {
    let loop: NaturalLoop
    let exit: BasicBlock
    let exitTest: ExitTest
    private(set) var groups: [AccessGroup]
    /// Pairs of groups, at least one of them written to, that must not overlap.
    private(set) var conflicts: [(Int, Int)]
    /// The header's phis that are not affine.
    let recurrences: [IRInstruction]
    /// Whether the loop computes with vectors already.
    let hasVectors: Bool
    /// Whether it loads from addresses that cannot be followed.
    let hasStrangers: Bool
    private let affine: AffineAnalysis

    private static let maximumInstructions = 250
    private static let maximumGroups = 12
    private static let maximumConflicts = 16

    init?(_ loop: NaturalLoop) {
        guard let exit = loop.latchExit else { return nil }
        let instructions = loop.blocks.flatMap(\.instructions)
        guard instructions.count <= Self.maximumInstructions else { return nil }
        let affine = AffineAnalysis(loop)
        guard let exitTest = ExitTest(loop, affine),
            let accesses = Self.accesses(in: instructions, loop, affine),
            let groups = AccessGroup.groups(of: accesses),
            groups.contains(where: { $0.lowest.step.signedConstant != 0 })
        else { return nil }
        hasStrangers =
            accesses.count < instructions.count { $0.opcode == .load || $0.opcode == .store }
        hasVectors = instructions.contains(where: \.usesVectors)
        recurrences = loop.header.phis.filter { affine.expression($0.value) == nil }
        self.loop = loop
        self.exit = exit
        self.exitTest = exitTest
        self.groups = groups
        conflicts = Self.conflicts(between: groups)
        self.affine = affine
    }

    /// What is used behind the loop.
    var liveOuts: [IRValue] {
        exit.phis.compactMap { $0.incomingValue(from: loop.latch) }
    }

    /// Whether every iteration loads what the one before has stored at the same address, and nothing
    /// but other accesses keeps it from staying in a register.
    var sumsInMemory: Bool {
        conflicts.contains { pair in
            [pair.0, pair.1].contains { groups[$0].isSum(in: loop) }
        }
    }

    /// Whether what has to be checked is little enough.
    var isAffordable: Bool {
        groups.count <= Self.maximumGroups && conflicts.count <= Self.maximumConflicts
    }

    /// Forgets accesses that the second version will not have.
    mutating func keepAccesses(_ isKept: (IRInstruction) -> Bool) {
        groups = groups.compactMap { $0.keeping(isKept) }
        conflicts = Self.conflicts(between: groups)
    }

    func expression(_ value: IRValue) -> AffineExpression? { affine.expression(value) }

    /// Where an access belongs: its group's index and its position there.
    func place(of instruction: IRInstruction) -> (group: Int, access: MemoryAccess)? {
        for (index, group) in groups.enumerated() {
            if let access = group.accesses.first(where: { $0.instruction == instruction }) {
                return (index, access)
            }
        }
        return nil
    }

    /// The accesses of a loop; nil if it has effects that are not understood. Without stores, loads
    /// from elsewhere do no harm.
    static func accesses(
        in instructions: [IRInstruction], _ loop: NaturalLoop, _ affine: AffineAnalysis
    ) -> [MemoryAccess]? {
        var accesses: [MemoryAccess] = []
        var hasStores = false
        var hasStrangers = false
        for (position, instruction) in instructions.enumerated() {
            switch instruction.opcode {
            case .load, .store:
                guard instruction.isSimpleAccess else { return nil }
                if instruction.opcode == .store { hasStores = true }
                if let access = MemoryAccess(instruction, position: position, loop, affine) {
                    accesses.append(access)
                } else {
                    hasStrangers = true
                }
            case .call:
                if !instruction.isArithmeticIntrinsic && SaturatingPack(instruction) == nil {
                    return nil
                }
            default: if instruction.hasOtherEffects { return nil }
            }
        }
        return hasStores && hasStrangers ? nil : accesses
    }

    static func conflicts(between groups: [AccessGroup]) -> [(Int, Int)] {
        groups.indices.flatMap { first in
            groups.indices.dropFirst(first + 1).filter {
                groups[first].isWritten || groups[$0].isWritten
            }.map { (first, $0) }
        }
    }
}

extension IRInstruction {
    /// Whether the result or what is stored is a vector.
    fileprivate var usesVectors: Bool {
        type.isVector || opcode == .store && operand(0).type.isVector
    }
}
