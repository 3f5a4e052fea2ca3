// A call in a manifest, against the type of the function that it calls.

internal import Lowering
internal import WasmBinary
internal import WasmTypes

/// Finds what a call passes.
struct CallResolver {
    let resolver: IntegrationResolver
    let call: Manifest.Call
    /// Names that have a meaning in this call.
    let words: [String: IntegrationPlan.Source]
    var arguments: [(name: String, type: IntegrationPlan.ValueType)] = []
    /// The type of the state, if there is one.
    var state: WasmTypes.ValueType?
    /// Whether the result is written to an area of the caller's.
    var hasResultArea = false
    private var literals: [[UInt8]] = []

    init(
        _ resolver: IntegrationResolver, _ call: Manifest.Call,
        words: [String: IntegrationPlan.Source]
    ) {
        self.resolver = resolver
        self.call = call
        self.words = words
    }

    func resolve() throws(ManifestError) -> IntegrationPlan.Call {
        var copy = self
        return try copy.resolved()
    }

    private mutating func resolved() throws(ManifestError) -> IntegrationPlan.Call {
        let (index, type) = try resolver.function(call)
        guard type.parameters.count == call.operands.count else {
            throw error(
                "'\(call.export.printable)' has \(type.parameters.count) parameters, and"
                    + " \(call.operands.count) are passed",
                "its type is \(type)")
        }
        let isNumeric = (type.parameters + type.results).allSatisfy {
            [.i32, .i64, .f32, .f64].contains($0)
        }
        guard isNumeric, type.parameters.count <= 64, type.results.count <= 4 else {
            throw error(
                "'\(call.export.printable)' has the type \(type), which cannot be called from here",
                "there may be numbers only: at most 64 parameters and 4 results")
        }
        var passes: [(source: IntegrationPlan.Source, type: WasmTypes.ValueType)] = []
        for (operand, parameter) in zip(call.operands, type.parameters) {
            passes.append((try source(of: operand, for: parameter), parameter))
        }
        return IntegrationPlan.Call(
            function: index, name: call.export, passes: passes, literals: literals,
            result: type.results.first)
    }

    private func error(_ message: String, _ remedy: String) -> ManifestError {
        ManifestError(line: call.line, message: message, remedy: remedy)
    }

    private func require(
        _ parameter: WasmTypes.ValueType, _ type: WasmTypes.ValueType?, _ shown: String
    ) throws(ManifestError) {
        guard parameter == type else {
            throw error(
                "\(shown) is passed as \(type.map { "\($0)" } ?? "nothing"), and the parameter of"
                    + " '\(call.export.printable)' is \(parameter)",
                "integer and boolean are i32, bigint is i64, real is f32, float is f64, pointers and"
                    + " lengths are i32")
        }
    }

    private mutating func source(
        of operand: Manifest.Operand, for parameter: WasmTypes.ValueType
    ) throws(ManifestError) -> IntegrationPlan.Source {
        switch operand {
        case .number(let text): return .constant(bits: try bits(of: text, parameter))
        case .literal(let bytes, let part):
            try require(parameter, .i32, "a part of a text")
            guard part == "pointer" || part == "length" else {
                throw error(
                    "it is not said what of a text is passed",
                    "say \"...\".pointer or \"...\".length")
            }
            try resolver.requireAllocator(call.line)
            let index = literals.firstIndex(of: bytes) ?? literals.count
            if index == literals.count { literals.append(bytes) }
            return part == "pointer" ? .literalPointer(index) : .literalLength(index)
        case .name("result", let part?) where hasResultArea:
            try require(parameter, .i32, "a part of the result")
            guard part == "pointer" || part == "capacity" else {
                throw error("the result has no \(part)", "it has pointer and capacity")
            }
            try resolver.requireAllocator(call.line)
            return part == "pointer" ? .resultPointer : .resultCapacity
        case .name("state", nil) where state != nil:
            try require(parameter, state, "the state")
            return .state
        case .name(let name, nil) where words[name] != nil:
            try require(parameter, .i32, name)
            return words[name]!
        case .name(let name, let part): return try argument(name, part, parameter)
        }
    }

    private func argument(
        _ name: String, _ part: String?, _ parameter: WasmTypes.ValueType
    ) throws(ManifestError) -> IntegrationPlan.Source {
        guard let index = arguments.firstIndex(where: { $0.name == name }) else {
            let known =
                arguments.map(\.name) + words.keys.sorted() + (state == nil ? [] : ["state"])
            throw error(
                "'\(name)' is nothing that can be passed here",
                known.isEmpty
                    ? "only numbers can be passed here"
                    : "there are \(known.joined(separator: ", "))")
        }
        let type = arguments[index].type
        switch (part, type.isInMemory) {
        case ("null", _):
            try require(parameter, .i32, "\(name).null")
            return .isNull(index)
        case (nil, false):
            try require(parameter, Self.word(for: type.element), name)
            return .number(index)
        case ("pointer", true), ("length", true):
            try require(parameter, .i32, "\(name).\(part!)")
            try resolver.requireAllocator(call.line)
            return part == "pointer" ? .pointer(index) : .length(index)
        default:
            throw error(
                part.map { "'\(name)' has no \($0)" } ?? "'\(name)' cannot be passed as one value",
                type.isInMemory
                    ? "say \(name).pointer and \(name).length" : "say \(name), or \(name).null")
        }
    }

    /// The parameter that a number is.
    static func word(for element: IntegrationPlan.ValueType.Element) -> WasmTypes.ValueType? {
        switch element {
        case .integer, .boolean: .i32
        case .bigint: .i64
        case .real: .f32
        case .float: .f64
        case .text, .bytes: nil
        }
    }

    private func bits(
        of text: String, _ parameter: WasmTypes.ValueType
    ) throws(ManifestError) -> UInt64 {
        switch parameter {
        case .i32:
            if let value = Int32(text) { return UInt64(UInt32(bitPattern: value)) }
            if let value = UInt32(text) { return UInt64(value) }
        case .i64:
            if let value = Int64(text) { return UInt64(bitPattern: value) }
            if let value = UInt64(text) { return value }
        case .f32: if let value = Float(text) { return UInt64(value.bitPattern) }
        case .f64: if let value = Double(text) { return value.bitPattern }
        case .v128, .reference: break
        }
        throw error("\(text) is no \(parameter)", "pass a number that fits the parameter")
    }
}
