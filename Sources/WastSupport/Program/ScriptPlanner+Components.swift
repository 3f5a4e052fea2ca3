// Components in scripts. They are decoded and validated here; instances of them are not made yet, and what a
// script does with one is skipped.

internal import ComponentModel
internal import WasmTypes
internal import WasmValidation

/// Which names of a script are those of components.
struct ScriptComponents {
    fileprivate var definitions: Set<WastName> = []
    fileprivate var instances: Set<WastName> = []
    fileprivate var isLastDefinition = false
    fileprivate var isLastInstance = false

    fileprivate mutating func setDefinition(_ name: WastName?, isComponent: Bool) {
        isLastDefinition = isComponent
        guard let name else { return }
        if isComponent { definitions.insert(name) } else { definitions.remove(name) }
    }

    fileprivate mutating func setInstance(_ name: WastName?, isComponent: Bool) {
        isLastInstance = isComponent
        guard let name else { return }
        if isComponent { instances.insert(name) } else { instances.remove(name) }
    }

    fileprivate func hasDefinition(_ name: WastName?) -> Bool {
        name.map(definitions.contains) ?? isLastDefinition
    }

    fileprivate func hasInstance(_ name: WastName?) -> Bool {
        name.map(instances.contains) ?? isLastInstance
    }
}

extension ComponentFeatureSet {
    /// What the official suite wants to be switched on.
    static let ofScripts = {
        var features = ComponentFeatureSet.stable
        for feature in [
            ComponentFeature.moreAsyncBuiltIns, .threading, .asyncStackful, .fixedLengthLists,
        ] {
            features.insert(feature)
        }
        return features
    }()
}

extension ScriptPlanner {
    private static let skipReason = "instances of components are not made yet"

    /// Performs a command if it is about a component; says whether it is.
    mutating func performComponent(_ command: WastCommand.Kind) -> Bool {
        switch command {
        case .module(let source, let name):
            let bytes = Self.component(source)
            components.setDefinition(name, isComponent: bytes != nil)
            components.setInstance(name, isComponent: bytes != nil)
            guard let bytes else { return false }
            if accept(bytes) { skip(Self.skipReason) }
        case .definition(let source, let name):
            let bytes = Self.component(source)
            components.setDefinition(name, isComponent: bytes != nil)
            guard let bytes else { return false }
            if accept(bytes) { pass() }
        case .instance(let name, let definition):
            let isComponent = components.hasDefinition(definition)
            components.setInstance(name, isComponent: isComponent)
            guard isComponent else { return false }
            skip(Self.skipReason)
        case .register(_, let instance):
            guard components.hasInstance(instance) else { return false }
            skip(Self.skipReason)
        case .action(let action), .assertReturn(let action, _), .assertTrap(let action, _),
            .assertExhaustion(let action, _), .assertException(let action):
            guard components.hasInstance(action.instance) else { return false }
            skip(Self.skipReason)
        case .assertMalformed(let source, let text):
            guard let bytes = Self.component(source) else { return false }
            refuse(bytes, [.malformed], text)
        case .assertInvalid(let source, let text):
            guard let bytes = Self.component(source) else { return false }
            // Some are invalid only as long as a feature is off.
            refuse(bytes, [.invalid, .malformed, .unsupported], text)
        case .assertUnlinkable(let source, _), .assertUninstantiable(let source, _):
            guard let bytes = Self.component(source) else { return false }
            if accept(bytes) { skip(Self.skipReason) }
        case .unknown: return false
        }
        return true
    }

    /// The bytes of a component, nil for everything else.
    private static func component(_ source: WastModule) -> [UInt8]? {
        switch source {
        case .binary(let bytes), .text(_, binary: let bytes?):
            Component.isComponent(bytes) ? bytes : nil
        case .text(_, binary: nil): nil
        }
    }

    private func validateComponent(_ bytes: [UInt8]) throws(ModuleError) {
        _ = try validate(try Component.decode(bytes), of: bytes, features: .ofScripts)
    }

    /// Says whether a component that must be right is; it is a failure if not.
    private mutating func accept(_ bytes: [UInt8]) -> Bool {
        do throws(ModuleError) {
            try validateComponent(bytes)
            return true
        } catch {
            fail("the component was refused: \(error)")
            return false
        }
    }

    /// A component that must be refused.
    private mutating func refuse(
        _ bytes: [UInt8], _ kinds: Set<ModuleError.Kind>, _ text: String
    ) {
        do throws(ModuleError) {
            try validateComponent(bytes)
            fail("the component was accepted, expected \"\(text)\"")
        } catch {
            if kinds.contains(error.kind) { return pass() }
            fail("expected \"\(text)\", found: \(error)")
        }
    }
}
