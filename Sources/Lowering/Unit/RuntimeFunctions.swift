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
        let isRare = [SMELT_RUNTIME_object_new, SMELT_RUNTIME_write_barrier].contains(function)
        let declaration = ir.runtimeFunction(
            String(cString: smelt_runtime_symbol(function.rawValue)!),
            type: types.function(
                signature.parameters.map(lower),
                returning: signature.results.first.map(lower) ?? types.void),
            convention: isRare ? .keepingRegisters : .c, mayThrow: throwsException)
        switch function {
        case SMELT_RUNTIME_throw: ir.addAttribute("noreturn", to: declaration)
        // Until ObjectCode says what they do.
        case SMELT_RUNTIME_object_new: ir.setAllocates(declaration, size: 1, family: "smelt")
        case SMELT_RUNTIME_write_barrier:
            // It reads the place: what is stored there stays behind it.
            ir.setHidden(declaration, readsArguments: true)
            ir.addParameterAttribute("readnone", at: 0, of: declaration)
            for index in 0..<2 { ir.addParameterAttribute("captures", at: index, of: declaration) }
        default: break
        }
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
