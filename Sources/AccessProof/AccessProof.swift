// An independent proof that compiled code stays in the sandbox.
//
// The theorem. Every load, store and atomic operation of a function that the proof accepts, and
// every range that it hands to an intrinsic or to the runtime, touches only
//   - bytes of a linear memory's reservation: from its base, 4 GiB and the guard region that the
//     plan of the program says are there; or, for a memory without guard, bytes below its size;
//   - elements of a table below its size;
//   - a global, a stack slot, an area for results or the instance's state, within its size; or
//   - the fixed fields of what a function reference points to.
// It holds for every input, whatever the passes had in mind that formed the addresses. Nothing
// here is shared with them, and nothing that an instruction promises (`nuw`, `inbounds`, ...) is
// used: an address is what its arithmetic, modulo 2^64, makes it.
//
// How. The address is taken apart into the base of something known and a sum of products of
// values (`Sum`), which equals the true offset modulo 2^64. What is known about the values gives
// bounds of the sum as an integer: their widths and how they are made (`Evaluation`), comparisons
// that dominate the access (`BlockFacts`), and how counters of loops move (`Counters`). If the
// sum lies between 0 and the last byte that may be touched, so does the address.
//
// What is assumed:
//   - `ProofFacts` tells the truth: where memories and tables are, how much is reserved, that sizes
//     only grow. It is made from the plan of the program, and not from its code.
//   - Values of reference types come from the program's own tables, globals and functions;
//     validation has seen to that. A pointer parameter, and a pointer that was loaded, is one.
//   - The promises on instructions are true: code may be generated from them. Loaded values,
//     parameters and results of calls are numbers and not `undef` or `poison`. A `freeze` is what
//     it freezes if no constant `undef` or `poison` takes part in that, however deep
//     (`isDefined`), and a number or an address of which nothing is known otherwise.
//   - What LLVM makes of the IR that is looked at is right.
// When in doubt an access is unproved.

public import LLVMKit

/// Proves the accesses of modules.
public struct AccessProof {
    private let facts: ProofFacts

    public init(_ facts: ProofFacts) {
        self.facts = facts
    }

    /// Looks at all functions of a module.
    public func check(_ module: borrowing IRModule) -> ProofReport {
        var report = ProofReport()
        let context = ModuleContext(facts, layout: module.layout)
        for function in module.functionDefinitions {
            let proof = FunctionProof(function, context)
            proof.checkAll { report.add($0, in: function) }
        }
        return report
    }

    /// Looks at all functions of a module, and puts a check before each access that is not proved.
    ///
    /// - Returns: what was found; failures are what could not be checked either.
    public func enforce(on module: borrowing IRModule) -> ProofReport {
        var report = ProofReport()
        let context = ModuleContext(facts, layout: module.layout)
        for function in module.functionDefinitions {
            let proof = FunctionProof(function, context)
            var unproved: [(access: Access, reason: UnprovedReason)] = []
            proof.checkAll {
                if case .unproved(let access, let reason) = $0 {
                    unproved.append((access, reason))
                } else {
                    report.add($0, in: function)
                }
            }
            var guards = AccessGuards(
                builder: module.builder, types: module.types, function: function)
            for (access, reason) in unproved {
                if let regions = proof.guardedRegions(of: access) {
                    guards.add(to: access, regions)
                    report.addChecked()
                } else {
                    report.add(.unproved(access, reason), in: function)
                }
            }
        }
        return report
    }
}

/// What is common to the functions of a module.
final class ModuleContext {
    let facts: ProofFacts
    let layout: IRLayout
    /// Between which numbers parameters of local functions are, found from their calls.
    var parameters: [IRValue: Bounds] = [:]
    /// What symbols are, by the global.
    var globals: [IRValue: Root] = [:]

    init(_ facts: ProofFacts, layout: IRLayout) {
        self.facts = facts
        self.layout = layout
    }
}

/// The verdict on one access.
enum AccessOutcome {
    case proved
    /// It goes to a linear memory, and nothing shows that it stays in there.
    case unproved(Access, UnprovedReason)
}

/// The state of looking at one function.
final class FunctionProof {
    let function: IRFunction
    let context: ModuleContext
    private(set) lazy var flow = FlowGraph(function)
    private(set) lazy var entryConditions = findEntryConditions()
    /// What is known wherever values are.
    private(set) var everywhere = BlockFacts(parent: nil)
    var blockFacts: [Int: BlockFacts] = [:]
    var edgeFacts: [Int: BlockFacts] = [:]
    var counters: [IRValue: [Sum]] = [:]
    /// Phis and selects whose bounds are being looked for.
    var open: Set<IRValue> = []
    var roots: [IRValue: Root] = [:]
    /// Whether values are made from numbers only.
    var defined: [IRValue: Bool] = [:]
    /// Whether comparisons do not make a number a sum of others: then it is the same sum in all
    /// blocks, and what was compared in one is about what is used in another.
    var isCoarse = false
    /// How often it is begun anew.
    var retries = 64
    /// How much more thought one access is worth.
    var effort = 0
    /// How much more may be looked at for one access, and in this function, whatever is in it: who
    /// writes code that takes long to understand only gets checks.
    var budget = 0
    private var reserve = 100 * budgetPerAccess
    /// How many values are being looked at for the sake of one another.
    var nesting = 0

    init(_ function: IRFunction, _ context: ModuleContext) {
        self.function = function
        self.context = context
    }

    var facts: ProofFacts { context.facts }

    /// Forgets what was found out.
    func forget() {
        everywhere = BlockFacts(parent: nil)
        blockFacts = [:]
        edgeFacts = [:]
        counters = [:]
    }

    static let budgetPerAccess = 200_000
    /// What values cost that are looked at for the first time, in facts that are.
    static let costOfValue = 10
    /// More would need too much stack.
    static let deepestNesting = 200

    /// Begins to think about another access.
    func refill() {
        effort = Self.effortPerAccess
        reserve -= Self.budgetPerAccess - max(0, budget)
        budget = reserve > 0 ? Self.budgetPerAccess : 0
    }

    private static let effortPerAccess = 5000

    /// Looks at a value for the sake of others; nil if that is too much.
    func nested<Result>(_ body: () -> Result?) -> Result? {
        budget -= Self.costOfValue
        guard budget > 0, nesting < Self.deepestNesting else { return nil }
        nesting += 1
        defer { nesting -= 1 }
        return body()
    }

    /// Does something that is worth so much thought, whatever it is done for.
    func withEffort<Result>(_ amount: Int, _ body: () -> Result) -> Result {
        let saved = effort
        effort = amount
        defer { effort = saved }
        return body()
    }

    /// Looks at each instruction once.
    func checkAll(_ note: (AccessOutcome) -> Void) {
        for block in function.blocks {
            var next = block.first
            while let instruction = next {
                next = instruction.next
                for access in accesses(of: instruction) { note(check(access)) }
            }
        }
    }
}
