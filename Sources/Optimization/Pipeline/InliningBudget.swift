// How much a function may grow by what is inlined into it.
//
// LLVM inlines whatever is called once, however large the caller becomes, and many of its passes take
// time with the square of a function's loops or instructions. Where so much has come together, the
// calls that are left cost next to nothing.
//
// sandbox: indifferent. Calls stay calls.

internal import LLVMKit

/// Keeps calls as they are where too much would come together in one function.
struct InliningBudget {
    /// Loops that a function may have with those of the functions that it calls.
    private static let maximumLoops = 96
    /// The same for instructions, of callees that are not small.
    private static let maximumInstructions = 30_000
    /// What has more instructions than this is inlined only if it is called once.
    private static let smallSize = 200

    /// What a function may come to. Of functions that call one another, the one that is looked at
    /// last counts for nothing in the others.
    private struct Extent {
        var (loops, instructions) = (0, 0)
        var calls: [IRInstruction] = []
        var isTotal = false
    }

    private let metadata: IRMetadata
    private var extents: [IRValue: Extent] = [:]
    /// How many calls were kept.
    private(set) var keptCalls = 0

    init(_ metadata: IRMetadata) { self.metadata = metadata }

    mutating func run(on functions: [IRFunction]) {
        for function in functions { extents[function.value] = Self.extent(of: function) }
        for function in functions { settle(function.value) }
    }

    private static func extent(of function: IRFunction) -> Extent {
        var extent = Extent()
        for block in function.blocks {
            var next = block.first
            while let instruction = next {
                extent.instructions += 1
                if instruction.calledFunction?.isDefinition ?? false {
                    extent.calls.append(instruction)
                }
                next = instruction.next
            }
        }
        extent.loops = ControlFlow(function).backEdges.count
        return extent
    }

    /// Decides about the calls of a function, behind those of its callees.
    private mutating func settle(_ function: IRValue) {
        var path: [(function: IRValue, next: Int)] = [(function, 0)]
        var seen: Set = [function]
        while let (function, next) = path.last {
            guard let extent = extents[function], !extent.isTotal else {
                path.removeLast()
                continue
            }
            guard next < extent.calls.count else {
                extents[function] = total(of: extent)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            if let callee = extent.calls[next].calledValue, seen.insert(callee).inserted {
                path.append((callee, 0))
            }
        }
    }

    private mutating func total(of extent: Extent) -> Extent {
        var total = extent
        for call in extent.calls {
            guard let callee = call.calledFunction, let added = extents[callee.value],
                added.isTotal, added.instructions <= Self.smallSize || callee.hasOneUse
            else { continue }
            let isTooMuch =
                added.loops > 0 && total.loops + added.loops > Self.maximumLoops
                || added.instructions > Self.smallSize
                    && total.instructions + added.instructions > Self.maximumInstructions
            if isTooMuch {
                metadata.forbidInlining(of: call)
                keptCalls += 1
            } else {
                total.loops += added.loops
                total.instructions += added.instructions
            }
        }
        total.isTotal = true
        total.calls = []
        return total
    }
}

extension Pass {
    /// Keeps functions from growing beyond what can be optimised in reasonable time.
    public static let inliningBudget = module("inlining-budget") { module, _ in
        var pass = InliningBudget(module.metadata)
        pass.run(on: module.changeableFunctions)
    }
}
