// Whether something may be passed, or exported, where a type is expected (Explainer.md, "Type Checking").
//
// Types of values and functions have to be equal. An instance may export more than is expected, a component
// export more and import less, a module the same.

import WasmTypes

/// What has been found to fit already.
struct FittingPairs {
    var instances: Set<Pair<InstanceTypeID>> = []
    var components: Set<Pair<ComponentTypeID>> = []
    var modules: Set<Pair<ModuleTypeID>> = []

    struct Pair<Type: Hashable>: Hashable {
        var actual: Type
        var expected: Type
    }
}

extension ComponentValidator {
    /// Says what is wrong with a type where another one is expected, nil if nothing is.
    mutating func mismatch(
        _ actual: ItemType, _ expected: ItemType
    ) throws(ModuleError) -> String? {
        work += 1
        try checkWork()
        switch (actual, expected) {
        case (.module(let actual), .module(let expected)): return mismatch(actual, expected)
        case (.function(let actual), .function(let expected)): return mismatch(actual, expected)
        case (.value(let actual), .value(let expected)): return mismatch(actual, expected)
        case (.type(let actual, _), .type(let expected, _)):
            return try mismatch(actual, expected)
        case (.component(let actual), .component(let expected)):
            return try mismatch(actual, expected)
        case (.instance(let actual), .instance(let expected)):
            return try mismatch(actual, expected)
        default: return "expected a \(expected.kind), found a \(actual.kind)"
        }
    }

    // Types of values and functions -----------------------------------------------------------

    private func mismatch(_ actual: ValueTypeID, _ expected: ValueTypeID) -> String? {
        if types.structure(of: actual) == types.structure(of: expected) { return nil }
        let (text, wanted) = (types.text(actual), types.text(expected))
        // What is different may be a resource, or deeper than the text goes.
        guard text != wanted else { return "resource types are not the same in two \(text)" }
        return "expected \(wanted), found \(text)"
    }

    private func mismatch(_ actual: FunctionTypeID, _ expected: FunctionTypeID) -> String? {
        if types.structure(of: actual) == types.structure(of: expected) { return nil }
        let (actual, expected) = (types[actual], types[expected])
        guard actual.isAsync == expected.isAsync else {
            return expected.isAsync
                ? "expected an async function, found one that is not"
                : "expected a function that is not async, found one that is"
        }
        guard actual.parameters.count == expected.parameters.count else {
            return "expected \(expected.parameters.count) parameters, found "
                + "\(actual.parameters.count)"
        }
        for (actual, expected) in zip(actual.parameters, expected.parameters) {
            guard actual.label == expected.label else {
                return "expected a parameter \"\(expected.label)\", found \"\(actual.label)\""
            }
            if let mismatch = mismatch(actual.type, expected.type) {
                return "parameter \"\(expected.label)\": \(mismatch)"
            }
        }
        switch (actual.result, expected.result) {
        case (let actual?, let expected?):
            return mismatch(actual, expected).map { "result: \($0)" }
        case (nil, _?): return "expected a result, found none"
        case (_?, nil): return "expected no result, found one"
        case (nil, nil): return nil
        }
    }

    private mutating func mismatch(
        _ actual: TypeItem, _ expected: TypeItem
    ) throws(ModuleError) -> String? {
        switch (actual, expected) {
        case (.value(let actual), .value(let expected)): return mismatch(actual, expected)
        case (.resource(let actual), .resource(let expected)):
            return actual.resource == expected.resource
                ? nil : "resource types are not the same"
        case (.function(let actual), .function(let expected)):
            return mismatch(actual, expected)
        case (.component(let actual), .component(let expected)):
            if let mismatch = try mismatch(actual, expected) { return mismatch }
            return try mismatch(expected, actual)
        case (.instance(let actual), .instance(let expected)):
            if let mismatch = try mismatch(actual, expected) { return mismatch }
            return try mismatch(expected, actual)
        default: return "expected another kind of type"
        }
    }

    // Instances -------------------------------------------------------------------------------

    private mutating func mismatch(
        _ actual: InstanceTypeID, _ expected: InstanceTypeID
    ) throws(ModuleError) -> String? {
        let pair = FittingPairs.Pair(actual: actual, expected: expected)
        if actual == expected || fitting.instances.contains(pair) { return nil }
        let items = types[actual].exports
        let shape = types[expected]
        var substitution = Substitution()
        substitution.resources = bind(shape.resources, of: shape.exports) { items[$0] }
        if let mismatch = try mismatch(items, fill: shape.exports, &substitution) {
            return mismatch
        }
        fitting.instances.insert(pair)
        return nil
    }

    /// Compares items with what is expected, in whose types a substitution is carried out.
    private mutating func mismatch(
        _ actual: ItemList, fill expected: ItemList, _ substitution: inout Substitution
    ) throws(ModuleError) -> String? {
        for (name, type) in zip(expected.names, expected.types) {
            guard let item = actual[name.name] else {
                return "no \(type.kind) \"\(name.name)\" is there"
            }
            let type = apply(&substitution, to: type)
            if let mismatch = try mismatch(item, type) {
                return "\(type.kind) \"\(name.name)\": \(mismatch)"
            }
        }
        return nil
    }

    // Components ------------------------------------------------------------------------------

    /// Whoever expects a component passes what its type imports, and finds what it exports. So a component
    /// fits if that is enough for it, and if it then exports what is found.
    private mutating func mismatch(
        _ actual: ComponentTypeID, _ expected: ComponentTypeID
    ) throws(ModuleError) -> String? {
        let pair = FittingPairs.Pair(actual: actual, expected: expected)
        if actual == expected || fitting.components.contains(pair) { return nil }
        let (shape, wanted) = (types[actual], types[expected])
        var arguments = Substitution()
        if let mismatch = try mismatch(
            of: { wanted.imports[$0] }, asImportsOf: shape, &arguments)
        {
            return "what it imports is not what is imported: \(mismatch)"
        }
        let exports = apply(&arguments, to: shape.exports)
        var results = Substitution()
        results.resources = bind(wanted.definedResources, of: wanted.exports) { exports[$0] }
        if let mismatch = try mismatch(exports, fill: wanted.exports, &results) {
            return mismatch
        }
        fitting.components.insert(pair)
        return nil
    }

    /// Compares arguments with what a component imports. The substitution then has them in the place of the
    /// imports.
    mutating func mismatch(
        of arguments: (String) -> ItemType?, asImportsOf component: ComponentShape,
        _ result: inout Substitution
    ) throws(ModuleError) -> String? {
        var substitution = Substitution()
        substitution.resources = bind(
            component.importedResources, of: component.imports, to: arguments)
        result.resources = substitution.resources
        for (name, type) in zip(component.imports.names, component.imports.types) {
            guard let argument = arguments(name.name) else {
                return "nothing is passed for its import \"\(name.name)\""
            }
            let expected = apply(&substitution, to: type)
            if let mismatch = try mismatch(argument, expected) {
                return "import \"\(name.name)\": \(mismatch)"
            }
            rename(type, to: argument, &result)
        }
        return nil
    }

    // Modules ---------------------------------------------------------------------------------

    private mutating func mismatch(_ actual: ModuleTypeID, _ expected: ModuleTypeID) -> String? {
        let pair = FittingPairs.Pair(actual: actual, expected: expected)
        if actual == expected || fitting.modules.contains(pair) { return nil }
        let (shape, wanted) = (types[actual], types[expected])
        work += shape.imports.count + wanted.imports.count + wanted.exports.count
        var imports: [ModuleImportName: ExternalType] = [:]
        for item in wanted.imports { imports[ModuleImportName(item)] = item.type }
        for item in shape.imports {
            guard let type = imports[ModuleImportName(item)], types.core.matches(type, item.type)
            else {
                return "the module's import \"\(item.module.printable)\" "
                    + "\"\(item.name.printable)\" is not one that is expected"
            }
        }
        for (name, type) in zip(wanted.exports.names, wanted.exports.types) {
            guard let item = shape.exports[name], types.core.matches(item, type) else {
                return "the module does not export \"\(name.printable)\" as it is expected"
            }
        }
        fitting.modules.insert(pair)
        return nil
    }
}

/// Both names of an import.
struct ModuleImportName: Hashable {
    private let module: ExactName
    private let name: ExactName

    init(_ item: ModuleShape.Import) {
        module = ExactName(item.module)
        name = ExactName(item.name)
    }
}
