// Tail calls on their way to the code generator. While passes run, they are LLVM's `musttail`, which
// keeps call and return together, in the convention `tailcc`, which allows that for any two
// signatures. LLVM 22 generates no good code for these: on x86-64 it drops arguments, functions take
// arguments off the stack that were never put there, and caller and callee can disagree about how many.
//
// No function that is called like this gets anything on the stack, so the call is a jump in every
// convention. In the one that remains here, the caller cleans up, and a mistake could cost stack, but
// never make a function return to somewhere else.

internal import LLVMKit
internal import PlantedFaults

/// Gives tail calls the form that the code generator does well.
enum TailCalls {
    /// Nothing changes the module's calls afterwards.
    static func settle(in module: borrowing IRModule) {
        if PlantedFault.stackArguments.isPlanted { return }
        for function in module.functions where function.callingConvention == .tail {
            function.setCallingConvention(.fast)
        }
        for function in module.functionDefinitions {
            let calls = function.blocks.flatMap(\.instructions).filter {
                ($0.opcode == .call || $0.opcode == .invoke) && $0.callingConvention == .tail
            }
            for call in calls { call.setCallingConvention(.fast) }
            let tails = calls.filter { $0.opcode == .call && $0.isGuaranteedTailCall }
            for call in tails { call.relaxTailCall() }
            // On x86-64, a function whose frame is aligned to more than the stack is makes no such
            // jumps. Vectors of more than 16 bytes are spilled without alignment instead.
            if !tails.isEmpty {
                module.addAttribute(string: "no-realign-stack", "", to: function)
            }
        }
    }
}

extension Pass {
    /// Gives tail calls the form that the code generator does well.
    public static let tailCalls = module("tail-calls") { module, _ in
        TailCalls.settle(in: module)
    }
}
