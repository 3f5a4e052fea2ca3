// Functions of the runtime that compiled code calls: their names and types are the ABI header's.

internal import LLVMKit
internal import RuntimeABI

/// The types of a C function, as the header's tables spell them: `pI:i`.
struct RuntimeSignature {
    /// A type, by its letter.
    enum Kind: Character {
        case i32 = "i"
        case i64 = "I"
        case pointer = "p"
    }

    let parameters: [Kind]
    let results: [Kind]

    init(_ text: UnsafePointer<CChar>) {
        let text = String(cString: text)
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        let kinds = halves.map { $0.compactMap(Kind.init) }
        // The tables are a part of this program.
        precondition(
            halves.count == 2 && kinds.map(\.count) == halves.map(\.count),
            "the signature \(text) is not one")
        (parameters, results) = (kinds[0], kinds[1])
    }
}

extension UnitLowering {
    /// A function of the runtime, declared as its row in the header says.
    func runtimeFunction(_ function: smelt_runtime_function) -> IRFunction {
        let signature = RuntimeSignature(smelt_runtime_signature(function.rawValue)!)
        let throwsException = function == SMELT_RUNTIME_throw
        let declaration = ir.runtimeFunction(
            String(cString: smelt_runtime_symbol(function.rawValue)!),
            type: types.function(
                signature.parameters.map(lower),
                returning: signature.results.first.map(lower) ?? types.void),
            mayThrow: throwsException)
        if throwsException { ir.addAttribute("noreturn", to: declaration) }
        return declaration
    }

    private func lower(_ kind: RuntimeSignature.Kind) -> IRType {
        switch kind {
        case .i32: types.i32
        case .i64: types.i64
        case .pointer: types.pointer
        }
    }
}
