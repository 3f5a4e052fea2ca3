// Which loops of a body have neither calls nor other loops in them: found by one scan before a body is lowered,
// where fuel is counted.

internal import WasmBinary
internal import WasmTypes

/// The loops of a body.
struct LoopScan {
    /// By ordinal of the structured instruction, the loops without calls and other loops in them.
    private(set) var simple: Set<Int> = []
    /// Whether there are calls of functions.
    private(set) var hasCalls = false

    /// For functions of which nothing needs to be known.
    init() {}

    init(of body: FunctionBody, in module: Module) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        var ordinal = 0
        // For each structured instruction that is open: its ordinal, if it is a loop.
        var open: [Int?] = []
        var loops: [Int] = []
        while !reader.isAtEnd {
            switch try reader.next().instruction {
            case .loop:
                leave(loops)
                loops.append(ordinal)
                simple.insert(ordinal)
                open.append(ordinal)
                ordinal += 1
            case .block, .if, .tryTable, .try:
                open.append(nil)
                ordinal += 1
            case .end, .delegate:
                if let last = open.popLast(), last != nil { loops.removeLast() }
            case .call, .callIndirect, .callReference, .returnCall, .returnCallIndirect,
                .returnCallReference:
                hasCalls = true
                leave(loops)
            default: break
            }
        }
    }

    /// Notes that there is a call or another loop in all of some loops, the innermost last.
    private mutating func leave(_ loops: [Int]) {
        // Those around one that is no longer simple are not, either.
        for loop in loops.reversed() {
            guard simple.remove(loop) != nil else { return }
        }
    }
}
