// The contents of an interface, or of a world as far as they are the same: types, and the functions of
// resources with them.

/// What is written between the braces of an interface.
struct WITInterface {
    /// The interface's name; nil is the world.
    let name: String?
    /// Another name under which the interface is imported or exported.
    var alias: String?
    /// Definitions in their order, each with the lines that it takes.
    private var definitions: [(name: String, lines: [String])] = []
    private var known: Set<String> = []
    /// The functions of resources.
    private var members: [String: [(name: String, line: String)]] = [:]
    /// For other interfaces, what is used of them under which name.
    private var uses: [(interface: String, name: String, label: String)] = []
    /// The names that types have here.
    private var values: [TypeName: String] = [:]
    private var resources: [ResourceReference: String] = [:]

    init(name: String?) { self.name = name }

    /// Takes in the names of types.
    mutating func declare(_ items: ItemList, _ types: ComponentTypes) {
        for (name, type) in zip(items.names, items.types) {
            switch type {
            case .type(.value(let type), _): values[types.name(of: type)] = name.name
            case .type(.resource(let reference), _): resources[reference] = name.name
            default: break
            }
        }
        values[.none] = nil
    }

    /// Adds the exports of an instance.
    mutating func add(_ items: ItemList, _ writer: WITWriter) {
        declare(items, writer.types)
        for (name, type) in zip(items.names, items.types) {
            switch type {
            case .function(let function): add(name.name, function, writer)
            case .type(let type, let original): add(name.name, type, original, writer)
            case .instance, .component, .module, .value:
                define(name.name, ["// \(name.name): a \(type.kind)"])
            }
        }
    }

    private mutating func define(_ name: String, _ lines: [String]) {
        guard known.insert(name).inserted else { return }
        definitions.append((name, lines))
    }

    // Lines -----------------------------------------------------------------------------------

    /// The lines for what is used of other interfaces.
    var useLines: [String] {
        var interfaces: [String] = []
        for use in uses where !interfaces.contains(use.interface) {
            interfaces.append(use.interface)
        }
        return interfaces.map { interface in
            let names = uses.filter { $0.interface == interface }.map { use in
                let name = Self.escaped(use.name)
                return use.name == use.label ? name : "\(name) as \(Self.escaped(use.label))"
            }
            return "use \(path(to: interface)).{\(names.joined(separator: ", "))};"
        }
    }

    /// How another interface is called here: without the package if it is the same.
    private func path(to interface: String) -> String {
        guard let name else { return interface }
        func package(_ name: String) -> String {
            let parts = name.split(separator: "@", maxSplits: 1)
            let package = parts[0].prefix { $0 != "/" }
            return parts.count == 2 ? "\(package)@\(parts[1])" : String(package)
        }
        guard package(name) == package(interface), interface.contains("/") else {
            return interface
        }
        return String(interface.prefix { $0 != "@" }.drop { $0 != "/" }.dropFirst())
    }

    /// The lines of all definitions.
    var lines: [String] {
        definitions.flatMap { name, lines in
            guard let members = members[name], lines.count == 1 else { return lines }
            return ["resource \(Self.escaped(name)) {"] + members.map { "  \($0.line)" } + ["}"]
        }
    }

    // Functions -------------------------------------------------------------------------------

    private mutating func add(_ name: String, _ function: FunctionTypeID, _ writer: WITWriter) {
        let (resource, line): (String, String)
        switch ParsedName(name) {
        case .constructor(let label):
            let shape = writer.types[function]
            let parameters = text(of: shape.parameters, writer)
            // A constructor that may fail says so.
            var result = ""
            if let type = shape.result, case .result = writer.types[type] {
                result = " -> \(text(of: type, writer))"
            }
            (resource, line) = (label, "constructor(\(parameters))\(result);")
        case .method(let label):
            let text = text(of: function, writer, isMethod: true)
            (resource, line) = (label, "\(Self.member(name)): \(text);")
        case .static(let label):
            let text = text(of: function, writer, isStatic: true)
            (resource, line) = (label, "\(Self.member(name)): \(text);")
        case .label, .interface, nil:
            define(name, ["\(Self.escaped(name)): \(text(of: function, writer));"])
            return
        }
        guard known.insert(name).inserted else { return }
        members[resource, default: []].append((name, line))
    }

    /// `func` with parameters and result.
    mutating func text(
        of function: FunctionTypeID, _ writer: WITWriter, isMethod: Bool = false,
        isStatic: Bool = false
    ) -> String {
        let shape = writer.types[function]
        let parameters = isMethod ? Array(shape.parameters.dropFirst()) : shape.parameters
        let words = (isStatic ? "static " : "") + (shape.isAsync ? "async " : "")
        let result = shape.result.map { " -> \(text(of: $0, writer))" } ?? ""
        return "\(words)func(\(text(of: parameters, writer)))\(result)"
    }

    private mutating func text(
        of parameters: [ValueShape.Field], _ writer: WITWriter
    ) -> String {
        var texts: [String] = []
        for parameter in parameters {
            texts.append("\(Self.escaped(parameter.label)): \(text(of: parameter.type, writer))")
        }
        return texts.joined(separator: ", ")
    }

    // Types -----------------------------------------------------------------------------------

    /// Adds a type.
    mutating func add(
        _ name: String, _ type: TypeItem, _ original: TypeItem?, _ writer: WITWriter
    ) {
        switch original {
        case .value(let value):
            let typeName = writer.types.name(of: value)
            if typeName != .none, let other = place(of: typeName, writer) {
                alias(name, other)
            } else {
                define(name, definition(name, writer.types[value], writer))
            }
        case .resource(let reference):
            if let other = place(of: reference, writer) {
                alias(name, other)
            } else {
                define(name, ["resource \(Self.escaped(name));"])
            }
        case nil: define(name, ["resource \(Self.escaped(name));"])
        case .function, .component, .instance:
            define(name, ["// \(name): a type of functions, components or instances"])
        }
    }

    /// Another name for a type that has one.
    private mutating func alias(_ name: String, _ other: WITWriter.Owner) {
        guard other.interface == self.name else {
            guard known.insert(name).inserted else { return }
            uses.append((other.interface ?? "root", other.name, name))
            return
        }
        define(name, ["type \(Self.escaped(name)) = \(Self.escaped(other.name));"])
    }

    private func place(of type: TypeName, _ writer: WITWriter) -> WITWriter.Owner? {
        values[type].map { WITWriter.Owner(interface: name, name: $0) }
            ?? writer.values[type].flatMap(foreign)
    }

    private func place(of type: ResourceReference, _ writer: WITWriter) -> WITWriter.Owner? {
        resources[type].map { WITWriter.Owner(interface: name, name: $0) }
            ?? writer.resources[type].flatMap(foreign)
    }

    /// An owner, as it is seen from here; the world's own types are not seen in interfaces.
    private func foreign(_ owner: WITWriter.Owner) -> WITWriter.Owner? {
        if name != nil && owner.interface == nil { return nil }
        return owner.interface == alias && alias != nil
            ? WITWriter.Owner(interface: name, name: owner.name) : owner
    }

    private mutating func definition(
        _ name: String, _ shape: ValueShape, _ writer: WITWriter
    ) -> [String] {
        let label = Self.escaped(name)
        func block(_ word: String, _ members: [String]) -> [String] {
            ["\(word) \(label) {"] + members.map { "  \($0)," } + ["}"]
        }
        switch shape {
        case .record(let fields):
            var members: [String] = []
            for field in fields {
                members.append("\(Self.escaped(field.label)): \(text(of: field.type, writer))")
            }
            return block("record", members)
        case .variant(let cases):
            var members: [String] = []
            for item in cases {
                let payload = item.payload.map { "(\(text(of: $0, writer)))" } ?? ""
                members.append(Self.escaped(item.label) + payload)
            }
            return block("variant", members)
        case .flags(let labels): return block("flags", labels.map(Self.escaped))
        case .enumeration(let labels): return block("enum", labels.map(Self.escaped))
        default: return ["type \(label) = \(text(of: shape, writer));"]
        }
    }

    /// A type as a part of another one.
    private mutating func text(of type: ValueTypeID, _ writer: WITWriter) -> String {
        let typeName = writer.types.name(of: type)
        if typeName != .none, let owner = place(of: typeName, writer) { return use(owner) }
        return text(of: writer.types[type], writer)
    }

    private mutating func text(of resource: ResourceReference, _ writer: WITWriter) -> String {
        place(of: resource, writer).map { use($0) } ?? "/* a resource without a name */"
    }

    /// The name of a type, which is taken from another interface if it is defined there.
    private mutating func use(_ owner: WITWriter.Owner) -> String {
        if owner.interface != name, known.insert(owner.name).inserted {
            uses.append((owner.interface ?? "root", owner.name, owner.name))
        }
        return Self.escaped(owner.name)
    }

    private mutating func text(of shape: ValueShape, _ writer: WITWriter) -> String {
        switch shape {
        case .primitive(let type): return type.name
        case .list(let type): return "list<\(text(of: type, writer))>"
        case .fixedLengthList(let type, let length):
            return "list<\(text(of: type, writer)), \(length)>"
        case .option(let type): return "option<\(text(of: type, writer))>"
        case .tuple(let types):
            var texts: [String] = []
            for type in types { texts.append(text(of: type, writer)) }
            return "tuple<\(texts.joined(separator: ", "))>"
        case .result(nil, nil): return "result"
        case .result(let success?, nil): return "result<\(text(of: success, writer))>"
        case .result(let success, let failure?):
            let first = success.map { text(of: $0, writer) } ?? "_"
            return "result<\(first), \(text(of: failure, writer))>"
        case .own(let resource): return text(of: resource, writer)
        case .borrow(let resource): return "borrow<\(text(of: resource, writer))>"
        case .stream(let type): return "stream" + parameter(type, writer)
        case .future(let type): return "future" + parameter(type, writer)
        case .map(let key, let value):
            return "map<\(text(of: key, writer)), \(text(of: value, writer))>"
        case .record, .variant, .flags, .enumeration: return "/* a type without a name */"
        }
    }

    private mutating func parameter(_ type: ValueTypeID?, _ writer: WITWriter) -> String {
        type.map { "<\(text(of: $0, writer))>" } ?? ""
    }

    // Names -----------------------------------------------------------------------------------

    /// The part of `[method]resource.member` behind the dot.
    private static func member(_ name: String) -> String {
        escaped(String(name.drop { $0 != "." }.dropFirst()))
    }

    /// A label that is also a word of WIT gets a mark.
    static func escaped(_ label: String) -> String { words.contains(label) ? "%\(label)" : label }

    private static let words: Set<String> = [
        "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export",
        "f32", "f64", "flags", "from", "func", "future", "import", "include", "interface", "list",
        "map", "option", "own", "package", "record", "resource", "result", "s16", "s32", "s64",
        "s8",
        "static", "stream", "string", "tuple", "type", "u16", "u32", "u64", "u8", "use", "variant",
        "with", "world",
    ]
}
