// What stands behind the imports of a whole component: exports of other components, by interface, and the
// functions and resources of the host.

import ComponentModel

/// The name of an interface or a function without its version: one host stands for all versions of a track.
func unversioned(_ name: String) -> String {
    name.firstIndex(of: "@").map { String(name[..<$0]) } ?? name
}

extension Evaluator {
    /// The host's interface of functions that belong to no interface.
    static let rootModule = "$root"

    /// What the host has for an import: it is described by the import's type.
    mutating func hostItem(
        _ name: String, _ type: ComponentExternalType, in scope: Scope, module: String? = nil
    ) throws(LinkingError) -> ComponentItem {
        let host = module ?? Self.rootModule
        switch type {
        case .function(let index):
            guard case .function(let type) = try scope.at(\.types, index) else {
                throw LinkingError.notValidated
            }
            let title = module.map { "\($0)#\(name)" } ?? name
            return .function(
                ComponentFunction(
                    target: .host(module: host, name: name), type: type, name: title))
        case .type(.equal(let index)): return .type(try scope.at(\.types, index))
        case .type(.subResource): return .type(.resource(hostResource(host, name)))
        case .instance(let index):
            guard case .instance(let declarations, let around) = try scope.at(\.types, index) else {
                throw LinkingError.notValidated
            }
            return .instance(
                try hostInstance(declarations, around, module: unversioned(name)))
        case .coreModule, .component, .value:
            throw LinkingError(
                "the import \(name) is not a function, an instance or a type: give a component that "
                    + "exports it")
        }
    }

    /// A resource that the host defines: one for all who name it.
    private mutating func hostResource(_ module: String, _ name: String) -> ResourceID {
        if let known = hostResources[[module, name]] { return known }
        let destructor = Source.host(module: module, name: "[resource-drop]\(name)")
        let id = add(
            Resource(name: name, instance: nil, destructor: destructor, hostModule: module))
        hostResources[[module, name]] = id
        return id
    }

    private mutating func hostInstance(
        _ declarations: [TypeDeclaration], _ around: Scope, module: String
    ) throws(LinkingError) -> ComponentInstanceValue {
        let scope = Scope(parent: around, file: around.file, instance: around.instance)
        var result = ComponentInstanceValue()
        for declaration in declarations {
            try step()
            switch declaration.kind {
            case .coreType: break
            case .type(let type): scope.types.append(try evaluate(type, in: scope))
            case .alias(let alias): try evaluate(alias, in: scope)
            case .import: throw LinkingError.notValidated
            case .export(let name, let type):
                let item = try hostItem(name.name, type, in: scope, module: module)
                result.add(name.name, item)
                try bind(item, in: scope)
            }
        }
        return result
    }
}
