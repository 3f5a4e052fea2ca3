// How a WebAssembly function type becomes a function type of LLVM: what comes in front of its
// parameters, and how its results come back.

internal import LLVMKit
internal import WasmTypes

/// The compiled form of a function type.
struct FunctionSignature {
    let source: FunctionType
    /// The function type in IR.
    let type: IRType
    /// The structure of several results, or the single one; void for none.
    let results: IRType
    /// Whether the results are left in memory that the caller provides. Several results come back
    /// in registers as long as every target has enough of them. Beyond, LLVM would pass a hidden
    /// pointer, which ends the guarantee that a tail call does not grow the stack; an explicit
    /// one can be handed on.
    let usesResultArea: Bool
    /// The position of the first parameter of the WebAssembly function.
    let firstParameter: Int

    init(_ source: FunctionType, leading: [IRType], unit: UnitLowering) {
        self.source = source
        let types = unit.types
        let lowered = source.results.map(unit.lower)
        results =
            switch lowered.count {
            case 0: types.void
            case 1: lowered[0]
            default: types.structure(lowered)
            }
        usesResultArea = Self.exceedsRegisters(source.results)
        let front = leading + (usesResultArea ? [types.pointer] : [])
        firstParameter = front.count
        type = types.function(
            front + source.parameters.map(unit.lower),
            returning: usesResultArea ? types.void : results)
    }

    /// x86-64 returns three integers and two floats or vectors in registers, AArch64 more.
    private static func exceedsRegisters(_ results: [ValueType]) -> Bool {
        var integers = 0
        var others = 0
        for type in results {
            switch type {
            case .i32, .i64, .reference: integers += 1
            case .f32, .f64, .v128: others += 1
            }
        }
        return integers > 3 || others > 2
    }
}
