// A component's imports and exports as a world of WIT, for people and for tools that read it.
//
// What WIT has no words for (components and core modules as imports, instances in instances) is told in
// comments.

extension ValidatedComponent {
    /// The component's world as WIT: the world, and the interfaces that it mentions in their packages.
    public var wit: String {
        var writer = WITWriter(types: types, component: type)
        return writer.write()
    }
}

/// Writes the world of a component.
struct WITWriter {
    let types: ComponentTypes
    let component: ComponentShape

    /// Where a type is defined.
    struct Owner {
        /// nil is the world itself.
        var interface: String?
        var name: String
    }

    /// The first interface that introduces a type under a name.
    private(set) var values: [TypeName: Owner] = [:]
    private(set) var resources: [ResourceReference: Owner] = [:]

    /// The interfaces in the order in which the world mentions them.
    private var interfaces: [String] = []
    private var bodies: [String: WITInterface] = [:]

    init(types: ComponentTypes, component: ComponentShape) {
        self.types = types
        self.component = component
    }

    mutating func write() -> String {
        findOwners(of: component.imports)
        findOwners(of: component.exports)
        var world = WITInterface(name: nil)
        let lines =
            worldLines(component.imports, "import", &world)
            + worldLines(component.exports, "export", &world)
        var text = "package root:component;\n\nworld root {\n"
        for line in world.useLines + world.lines + lines { text += "  \(line)\n" }
        text += "}\n"
        for package in packages() { text += "\n" + package }
        return text
    }

    // Owners ----------------------------------------------------------------------------------

    private mutating func findOwners(of items: ItemList) {
        for (name, type) in zip(items.names, items.types) {
            switch type {
            case .instance(let instance):
                let exports = types[instance].exports
                for (label, type) in zip(exports.names, exports.types) {
                    note(type, Owner(interface: name.name, name: label.name))
                }
            default: note(type, Owner(interface: nil, name: name.name))
            }
        }
    }

    private mutating func note(_ type: ItemType, _ owner: Owner) {
        switch type {
        case .type(.value(let type), _):
            let name = types.name(of: type)
            if name != .none, values[name] == nil { values[name] = owner }
        case .type(.resource(let reference), _):
            if resources[reference] == nil { resources[reference] = owner }
        default: break
        }
    }

    // World -----------------------------------------------------------------------------------

    private mutating func worldLines(
        _ items: ItemList, _ word: String, _ world: inout WITInterface
    ) -> [String] {
        world.declare(items, types)
        var lines: [String] = []
        for (name, type) in zip(items.names, items.types) {
            let label = WITInterface.escaped(name.name)
            switch type {
            case .instance(let instance):
                lines += instanceLines(name, instance, word)
            case .function(let function):
                lines.append("\(word) \(label): \(world.text(of: function, self));")
            case .type(let type, let original):
                world.add(name.name, type, original, self)
            case .component, .module, .value:
                lines.append("// \(word) \(name.name): a \(type.kind)")
            }
        }
        return lines
    }

    private mutating func instanceLines(
        _ name: ExternalName, _ instance: InstanceTypeID, _ word: String
    ) -> [String] {
        if case .interface = ParsedName(name.name) {
            add(instance, as: name.name)
            return ["\(word) \(name.name);"]
        }
        let label = WITInterface.escaped(name.name)
        if let implemented = name.implements {
            add(instance, as: implemented, named: name.name)
            return ["\(word) \(label): \(implemented);"]
        }
        var interface = WITInterface(name: name.name)
        interface.add(types[instance].exports, self)
        return ["\(word) \(label): interface {"]
            + (interface.useLines + interface.lines).map { $0.isEmpty ? "" : "  \($0)" } + ["}"]
    }

    /// Adds what an instance has to the interface with a name. An interface that is imported and exported
    /// may have been imported only in part.
    private mutating func add(
        _ instance: InstanceTypeID, as interface: String, named name: String? = nil
    ) {
        if bodies[interface] == nil { interfaces.append(interface) }
        var body = bodies[interface] ?? WITInterface(name: interface)
        body.alias = name
        body.add(types[instance].exports, self)
        bodies[interface] = body
    }

    // Packages --------------------------------------------------------------------------------

    private func packages() -> [String] {
        var names: [String] = []
        var contents: [String: String] = [:]
        for interface in interfaces {
            let (package, name) = Self.split(interface)
            if contents[package] == nil { names.append(package) }
            contents[package, default: ""] += "  interface \(WITInterface.escaped(name)) {\n"
            guard let body = bodies[interface] else { continue }
            for line in body.useLines + body.lines {
                contents[package, default: ""] += line.isEmpty ? "\n" : "    \(line)\n"
            }
            contents[package, default: ""] += "  }\n"
        }
        return names.map { "package \($0) {\n\(contents[$0, default: ""])}\n" }
    }

    /// The package with its version, and the name in it: `wasi:io@0.2.6` and `streams`.
    private static func split(_ interface: String) -> (package: String, name: String) {
        let parts = interface.split(separator: "@", maxSplits: 1)
        let path = parts[0].split(separator: "/", maxSplits: 1)
        let version = parts.count == 2 ? "@\(parts[1])" : ""
        return (path[0] + version, path.count == 2 ? String(path[1]) : "")
    }
}
