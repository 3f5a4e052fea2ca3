// Canonical definitions that lift and lower functions, and their options (CanonicalABI.md, "canonopt
// Validation", "canon lift", "canon lower").

import WasmTypes

/// Options of a canonical definition that are valid by themselves.
struct CheckedOptions {
    var options: CanonicalOptions
    /// That of the memory; of 32 bits if there is none.
    var addressType: AddressType
}

extension ComponentValidator {
    mutating func defineCanonical(_ definition: CanonicalDefinition) throws(ModuleError) {
        switch definition {
        case .lift(let function, let options, let type): try lift(function, options, type)
        case .lower(let function, let options): try lower(function, options)
        default:
            let signature = try signature(of: definition)
            addCoreFunction(signature)
        }
    }

    /// Adds a core function that the Component Model provides.
    private mutating func addCoreFunction(_ type: FunctionType) {
        scope.spaces.coreFunctions.append(types.core.add(type))
    }

    /// The type of a core function.
    func coreFunction(_ index: UInt32) throws(ModuleError) -> FunctionType {
        let type = try item(index, "core function", { $0.coreFunctions })
        guard let function = types.core.functionType(type) else {
            throw invalid("core function \(index) has no function type")
        }
        return function
    }

    // Lift and lower --------------------------------------------------------------------------

    private mutating func lift(
        _ index: UInt32, _ options: CanonicalOptions, _ typeIndex: UInt32
    ) throws(ModuleError) {
        guard case .function(let type) = try item(typeIndex, "type", { $0.types }) else {
            throw invalid("type \(typeIndex) is not a function type")
        }
        let core = try coreFunction(index)
        let checked = try check(options, allowing: [.realloc, .postReturn, .async, .callback])
        try checkAsync(options, of: type)
        if options.isAsync && options.callback == nil {
            try require(.asyncStackful, for: "a function that is lifted async without a callback")
        }
        try checkLift(type, checked, of: coreName(index))
        let expected = types.coreType(
            of: type, as: .lift, isAsync: options.isAsync,
            hasCallback: options.callback != nil, addressType: checked.addressType)
        guard core.parameters == expected.parameters else {
            throw invalid(
                "lowered parameter types do not match: \(coreName(index)) is \(core), and has to be "
                    + "\(expected)")
        }
        guard core.results == expected.results else {
            throw invalid(
                "lowered result types do not match: \(coreName(index)) is \(core), and has to be "
                    + "\(expected)")
        }
        if let postReturn = options.postReturn {
            let type = try coreFunction(postReturn)
            guard type.parameters == expected.results, type.results.isEmpty else {
                throw invalid(
                    "canonical option post-return uses a core function with an incorrect "
                        + "signature: \(type)")
            }
        }
        scope.spaces.functions.append(type)
    }

    private func checkLift(
        _ type: FunctionTypeID, _ checked: CheckedOptions, of name: String
    ) throws(ModuleError) {
        let shape = types[type]
        let parameters = shape.parameters.map(\.type)
        if hasAddress(parameters) || isSpilled(parameters, ValueLayout.maximumFlatCount) {
            try requireRealloc(checked, "the parameters of \(name)")
        }
        let results = shape.result.map { [$0] } ?? []
        let maximum = checked.options.isAsync ? ValueLayout.maximumFlatCount : 1
        if hasAddress(results) || isSpilled(results, maximum) {
            try requireMemory(checked, "the result of \(name)")
        }
    }

    /// What messages call a core function.
    private func coreName(_ index: UInt32) -> String {
        "core function \(index)" + (scope.coreFunctionNames[Int(index)].map { " (\($0))" } ?? "")
    }

    /// What messages call a function.
    private func name(_ index: UInt32) -> String {
        "function \(index)" + (scope.functionNames[Int(index)].map { " (\($0))" } ?? "")
    }

    private mutating func lower(
        _ index: UInt32, _ options: CanonicalOptions
    ) throws(ModuleError) {
        let type = try item(index, "function", { $0.functions })
        let checked = try check(options, allowing: [.realloc, .async])
        try checkAsync(options, of: type)
        let shape = types[type]
        let parameters = shape.parameters.map(\.type)
        let results = shape.result.map { [$0] } ?? []
        let maximum =
            options.isAsync ? ValueLayout.maximumAsyncFlatCount : ValueLayout.maximumFlatCount
        if hasAddress(parameters) || isSpilled(parameters, maximum) {
            try requireMemory(checked, "the parameters of \(name(index))")
        }
        if hasAddress(results) { try requireRealloc(checked, "the result of \(name(index))") }
        if isSpilled(results, options.isAsync ? 0 : 1) {
            try requireMemory(checked, "the result of \(name(index))")
        }
        addCoreFunction(
            types.coreType(
                of: type, as: .lower, isAsync: options.isAsync, hasCallback: false,
                addressType: checked.addressType))
    }

    private func hasAddress(_ types: [ValueTypeID]) -> Bool {
        types.contains { self.types.layout(of: $0).hasAddress }
    }

    /// Whether values are passed in a memory, because there are more of them than so many.
    private func isSpilled(_ types: [ValueTypeID], _ maximum: Int) -> Bool {
        self.types.flat(types).count > maximum
    }

    private func checkAsync(
        _ options: CanonicalOptions, of type: FunctionTypeID
    ) throws(ModuleError) {
        guard !options.isAsync || types[type].isAsync else {
            throw invalid("the async canonical option requires an async function type")
        }
    }

    // Options ---------------------------------------------------------------------------------

    /// Options that only some definitions have.
    struct OptionKinds: OptionSet {
        let rawValue: Int

        static let realloc = OptionKinds(rawValue: 1)
        static let postReturn = OptionKinds(rawValue: 2)
        static let async = OptionKinds(rawValue: 4)
        static let callback = OptionKinds(rawValue: 8)
    }

    /// Checks what holds for options wherever they are.
    mutating func check(
        _ options: CanonicalOptions, allowing kinds: OptionKinds
    ) throws(ModuleError) -> CheckedOptions {
        let given: [(Bool, OptionKinds, StaticString)] = [
            (options.realloc != nil, .realloc, "realloc"),
            (options.postReturn != nil, .postReturn, "post-return"),
            (options.isAsync, .async, "async"),
            (options.callback != nil, .callback, "callback"),
        ]
        for (isThere, kind, name) in given where isThere && !kinds.contains(kind) {
            throw invalid("canonical option \(name) cannot be specified here")
        }
        if options.isAsync {
            try require(.async, for: "the canonical option async")
            guard options.postReturn == nil else {
                throw invalid("cannot specify post-return function in async")
            }
        }
        guard options.isAsync || options.callback == nil else {
            throw invalid("cannot specify callback without async")
        }
        let addressType = try options.memory.map { index throws(ModuleError) in
            try memory(index)
        }
        if let realloc = options.realloc { try checkRealloc(realloc, addressType) }
        if let callback = options.callback {
            let type = try coreFunction(callback)
            guard type.parameters == [.i32, .i32, .i32], type.results == [.i32] else {
                throw invalid(
                    "canonical option callback uses a core function with an incorrect signature: "
                        + "\(type)")
            }
        }
        return CheckedOptions(options: options, addressType: addressType ?? .i32)
    }

    private func checkRealloc(_ index: UInt32, _ address: AddressType?) throws(ModuleError) {
        guard let address = address?.valueType else {
            throw invalid("canonical option realloc requires memory to also be specified")
        }
        let type = try coreFunction(index)
        guard type.parameters == Array(repeating: address, count: 4), type.results == [address]
        else {
            throw invalid(
                "canonical option realloc uses a core function with an incorrect signature: \(type)"
            )
        }
    }

    /// The type of addresses of a memory that values can be passed in.
    mutating func memory(_ index: UInt32) throws(ModuleError) -> AddressType {
        let type = try item(index, "core memory", { $0.coreMemories })
        guard !type.isShared else {
            throw invalid("type mismatch: core memory \(index) is shared")
        }
        if type.addressType == .i64 { try require(.memory64, for: "a memory of 64 bits") }
        return type.addressType
    }

    func requireMemory(_ checked: CheckedOptions, _ why: String) throws(ModuleError) {
        guard checked.options.memory != nil else {
            throw invalid("canonical option memory is required for \(why)")
        }
    }

    func requireRealloc(_ checked: CheckedOptions, _ why: String) throws(ModuleError) {
        try requireMemory(checked, why)
        guard checked.options.realloc != nil else {
            throw invalid("canonical option realloc is required for \(why)")
        }
    }
}
