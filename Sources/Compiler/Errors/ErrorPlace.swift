// Where in a module an error is, in terms that its author knows: the function's name and the
// instruction. Found only when there is an error, by reading the function again.

internal import WasmBinary
internal import WasmTypes

extension CompilerError {
    /// The same error with the name and the instruction that it is about.
    ///
    /// - Parameter bytes: The module, which may be broken in any way.
    func located(in bytes: [UInt8]) -> CompilerError {
        var copy = self
        copy.others = others.map { $0.located(in: bytes) }
        guard case .module(let error) = kind else { return copy }
        let names = NameSection(searching: bytes)
        copy.functionName = error.function.flatMap { names.functions[$0] }
        // Without declarations that can be read there are no functions to look into.
        if let module = try? Module.decode(bytes),
            let instruction = module.instruction(at: error.offset, in: error.function)
        {
            let text = InstructionText(bytes: bytes, names: names, function: error.function)
            copy.instruction = text.text(of: instruction)
        }
        return copy
    }
}

extension Module {
    /// The instruction that begins at an offset, if it is one of a function, or of a constant
    /// expression where no function is given.
    fileprivate func instruction(
        at offset: Int, in function: FunctionIndex?
    ) -> DecodedInstruction? {
        let ranges: [Range<Int>]
        if let function {
            let index = Int(function) - importedFunctionCount
            ranges = bodies.indices.contains(index) ? [bodies[index].code] : []
        } else {
            ranges = constantExpressions.map(\.range)
        }
        guard let range = ranges.first(where: { $0.contains(offset) }) else { return nil }
        var reader = InstructionReader(bytes: bytes, range: range)
        while reader.position <= offset, let decoded = try? reader.next() {
            if decoded.offset == offset { return decoded }
        }
        return nil
    }

    private var constantExpressions: [ConstantExpression] {
        var expressions = globalInitializers + tableInitializers.compactMap { $0 }
        for mode in elements.map(\.mode) + dataSegments.map(\.mode) {
            if case .active(_, let offset) = mode { expressions.append(offset) }
        }
        return expressions
    }
}
