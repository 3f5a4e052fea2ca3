// A defect of LLVM 22: its code generator for AArch64 can return from a function without taking the
// arguments off the stack that the convention for tail calls says it takes. It happens where only a
// part of the function needs a frame, and the other parts get returns of their own.
//
// sandbox: rests on LLVM's rules for returning from functions with arguments on the stack.

internal import LLVMKit

/// Gives functions that take arguments from the stack one frame for all of their parts.
enum StackArguments {
    /// AArch64 passes eight integers and eight floats in registers.
    private static let registerCount = 8

    static func keepFrames(in module: borrowing IRModule) {
        for function in module.functionDefinitions
        where function.callingConvention == .tail && function.parameterCount > registerCount {
            // Nothing runs any more that would look for this attribute but the pass that moves
            // frames, which leaves such functions alone.
            module.addAttribute("sanitize_type", to: function)
        }
    }
}
