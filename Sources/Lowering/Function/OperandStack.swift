// The operand stack at compile time: SSA values instead of values.

internal import LLVMKit

/// The operands of the function that is being lowered. Validation has made sure that what is
/// popped is there.
struct OperandStack {
    private var values: [IRValue] = []

    var count: Int { values.count }

    /// The value at a height, if the stack is that high.
    subscript(height: UInt32) -> IRValue? {
        Int(height) < values.count ? values[Int(height)] : nil
    }

    mutating func push(_ value: IRValue) { values.append(value) }

    mutating func push(_ more: some Sequence<IRValue>) { values.append(contentsOf: more) }

    mutating func pop() -> IRValue { values.removeLast() }

    /// The topmost `count` values, the topmost last.
    mutating func pop(_ count: Int) -> [IRValue] {
        let popped = Array(values.suffix(count))
        values.removeLast(count)
        return popped
    }

    /// The topmost `count` values, left where they are.
    func top(_ count: Int) -> ArraySlice<IRValue> { values.suffix(count) }

    /// Forgets what is above a height.
    mutating func truncate(to height: Int) { values.removeLast(values.count - height) }
}
