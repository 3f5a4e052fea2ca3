// How long calls may take without a look at the interrupt word: functions are added up that call each other
// in no circle. What is not compiled in the same unit counts as long, which it looks for itself.
//
// sandbox: indifferent.

internal import LLVMKit

/// How long functions may take that look at nothing.
struct CallCosts {
    /// A call of a function that may execute more instructions than this has to be looked before.
    private static let most = 50_000
    /// Rounds of loops between two looks, and what is unknown.
    private static let loopCost = 1 << 14

    private let functions: [IRValue: IRFunction]
    private var costs: [IRValue: Int] = [:]
    private var active: Set<IRValue> = []

    init(_ functions: [IRFunction]) {
        self.functions = Dictionary(uniqueKeysWithValues: functions.map { ($0.value, $0) })
    }

    /// The calls of a function that may take long: of what is not known, may call itself, or is much in
    /// itself; all of its calls if together they are.
    mutating func longCalls(in function: IRFunction) -> [IRInstruction] {
        if cost(of: function.value) <= Self.most { return [] }
        let calls = function.blocks.flatMap(\.instructions).filter {
            $0.isCall && !$0.isInlineAssembly
        }
        let long = calls.filter { call in
            call.calledValue.map { cost(of: $0) > Self.most } ?? true
        }
        return long.isEmpty ? calls : long
    }

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
