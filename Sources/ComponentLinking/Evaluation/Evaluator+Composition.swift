// Imports that other components' exports stand for: found by interface and version, compared by type.

import ComponentModel

/// The name of an interface and the version that it has.
struct InterfaceName {
    var name: String
    /// Everything behind `@`.
    var version: String?

    init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        name = parts.first ?? text
        version = parts.count > 1 ? parts[1] : nil
    }

    /// What versions that can stand for each other have in common: the first number that is not zero, with
    /// those before it. Pre-releases stand only for themselves.
    var track: String? {
        guard let version, !version.contains("-") else { return version }
        let numbers = version.prefix { $0 != "+" }.split(separator: ".").map(String.init)
        let end = numbers.firstIndex { $0 != "0" } ?? numbers.count - 1
        return numbers.prefix(end + 1).joined(separator: ".")
    }
}

extension Evaluator {
    /// What stands behind an import of a whole component: what another one exports, otherwise the host.
    mutating func outerItem(
        _ item: ComponentImport, of file: Int, in scope: Scope
    ) throws(LinkingError) -> ComponentItem {
        let wanted = InterfaceName(item.name.implements ?? item.name.name)
        for other in files.indices.dropFirst() where other != file {
            guard let name = export(wanted, of: other) else { continue }
            let instance = try instance(of: other)
            guard let provided = instance[name] else { continue }
            do throws(LinkingError) {
                try compare(provided, with: item.type, in: scope)
            } catch {
                throw LinkingError(
                    "\(files[other].name) exports \(name), but not as \(files[file].name) imports it: "
                        + "\(error)")
            }
            usedFiles.insert(other)
            return provided
        }
        return try hostItem(item.name.name, item.type, in: scope)
    }

    /// The name of an export that can stand for an import.
    private func export(_ wanted: InterfaceName, of file: Int) -> String? {
        var found: String?
        for case .export(let export) in files[file].component.definitions.map(\.kind) {
            let name = InterfaceName(export.name.name)
            guard name.name == wanted.name else { continue }
            if name.version == wanted.version { return export.name.name }
            if name.version != nil, name.track == wanted.track { found = export.name.name }
        }
        return found
    }

    /// The one instance of another component, made when it is needed first.
    private mutating func instance(of file: Int) throws(LinkingError) -> ComponentInstanceValue {
        if let known = provided[file] { return known }
        guard beingMade.insert(file).inserted else {
            throw LinkingError(
                "\(files[file].name) needs itself: the components import from each other in a circle"
            )
        }
        let closure = ComponentClosure(
            component: files[file].component, file: file, scope: nil, name: files[file].name)
        let result = try instantiate(closure, parent: nil) {
            (evaluator, item, scope) throws(LinkingError) in
            try evaluator.outerItem(item, of: file, in: scope)
        }
        provided[file] = result
        return result
    }

    // Types ----------------------------------------------------------------------------------

    /// Throws what is wrong if an item does not have the type that an import wants.
    private mutating func compare(
        _ item: ComponentItem, with type: ComponentExternalType, in scope: Scope, name: String = ""
    ) throws(LinkingError) {
        switch (type, item) {
        case (.function(let index), .function(let function)):
            guard case .function(let wanted) = try scope.at(\.types, index) else {
                throw LinkingError.notValidated
            }
            guard wanted == function.type else {
                throw LinkingError("the function \(name) has another type")
            }
        case (.type(.subResource), .type(.resource)): break
        case (.type(.equal(let index)), .type(let value)):
            guard try isEqual(try scope.at(\.types, index), value) else {
                throw LinkingError("the type \(name) is another one")
            }
        case (.instance(let index), .instance(let instance)):
            guard case .instance(let declarations, let around) = try scope.at(\.types, index) else {
                throw LinkingError.notValidated
            }
            try compare(instance, with: declarations, around)
        case (.component, .component), (.coreModule, .module): break
        default: throw LinkingError("\(name) is of another kind")
        }
    }

    private func isEqual(_ first: TypeValue, _ second: TypeValue) throws(LinkingError) -> Bool {
        switch (first, second) {
        case (.value(let first), .value(let second)): first == second
        case (.resource(let first), .resource(let second)): first == second
        case (.function(let first), .function(let second)): first == second
        case (.instance, .instance), (.component, .component): true
        default: false
        }
    }

    /// Types that the instance exports are what the names of the wanted type stand for.
    private mutating func compare(
        _ instance: ComponentInstanceValue, with declarations: [TypeDeclaration], _ around: Scope
    ) throws(LinkingError) {
        let scope = Scope(parent: around, file: around.file, instance: around.instance)
        for declaration in declarations {
            try step()
            switch declaration.kind {
            case .coreType: break
            case .type(let type): scope.types.append(try evaluate(type, in: scope))
            case .alias(let alias): try evaluate(alias, in: scope)
            case .import: throw LinkingError.notValidated
            case .export(let name, let type):
                guard let item = instance[name.name] else {
                    throw LinkingError("it has no \(name.name)")
                }
                try compare(item, with: type, in: scope, name: name.name)
                try bind(item, in: scope)
            }
        }
    }
}
