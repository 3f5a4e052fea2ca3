// The stack of open blocks (WebAssembly 3.0, appendix A.3.2).

import WasmTypes

/// What opened a block.
enum ControlKind: UInt8 {
    case function, block, loop, `if`, `else`, tryTable
    /// Of the older encoding: a try, and what follows its first catch or its catch_all.
    case `try`, `catch`, catchAll

    /// Whether there is an exception that rethrow can name.
    var holdsException: Bool { self == .catch || self == .catchAll }
}

/// One open block.
struct ControlFrame {
    var kind: ControlKind
    /// What it takes from the stack around it.
    var start: TypeList
    /// What it leaves there.
    var end: TypeList
    /// What to restore on the operand stack when it ends.
    var scope: OperandStack.Scope
    /// How many locals had been initialised where it began.
    var initializedCount: Int

    /// What a branch to its label carries.
    var labelTypes: TypeList { kind == .loop ? start : end }
}

/// The open blocks of a function, the function itself outermost.
struct ControlStack {
    private var frames: [ControlFrame] = []

    var isEmpty: Bool { frames.isEmpty }

    mutating func removeAll() { frames.removeAll(keepingCapacity: true) }
    mutating func push(_ frame: ControlFrame) { frames.append(frame) }
    mutating func pop() -> ControlFrame? { frames.popLast() }

    /// The innermost block.
    var innermost: ControlFrame? { frames.last }
    /// The function's own block.
    var outermost: ControlFrame? { frames.first }

    /// The block that a label refers to, or nil if there are not that many.
    subscript(label: LabelIndex) -> ControlFrame? {
        let position = frames.count - 1 - Int(label)
        return position >= 0 ? frames[position] : nil
    }
}
