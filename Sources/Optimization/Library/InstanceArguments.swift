// The instance as an argument of calls where LLVM has found that it is not needed.
//
// A function that touches no state has no use for its instance, and LLVM then hands it any value. What
// is put into functions behind all passes has a use for it: the stack's limit, and the word that
// interrupts. So each such call gets the instance of its caller, which is the callee's as well.
//
// sandbox: rests on all functions of a library being of one module, so that functions that are called by
// name have the caller's instance.

public import LLVMKit

/// Restores what dead-argument elimination has taken away, behind all passes.
public enum InstanceArguments {
    /// - Parameters:
    ///   - attribute: what the parameter has that is the instance.
    ///   - section: what the sections of guest code begin with.
    public static func restore(
        in module: borrowing IRModule, attribute: String, section: String
    ) {
        func hasInstance(_ function: IRFunction) -> Bool {
            function.parameterCount > 0
                && function.hasParameterAttribute(string: attribute, at: 0)
        }
        for function in module.functionDefinitions
        where function.section.hasPrefix(section) && hasInstance(function) {
            for call in function.blocks.flatMap(\.instructions)
            where call.isCall && call.argumentCount > 0 {
                guard let callee = call.calledFunction, hasInstance(callee),
                    call.operand(0).isUndefined
                else { continue }
                call.setOperand(0, to: function.parameter(0))
            }
        }
    }
}
