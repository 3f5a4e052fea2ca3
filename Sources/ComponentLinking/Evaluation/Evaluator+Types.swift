// Types, with what their indices stand for.

import ComponentModel

extension Evaluator {
    mutating func evaluate(
        _ definition: TypeDefinition, in scope: Scope
    ) throws(LinkingError) -> TypeValue {
        switch definition {
        case .value(let type): return .value(try evaluate(type, in: scope))
        case .function(let type): return .function(try evaluate(type, in: scope))
        case .component: return .component
        case .instance(let declarations): return .instance(declarations, scope)
        case .resource(_, let destructor):
            var resource = Resource(name: "resource", instance: scope.instance)
            if let destructor {
                resource.destructor = try scope.at(\.coreFunctions, destructor)
            }
            return .resource(add(resource))
        }
    }

    mutating func add(_ resource: Resource) -> ResourceID {
        resources.append(resource)
        return ResourceID(index: resources.count - 1)
    }

    func resource(_ index: UInt32, in scope: Scope) throws(LinkingError) -> ResourceID {
        guard case .resource(let id) = try scope.at(\.types, index) else {
            throw LinkingError.notValidated
        }
        return id
    }

    mutating func evaluate(
        _ type: ComponentFunctionType, in scope: Scope
    ) throws(LinkingError) -> ResolvedFunctionType {
        var types: [TypeID] = []
        for parameter in type.parameters { types.append(try evaluate(parameter.type, in: scope)) }
        return ResolvedFunctionType(
            isAsync: type.isAsync, labels: type.parameters.map(\.label), types: types,
            result: try evaluate(optional: type.result, in: scope))
    }

    private mutating func evaluate(
        optional type: ComponentValueType?, in scope: Scope
    ) throws(LinkingError) -> TypeID? {
        guard let type else { return nil }
        return try evaluate(type, in: scope)
    }

    mutating func evaluate(
        _ type: ComponentValueType, in scope: Scope
    ) throws(LinkingError) -> TypeID {
        switch type {
        case .primitive(let type): return try types.intern(.primitive(type))
        case .index(let index):
            guard case .value(let id) = try scope.at(\.types, index) else {
                throw LinkingError.notValidated
            }
            return id
        }
    }

    private mutating func evaluate(
        _ type: DefinedValueType, in scope: Scope
    ) throws(LinkingError) -> TypeID {
        let result: ResolvedType
        switch type {
        case .primitive(let type): result = .primitive(type)
        case .record(let fields):
            var members: [Member] = []
            for field in fields {
                members.append(
                    Member(label: field.label, type: try evaluate(field.type, in: scope)))
            }
            result = .record(members)
        case .variant(let cases):
            var members: [Member] = []
            for one in cases {
                members.append(
                    Member(label: one.label, type: try evaluate(optional: one.payload, in: scope)))
            }
            result = .variant(members)
        case .list(let element): result = .list(try evaluate(element, in: scope))
        case .fixedLengthList(let element, let length):
            result = .fixedLengthList(try evaluate(element, in: scope), length)
        case .tuple(let parts):
            var ids: [TypeID] = []
            for part in parts { ids.append(try evaluate(part, in: scope)) }
            result = .tuple(ids)
        case .flags(let labels): result = .flags(labels)
        case .enumeration(let labels): result = .enumeration(labels)
        case .option(let payload): result = .option(try evaluate(payload, in: scope))
        case .result(let success, let failure):
            result = .result(
                success: try evaluate(optional: success, in: scope),
                failure: try evaluate(optional: failure, in: scope))
        case .own(let index): result = .own(try resource(index, in: scope))
        case .borrow(let index): result = .borrow(try resource(index, in: scope))
        case .stream: result = .asynchronous("stream")
        case .future: result = .asynchronous("future")
        case .map(let key, let value):
            let parts = (try evaluate(key, in: scope), try evaluate(value, in: scope))
            _ = try types.intern(.tuple([parts.0, parts.1]), isElement: true)
            result = .map(parts.0, parts.1)
        }
        return try types.intern(result)
    }
}
