// Narrower vectors than the processor's while LLVM packs straight code.
//
// Packing straight code, LLVM 22 loads fields of a structure that are far apart with one masked load of 512
// bits, which waits until what was stored there before has left the store buffer.
//
// sandbox: indifferent. What LLVM packs is its own decision; it is made to believe that some vectors cost too much.

internal import LLVMKit

/// Lets LLVM believe that vectors of more than 256 bits cost too much.
enum VectorLimit {
    private static let preference = "prefer-vector-width"

    static func set(in module: borrowing IRModule) {
        for function in module.functionDefinitions {
            module.addAttribute(string: preference, "256", to: function)
        }
    }

    static func remove(from module: borrowing IRModule) {
        for function in module.functionDefinitions {
            module.removeAttribute(string: preference, from: function)
        }
    }

    static func isUseful(_ context: PassContext) -> Bool {
        context.isX86_64 && context.vectors.byteCount > 32
    }
}

extension Pass {
    /// Limits vectors to 256 bits, for the passes up to `unlimitVectors`.
    public static let limitVectors = module("limit-vectors", when: VectorLimit.isUseful) {
        module, _ in
        VectorLimit.set(in: module)
    }

    /// Ends the limit.
    public static let unlimitVectors = module("unlimit-vectors", when: VectorLimit.isUseful) {
        module, _ in
        VectorLimit.remove(from: module)
    }
}
