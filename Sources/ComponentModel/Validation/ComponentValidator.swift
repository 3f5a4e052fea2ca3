// Validation of a component (Component Model, Explainer.md and the notes of Binary.md): one definition after
// the other, each adding to an index space what the next ones may refer to.

import WasmBinary
import WasmTypes
import WasmValidation

/// Validates the components of a file.
struct ComponentValidator {
    let bytes: [UInt8]
    let features: ComponentFeatureSet
    let coreFeatures: FeatureSet
    private(set) var usedFeatures = ComponentFeatureSet()

    var types = ComponentTypes()
    /// The component or type that is being validated is the last one, those around it come before.
    var scopes: [Scope] = []
    /// Where the definition begins that is being validated.
    var offset = 0
    /// Whether a core module is being looked at.
    private(set) var isInModule = false
    /// Steps on types so far.
    var work = 0
    var fitting = FittingPairs()

    /// Types are a graph in which small files can have very many paths. No component that anybody makes
    /// comes near to these.
    private static let workLimit = 20_000_000
    private static let tableLimit = 4_000_000

    init(bytes: [UInt8], features: ComponentFeatureSet, coreFeatures: FeatureSet) {
        self.bytes = bytes
        self.features = features
        self.coreFeatures = coreFeatures
    }

    /// The component or type that is being validated.
    var scope: Scope {
        _read { yield scopes[scopes.count - 1] }
        _modify { yield &scopes[scopes.count - 1] }
    }

    /// Validates a component, and those inside of it.
    mutating func validate(_ component: Component) throws(ModuleError) -> ComponentBody {
        scopes.append(Scope(.component))
        var modules: [ValidatedModule] = []
        var components: [ComponentBody] = []
        for definition in component.definitions {
            offset = definition.offset
            switch definition.kind {
            case .coreModule(let range): modules.append(try defineModule(range))
            case .component(let nested):
                let body = try validate(nested)
                components.append(body)
                scope.spaces.components.append(body.type)
            default: try define(definition.kind)
            }
            try checkWork()
            try checkSpaces()
        }
        offset = component.range.lowerBound
        return try finish(modules, components)
    }

    private mutating func define(_ kind: Definition.Kind) throws(ModuleError) {
        switch kind {
        case .coreInstance(let expression): try defineCoreInstance(expression)
        case .coreType(let type): try defineCoreType(type)
        case .instance(let expression): try defineInstance(expression)
        case .alias(let alias): try defineAlias(alias)
        case .type(let type): try defineType(type)
        case .canonical(let definition): try defineCanonical(definition)
        case .start(let start): try defineStart(start)
        case .import(let item): try defineImport(item.name, item.type)
        case .export(let export): try defineExport(export)
        case .value(let type, let range): try defineValue(type, range)
        case .coreModule, .component: break
        }
    }

    private mutating func finish(
        _ modules: [ValidatedModule], _ components: [ComponentBody]
    ) throws(ModuleError) -> ComponentBody {
        if let unused = scope.usedValues.firstIndex(of: false) {
            throw invalid("value \(unused) is not used by an instance, a start or an export")
        }
        let type = try finishComponentType()
        let scope = scopes.removeLast()
        return ComponentBody(
            type: type, spaces: scope.spaces, modules: modules, components: components,
            resources: scope.localResources)
    }

    private mutating func defineModule(
        _ range: Range<Int>
    ) throws(ModuleError) -> ValidatedModule {
        isInModule = true
        let module = try Component.decodeModule(at: range, of: bytes, features: coreFeatures)
        let validated: ValidatedModule
        do throws(ModuleError) {
            validated = try WasmValidation.validate(module, features: coreFeatures)
        } catch {
            var error = error
            error.offset += range.lowerBound
            throw error
        }
        isInModule = false
        scope.spaces.coreModules.append(try addType(of: module))
        return validated
    }

    // Complaints ------------------------------------------------------------------------------

    func invalid(_ message: String) -> ModuleError {
        ModuleError(.invalid, message, at: offset)
    }

    /// Notes that a feature is needed; refuses the component if it may not be used.
    mutating func require(
        _ feature: ComponentFeature, for what: @autoclosure () -> String
    ) throws(ModuleError) {
        usedFeatures.insert(feature)
        guard features.contains(feature) else {
            throw ModuleError(
                .unsupported,
                "\(what()) needs the feature \(feature.name) of the Component Model, which is "
                    + "disabled", at: offset)
        }
    }

    // Limits ----------------------------------------------------------------------------------

    func checkWork() throws(ModuleError) {
        guard work <= Self.workLimit, types.count <= Self.tableLimit else {
            throw ModuleError(.limitExceeded, "the component's types are too large", at: offset)
        }
    }

    func checkExtent(_ extent: ComponentTypes.Extent) throws(ModuleError) {
        guard extent.depth <= ComponentLimits.depth else {
            throw ModuleError(
                .limitExceeded, "a type nested more than \(ComponentLimits.depth) deep",
                at: offset)
        }
        guard extent.size <= ComponentLimits.typeSize else {
            throw ModuleError(
                .limitExceeded,
                "a type with more than \(ComponentLimits.typeSize) parts when it is written out",
                at: offset)
        }
    }

    func checkSpaces() throws(ModuleError) {
        typealias Limits = ComponentLimits
        let spaces = scope.spaces
        let counts: [(StaticString, Int, Int)] = [
            ("core functions", spaces.coreFunctions.count, Limits.indexSpace),
            ("core tables", spaces.coreTables.count, Limits.indexSpace),
            ("core memories", spaces.coreMemories.count, Limits.indexSpace),
            ("core globals", spaces.coreGlobals.count, Limits.indexSpace),
            ("core tags", spaces.coreTags.count, Limits.indexSpace),
            ("core types", spaces.coreTypes.count, Limits.indexSpace),
            ("core modules", spaces.coreModules.count, Limits.modules),
            (
                "instances", spaces.coreInstances.count + spaces.instances.count,
                Limits.instances
            ),
            ("functions", spaces.functions.count, Limits.indexSpace),
            ("values", spaces.values.count, Limits.values),
            ("types", spaces.types.count, Limits.indexSpace),
            ("components", spaces.components.count, Limits.components),
        ]
        for (name, count, limit) in counts where count > limit {
            throw ModuleError(
                .limitExceeded, "\(count) \(name) in one component, at most \(limit) are accepted",
                at: offset)
        }
    }

    // Index spaces ----------------------------------------------------------------------------

    /// What an index of the component or type that is being validated refers to.
    func item<Item>(
        _ index: UInt32, _ what: StaticString, _ space: (IndexSpaces) -> [Item]
    ) throws(ModuleError) -> Item {
        try item(index, what, space(scope.spaces))
    }

    func item<Item>(
        _ index: UInt32, _ what: StaticString, _ items: [Item]
    ) throws(ModuleError) -> Item {
        guard Int(index) < items.count else {
            throw invalid("unknown \(what) \(index): index out of bounds")
        }
        return items[Int(index)]
    }
}
