// Which input an error is about.

extension CompilerError {
    /// The same error about a certain input. Errors about files and options name their own place.
    func about(_ input: CompilerInput) -> CompilerError {
        var copy = self
        switch kind {
        case .module, .wasmToolsMissing, .malformedText, .notModule, .component,
            .noComponentCommand,
            .notLinked, .notWebAssembly,
            .unknownImports, .noEntryPoint, .entryPointType, .unknownFunction,
            .referenceParameter, .emptyEntryPoint, .debugInformation,
            .unprovedAccesses, .excessiveFunctions, .llvm, .bug:
            copy.input = copy.input ?? input.name
        case .runtimeMissing, .link, .file, .option: break
        }
        copy.others = copy.others.map { $0.about(input) }
        if isBug, inputDigest == nil { copy.inputDigest = Digest.of(input.bytes) }
        return copy
    }
}
