// Validation of a module (WebAssembly 3.0, section 3.5).
//
// Everything but the function bodies is checked when a ModuleValidator is made; the bodies can
// then be checked in any order, and at the same time, because none of them changes anything.

public import WasmBinary
public import WasmTypes

/// A module that keeps all rules of the specification. Only validation makes these.
public struct ValidatedModule: Sendable {
    public let module: Module
    /// The canonical numbers and the hierarchy of the module's types.
    public let types: TypeContext
    /// Every feature that the module uses, function bodies included.
    public let usedFeatures: FeatureSet
    /// The functions that are named outside of function bodies, by index: those that there can be
    /// references to.
    public let declaredFunctions: [Bool]

    fileprivate init(
        module: Module, types: TypeContext, usedFeatures: FeatureSet, declaredFunctions: [Bool]
    ) {
        self.module = module
        self.types = types
        self.usedFeatures = usedFeatures
        self.declaredFunctions = declaredFunctions
    }
}

/// Validates a module with all its function bodies (section 3.5).
///
/// - Throws: A `ModuleError` of kind `.invalid` for the first rule that is broken, `.malformed`
///   for function bodies that cannot be decoded, `.limitExceeded` for modules that are larger than
///   `ImplementationLimits` accept.
public func validate(
    _ module: Module, features: FeatureSet = .all
) throws(ModuleError) -> ValidatedModule {
    let validator = try ModuleValidator(module, features: features)
    let bodyFeatures = try validator.validateBodies(module.bodies.indices)
    return ValidatedModule(
        module: module, types: validator.types,
        usedFeatures: FeatureSet(validator.usedFeatures.features + bodyFeatures.features),
        declaredFunctions: validator.declaredFunctions)
}

/// A module whose declarations are valid, ready to have its function bodies validated.
public struct ModuleValidator: Sendable {
    private let context: ModuleContext
    /// The functions that are named outside of function bodies, by index.
    fileprivate let declaredFunctions: [Bool]
    /// The features that the module uses outside of function bodies.
    public let usedFeatures: FeatureSet

    /// The canonical numbers and the hierarchy of the module's types.
    public var types: TypeContext { context.types }

    /// Validates everything but the function bodies.
    public init(_ module: Module, features: FeatureSet = .all) throws(ModuleError) {
        var declarations = DeclarationValidator(module: module, features: features)
        try declarations.checkCounts()
        let types = try declarations.checkTypes()
        try declarations.checkImports()
        try declarations.checkFunctions()
        try declarations.checkTables()
        try declarations.checkMemories()
        try declarations.checkGlobals()
        try declarations.checkTags()
        try declarations.checkElementTypes()

        let context = ModuleContext(module: module, features: features, types: types)
        var initializers = InitializerValidator(context: context)
        try initializers.checkTables()
        try initializers.checkGlobals()
        try initializers.checkElements()
        try initializers.checkData()

        try declarations.checkExports()
        try declarations.checkStart()
        for export in module.exports where export.kind == .function {
            initializers.declare(export.index)
        }
        self.context = context
        declaredFunctions = initializers.declaredFunctions
        usedFeatures = FeatureSet(
            module.usedFeatures.features + declarations.usedFeatures.features
                + initializers.usedFeatures.features)
    }

    /// Validates the body of one defined function, and says which features it uses.
    ///
    /// - Parameter index: A position in `Module.bodies`.
    public func validateBody(at index: Int) throws(ModuleError) -> FeatureSet {
        try validateBodies(index..<index + 1)
    }

    /// Validates the bodies of some defined functions, and says which features they use.
    ///
    /// - Parameter range: Positions in `Module.bodies`.
    public func validateBodies(_ range: Range<Int>) throws(ModuleError) -> FeatureSet {
        let module = context.module
        var validator = BodyValidator(context: context, declaredFunctions: declaredFunctions)
        for index in range {
            try validator.validate(
                module.bodies[index], of: FunctionIndex(module.importedFunctionCount + index))
        }
        return validator.usedFeatures
    }
}
