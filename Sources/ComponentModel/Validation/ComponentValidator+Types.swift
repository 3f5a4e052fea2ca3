// Type definitions (Binary.md, section of this name).

import WasmTypes

extension ComponentValidator {
    mutating func defineType(_ type: TypeDefinition) throws(ModuleError) {
        let item: TypeItem
        switch type {
        case .value(let type): item = .value(try resolve(type))
        case .function(let type): item = .function(try resolve(type))
        case .component(let declarations):
            item = .component(try componentType(declarations))
        case .instance(let declarations): item = .instance(try instanceType(declarations))
        case .resource(let representation, let destructor):
            item = try defineResource(representation, destructor)
        }
        try checkExtent(types.extent(of: item))
        scope.spaces.types.append(item)
    }

    private mutating func defineResource(
        _ representation: ValueType, _ destructor: UInt32?
    ) throws(ModuleError) -> TypeItem {
        guard scope.kind == .component else {
            throw invalid("resources can only be defined within a component, not in a type")
        }
        if representation == .i64 {
            try require(.memory64, for: "a resource that is represented by an i64")
        }
        guard representation == .i32 || representation == .i64 else {
            throw invalid("a resource can only be represented by an i32, found \(representation)")
        }
        if let destructor {
            let type = try coreFunction(destructor)
            guard type.parameters == [representation], type.results.isEmpty else {
                throw invalid(
                    "core function \(destructor) has the wrong signature for a destructor: \(type)"
                )
            }
        }
        let resource = types.addResource()
        scope.definedResources.append(resource)
        scope.localResources[resource] = LocalResource(
            representation: representation, destructor: destructor,
            type: UInt32(scope.spaces.types.count))
        return .resource(ResourceReference(resource: resource, name: types.addName()))
    }

    // Types of functions ----------------------------------------------------------------------

    private mutating func resolve(
        _ type: ComponentFunctionType
    ) throws(ModuleError) -> FunctionTypeID {
        if type.isAsync { try require(.async, for: "an async function") }
        try checkLabels(type.parameters.map(\.label), of: "parameter")
        var shape = FunctionShape(isAsync: type.isAsync, parameters: [], result: nil)
        for parameter in type.parameters {
            let type = try resolve(parameter.type)
            shape.parameters.append(ValueShape.Field(label: parameter.label, type: type))
        }
        if let result = type.result {
            let type = try resolve(result)
            guard !types.layout(of: type).hasBorrow else {
                throw invalid("the result of a function cannot contain a borrow")
            }
            shape.result = type
        }
        return types.add(shape)
    }

    // Types of values -------------------------------------------------------------------------

    /// The type that a part of a type refers to.
    mutating func resolve(_ type: ComponentValueType) throws(ModuleError) -> ValueTypeID {
        switch type {
        case .primitive(let type): return try resolve(type)
        case .index(let index):
            guard case .value(let type) = try item(index, "type", { $0.types }) else {
                throw invalid("type \(index) is not a type of values (a defined type)")
            }
            return type
        }
    }

    private mutating func resolve(_ type: PrimitiveType) throws(ModuleError) -> ValueTypeID {
        if type == .errorContext { try require(.errorContext, for: "the type error-context") }
        return types.add(.primitive(type))
    }

    private mutating func resolve(_ type: ComponentValueType?) throws(ModuleError) -> ValueTypeID? {
        guard let type else { return nil }
        return try resolve(type) as ValueTypeID
    }

    mutating func resolve(_ type: DefinedValueType) throws(ModuleError) -> ValueTypeID {
        let result = types.add(try shape(type))
        guard types.layout(of: result).memory64.size < ComponentLimits.elementSize else {
            throw invalid(
                "the type is too large: values must take less than \(ComponentLimits.elementSize) "
                    + "bytes")
        }
        return result
    }

    private mutating func shape(_ type: DefinedValueType) throws(ModuleError) -> ValueShape {
        switch type {
        case .primitive(let type):
            _ = try resolve(type)
            return .primitive(type)
        case .record(let fields): return try record(fields)
        case .variant(let cases): return try variant(cases)
        case .list(let element): return .list(try resolve(element))
        case .fixedLengthList(let element, let length):
            try require(.fixedLengthLists, for: "a list of fixed length")
            guard length > 0 else {
                throw invalid("a list of fixed length must have more than zero elements")
            }
            return .fixedLengthList(try resolve(element), length: length)
        case .tuple(let parts):
            guard !parts.isEmpty else { throw invalid("a tuple must have at least one type") }
            var resolved: [ValueTypeID] = []
            for part in parts { resolved.append(try resolve(part)) }
            return .tuple(resolved)
        case .flags(let labels):
            guard (1...32).contains(labels.count) else {
                throw invalid("flags must have 1 to 32 labels, found \(labels.count)")
            }
            try checkLabels(labels, of: "flag")
            return .flags(labels)
        case .enumeration(let labels):
            guard !labels.isEmpty else { throw invalid("an enum must have at least one case") }
            try checkLabels(labels, of: "enum case")
            return .enumeration(labels)
        case .option(let type): return .option(try resolve(type))
        case .result(let success, let failure):
            return .result(success: try resolve(success), failure: try resolve(failure))
        case .own(let index): return .own(try resource(index))
        case .borrow(let index): return .borrow(try resource(index))
        case .stream(let element): return try stream(element)
        case .future(let element):
            try require(.async, for: "a future")
            return .future(try asynchronousElement(element, of: "future"))
        case .map(let key, let value): return try map(key, value)
        }
    }

    private mutating func record(_ fields: [LabeledType]) throws(ModuleError) -> ValueShape {
        guard !fields.isEmpty else { throw invalid("a record must have at least one field") }
        try checkLabels(fields.map(\.label), of: "field")
        var resolved: [ValueShape.Field] = []
        for field in fields {
            let type: ValueTypeID = try resolve(field.type)
            resolved.append(ValueShape.Field(label: field.label, type: type))
        }
        return .record(resolved)
    }

    private mutating func variant(_ cases: [VariantCase]) throws(ModuleError) -> ValueShape {
        guard !cases.isEmpty else { throw invalid("a variant must have at least one case") }
        try checkLabels(cases.map(\.label), of: "case")
        var resolved: [ValueShape.Case] = []
        for item in cases {
            let payload: ValueTypeID? = try resolve(item.payload)
            resolved.append(ValueShape.Case(label: item.label, payload: payload))
        }
        return .variant(resolved)
    }

    private mutating func stream(_ element: ComponentValueType?) throws(ModuleError) -> ValueShape {
        try require(.async, for: "a stream")
        let element = try asynchronousElement(element, of: "stream")
        if let element, types[element] == .primitive(.char) {
            throw invalid("stream<char> is not valid at this time; use stream<u8>")
        }
        return .stream(element)
    }

    private mutating func asynchronousElement(
        _ element: ComponentValueType?, of what: StaticString
    ) throws(ModuleError) -> ValueTypeID? {
        let element: ValueTypeID? = try resolve(element)
        if let element, types.layout(of: element).hasBorrow {
            throw invalid("a \(what) cannot contain a borrow")
        }
        return element
    }

    private mutating func map(
        _ key: ComponentValueType, _ value: ComponentValueType
    ) throws(ModuleError) -> ValueShape {
        try require(.map, for: "a map")
        let key: ValueTypeID = try resolve(key)
        guard case .primitive(let type) = types[key], type != .f32, type != .f64,
            type != .errorContext
        else {
            throw invalid("\(types.text(key)) is not a valid type of keys of a map")
        }
        return .map(key: key, value: try resolve(value))
    }

    /// The resource type with an index.
    func resource(_ index: UInt32) throws(ModuleError) -> ResourceReference {
        guard case .resource(let resource) = try item(index, "type", { $0.types }) else {
            throw invalid("type \(index) is not a resource type")
        }
        return resource
    }

    // Types of components and instances -------------------------------------------------------

    private mutating func componentType(
        _ declarations: [TypeDeclaration]
    ) throws(ModuleError) -> ComponentTypeID {
        try declare(declarations, in: .componentType)
        let type = try finishComponentType()
        scopes.removeLast()
        return type
    }

    private mutating func instanceType(
        _ declarations: [TypeDeclaration]
    ) throws(ModuleError) -> InstanceTypeID {
        try declare(declarations, in: .instanceType)
        let scope = scopes.removeLast()
        return types.add(
            InstanceShape(exports: scope.exports, resources: scope.definedResources))
    }

    private mutating func declare(
        _ declarations: [TypeDeclaration], in kind: Scope.Kind
    ) throws(ModuleError) {
        let start = offset
        scopes.append(Scope(kind))
        for declaration in declarations {
            offset = declaration.offset
            switch declaration.kind {
            case .coreType(let type): try defineCoreType(type)
            case .type(let type): try defineType(type)
            case .alias(let alias): try defineAlias(alias)
            case .import(let name, let type): try defineImport(name, type)
            case .export(let name, let type): try declareExport(name, type)
            }
            try checkWork()
            try checkSpaces()
        }
        offset = start
    }
}
