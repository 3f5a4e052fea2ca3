// The result of validation.

public import WasmTypes
public import WasmValidation

/// A component that keeps all rules of the specification, with its types. Only validation makes these.
public struct ValidatedComponent: Sendable {
    /// The file.
    public let bytes: [UInt8]
    public let component: Component
    /// The types that ``body`` is about.
    public let types: ComponentTypes
    public let body: ComponentBody
    /// The features that it uses and that came after WASI 0.2.
    public let usedFeatures: ComponentFeatureSet

    /// What it imports and exports.
    public var type: ComponentShape { types[body.type] }
}

/// What validation found out about a component, or about one inside of another.
public struct ComponentBody: Sendable {
    /// Imports and exports.
    public internal(set) var type: ComponentTypeID
    public internal(set) var spaces: IndexSpaces
    /// The core modules that it defines, in the order of their definitions.
    public internal(set) var modules: [ValidatedModule]
    /// The components that it defines, in the order of their definitions.
    public internal(set) var components: [ComponentBody]
    /// The resource types that it defines.
    public internal(set) var resources: [ResourceTypeID: LocalResource]

    /// The core modules that it and the components in it define.
    public var allModules: [ValidatedModule] { modules + components.flatMap(\.allModules) }
}

/// Validates a component with everything in it.
///
/// - Parameters:
///   - component: decoded from `bytes`.
///   - bytes: the file.
///   - features: what of the Component Model may be used; what is not among them is refused by name.
///   - coreFeatures: what core modules may use.
/// - Throws: A `ModuleError` of kind `.invalid` for the first rule that is broken, `.malformed` for a core
///   module that cannot be decoded, `.unsupported` for a feature that may not be used, `.limitExceeded` for a
///   component that is larger than ``ComponentLimits`` or `ImplementationLimits` accept.
public func validate(
    _ component: Component, of bytes: [UInt8], features: ComponentFeatureSet = .stable,
    coreFeatures: FeatureSet = .all
) throws(ModuleError) -> ValidatedComponent {
    var validator = ComponentValidator(
        bytes: bytes, features: features, coreFeatures: coreFeatures)
    do throws(ModuleError) {
        let body = try validator.validate(component)
        return ValidatedComponent(
            bytes: bytes, component: component, types: validator.types, body: body,
            usedFeatures: validator.usedFeatures)
    } catch {
        var error = error
        if !validator.isInModule { error.subject = .component }
        throw error
    }
}
