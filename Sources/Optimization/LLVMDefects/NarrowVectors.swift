// A defect of LLVM 22 (two-floats.ll): its code generator for x86-64 ends when it meets
// `llvm.canonicalize` of two floats of 32 bits. The vectorisers make such vectors of what the lowering
// makes for `0 - x`.
//
// sandbox: indifferent. Values are computed otherwise and are the same.

internal import LLVMKit

/// Gives pairs of floats two more lanes where the code generator cannot do it.
enum NarrowVectors {
    static func widen(in module: borrowing IRModule) {
        let builder = module.builder
        for call in module.calls(of: "llvm.canonicalize.v2f32") {
            builder.position(before: call)
            let pair = call.operand(0)
            let wide = builder.shuffleVector(pair, pair.type.poison, [0, 1, 2, 3])
            let result = builder.intrinsic("llvm.canonicalize", overloads: [wide.type], [wide])
            call.replaceAllUses(with: builder.shuffleVector(result, wide, [0, 1]))
            call.erase()
        }
    }
}

extension Pass {
    /// Makes pairs of floats wider for the code generator.
    public static let narrowVectors = module("narrow-vectors") { module, _ in
        NarrowVectors.widen(in: module)
    }
}
