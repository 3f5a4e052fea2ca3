// The stack of operand types (WebAssembly 3.0, appendix A.3.2).
//
// It knows where the innermost block's operands begin, and whether the code there is
// unreachable: then the stack below that point yields unknown operands without end. Nobody else
// needs to know.

import WasmTypes

/// The types of the operands at the current instruction.
struct OperandStack {
    /// A call can push a thousand operands with two bytes of code, so what a function may pile
    /// up is bounded by more than its size. No compiler comes near this.
    static let maximumHeight = 1_000_000

    /// What the surrounding block has to restore when an inner one ends.
    struct Scope {
        fileprivate var floor: Int
        fileprivate var isPolymorphic: Bool
    }

    private var elements: [OperandType] = []
    private var floor = 0
    /// Whether the rest of the innermost block is unreachable.
    private(set) var isPolymorphic = false

    /// The number of operands that the innermost block has pushed.
    var height: Int { elements.count - floor }
    /// Whether the stack holds more than an implementation should.
    var isTooHigh: Bool { elements.count > Self.maximumHeight }

    mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        floor = 0
        isPolymorphic = false
    }

    @inline(__always)
    mutating func push(_ type: OperandType) { elements.append(type) }

    /// Takes the top operand if it is exactly of this type, else leaves the stack alone.
    @inline(__always)
    mutating func popExactly(_ type: OperandType) -> Bool {
        guard elements.count > floor, elements[elements.count - 1] == type else { return false }
        elements.removeLast()
        return true
    }

    /// Takes the top operand: `unknown` at the floor of unreachable code, nil at the floor of
    /// reachable code.
    @inline(__always)
    mutating func pop() -> OperandType? {
        guard elements.count > floor else { return isPolymorphic ? .unknown : nil }
        return elements.removeLast()
    }

    /// The operand at a depth from the top, like `pop`.
    func peek(_ depth: Int) -> OperandType? {
        guard height > depth else { return isPolymorphic ? .unknown : nil }
        return elements[elements.count - 1 - depth]
    }

    /// Whether every further `pop` would yield `unknown`.
    var isExhausted: Bool { isPolymorphic && elements.count == floor }

    /// Drops what the innermost block has pushed and makes its rest unreachable.
    mutating func makeUnreachable() {
        elements.removeLast(height)
        isPolymorphic = true
    }

    /// Begins a block: what is on the stack is out of its reach.
    mutating func enter() -> Scope {
        let scope = Scope(floor: floor, isPolymorphic: isPolymorphic)
        floor = elements.count
        isPolymorphic = false
        return scope
    }

    /// Ends a block whose operands have been taken.
    mutating func leave(to scope: Scope) {
        floor = scope.floor
        isPolymorphic = scope.isPolymorphic
    }
}
