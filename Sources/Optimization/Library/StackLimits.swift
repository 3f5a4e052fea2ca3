// Comparisons of the stack with a limit, at the beginning of functions: a library runs on the stacks of
// its host, below whose ends there may be anything.
//
// The stack pointer is read behind the function's prologue, so its own frame is counted. What the runtime
// keeps free below the limit is larger than a frame that is optimised.
//
// sandbox: rests on the instance being the first parameter of every function with calls, which is so for
// functions that other units may call, and for the bodies of exports.

public import LLVMKit

/// Adds the comparisons to a unit, behind all passes.
public enum StackLimits {
    /// A function without calls has no comparison if it has no more instructions than this: its frame is
    /// small then.
    private static let smallLeaf = 400

    /// - Parameters:
    ///   - attribute: what the parameter has that is the instance.
    ///   - section: what the sections of guest code begin with.
    ///   - limitOffset: where the limit is in an instance, in bytes.
    ///   - trapCode: what running out of stack is.
    /// - Returns: the names of the functions that have calls, and no instance to ask for the limit.
    public static func check(
        _ module: borrowing IRModule, attribute: String, section: String, limitOffset: Int,
        trapCode: UInt8
    ) -> [String] {
        var unchecked: [String] = []
        for function in module.functionDefinitions where function.section.hasPrefix(section) {
            let instructions = function.blocks.flatMap(\.instructions)
            let calls = instructions.contains { $0.isCall && !$0.isInlineAssembly }
            if !calls, instructions.count <= smallLeaf { continue }
            guard function.parameterCount > 0,
                function.hasParameterAttribute(string: attribute, at: 0)
            else {
                unchecked.append(function.value.name)
                continue
            }
            guard
                let first = function.blocks[0].instructions.first(where: { $0.opcode != .alloca })
            else { continue }
            module.builder.position(before: first)
            module.builder.compareStack(
                withLimitIn: function.parameter(0), at: limitOffset, trapCode: trapCode)
        }
        return unchecked
    }
}
