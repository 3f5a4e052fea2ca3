// A defect of LLVM 22 (minima.ll): its code generator for AArch64 takes `x < c ? x : c` for the smaller
// of the two, which it has one instruction for, where it knows that `c` is no NaN. That instruction
// returns another one of two zeros than the comparison chooses (-0 of -0 and 0), and a signalling NaN
// instead of `c`.
//
// sandbox: indifferent. Values are computed otherwise and are the same.

internal import LLVMKit

/// Lets choices between floats be made by the comparison that the program makes.
struct ExactSelects {
    let builder: IRBuilder

    func run(on function: IRFunction) {
        for select in function.blocks.flatMap(\.instructions) {
            guard select.opcode == .select, select.type.laneType.isFloat,
                let test = IRInstruction(select.operand(0)), test.opcode == .fcmp
            else { continue }
            // It looks for a comparison, and no further than that. Machine code has no freeze.
            builder.position(before: select)
            select.setOperand(0, to: builder.freeze(test.value))
        }
    }
}

extension Pass {
    /// Keeps LLVM from making minima of choices between floats.
    public static let exactSelects = module("exact-selects", when: { !$0.isX86_64 }) { module, _ in
        let pass = ExactSelects(builder: module.builder)
        for function in module.functionDefinitions { pass.run(on: function) }
    }
}
