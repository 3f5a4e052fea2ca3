// The passes of each level, LLVM's and ours, in the order in which they run. What is in LLVM's
// sequences is in `LLVMPasses`; a pass of ours is declared in its own file.
//
// sandbox: rests on what each pass says at its top. A pass stands where what it rests on holds: the
// versions of loops behind the simplification that gives loops their form, and what goes through gs
// behind all that knows of no segments.

public import TargetModel

/// Passes in the order in which they run.
public struct PassList: Sendable {
    /// All of a level, those that have no use for some machines among them.
    public let passes: [Pass]

    public init(_ level: OptimizationLevel) {
        let own: [Pass] =
            switch level {
            case .none: []
            case .less: [.trailingZeros, .llvm("quick", LLVMPasses.quick)]
            case .size:
                [
                    .trailingZeros, .inliningBudget, .llvm("small", LLVMPasses.small),
                    .segmentAddresses,
                    .switchTables, .wideIndices,
                ]
            case .standard, .aggressive: Self.fast(level)
            }
        passes = own + Self.objects(level) + Self.defects
    }

    private static func fast(_ level: OptimizationLevel) -> [Pass] {
        [
            .trailingZeros, .inliningBudget,
            .llvm("simplification", LLVMPasses.simplification(level)),
            // Versions of loops come between these two, and those without vectors go again.
            .loopVersions, .searchLoops,
            .llvm("loop-vectorization", LLVMPasses.loopVectorization(level)),
            .versionChoice, .nearbyAddresses,
            .llvm("tidying", LLVMPasses.tidying),
            .limitVectors, .llvm("packing", LLVMPasses.packing), .unlimitVectors,
            .llvm("finish", LLVMPasses.finish(level)),
            .storeForwarding, .unpredictableSelects, .loopPointers,
        ]
    }

    /// What objects are in machine code, behind all that may leave some of them out.
    private static func objects(_ level: OptimizationLevel) -> [Pass] {
        switch level {
        // Every address is computed where it is used.
        case .none: [.objectCode]
        case .size: [.objectCode, .keptObjects]
        case .less, .standard, .aggressive:
            [
                .objectCode,
                .llvm("tidying-objects", LLVMPasses.tidyingObjects, if: ObjectCode.isIn),
                .keptObjects,
            ]
        }
    }

    /// What LLVM would get wrong, at every level (`LLVMDefects`). Nothing changes the module's calls
    /// behind the last one.
    private static let defects: [Pass] = [.narrowVectors, .exactSelects, .tailCalls]

    /// Every pass of ours that some level has, once.
    public static var ours: [Pass] {
        var found: [Pass] = []
        for pass in OptimizationLevel.allCases.flatMap({ PassList($0).passes }) {
            if case .llvm = pass.work { continue }
            if !found.contains(pass) { found.append(pass) }
        }
        return found
    }
}
