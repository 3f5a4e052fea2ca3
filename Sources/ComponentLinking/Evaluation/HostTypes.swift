// Types that a component declares for functions of the host, compared with the texts by which the host's
// tables have them (runtime-c/include/smelt/component_types.h).

import ComponentModel

/// A function of the host that a program calls.
public struct HostFunctionUse: Hashable, Sendable {
    /// The interface, without its version.
    public var interface: String
    /// As in WIT.
    public var name: String
    /// What the component that imports it takes its type to be.
    let type: ResolvedFunctionType

    public static func == (left: HostFunctionUse, right: HostFunctionUse) -> Bool {
        left.interface == right.interface && left.name == right.name && left.type == right.type
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(interface)
        hasher.combine(name)
    }
}

extension ComponentProgram {
    /// The functions of the host that adapters call, each once with each type.
    public var hostFunctions: [HostFunctionUse] {
        var seen: Set<HostFunctionUse> = []
        return evaluator.graph.nodes.flatMap { node -> [HostFunctionUse] in
            guard case .adapters(let adapters) = node.kind else { return [] }
            return adapters.compactMap { adapter in
                guard case .call(let function, _, _) = adapter,
                    case .host(let module, let name) = function.target
                else { return nil }
                let use = HostFunctionUse(interface: module, name: name, type: function.type)
                return seen.insert(use).inserted ? use : nil
            }
        }
    }

    /// Whether a function has the type that a text says.
    public func isType(of use: HostFunctionUse, _ text: String) -> Bool {
        var matcher = TypeMatcher(evaluator: evaluator, text: Array(text.utf8))
        return matcher.matches(use.type)
    }
}

/// Writes a type and compares it with a text as it goes. It stops where they part: types are made of others
/// many times over, and written out they can be longer than any memory.
private struct TypeMatcher {
    let evaluator: Evaluator
    private let text: [UInt8]
    private var position = 0
    private var isRight = true

    init(evaluator: Evaluator, text: [UInt8]) {
        self.evaluator = evaluator
        self.text = text
    }

    mutating func matches(_ type: ResolvedFunctionType) -> Bool {
        guard !type.isAsync else { return false }
        write("(")
        writeList(type.parameters) { matcher, parameter in
            matcher.write(parameter.label + ":")
            matcher.write(parameter.type)
        }
        write(")")
        if let result = type.result {
            write("->")
            write(result)
        }
        return isRight && position == text.count
    }

    private mutating func write(_ piece: String) {
        guard isRight else { return }
        let bytes = Array(piece.utf8)
        isRight = text[position...].starts(with: bytes)
        position += isRight ? bytes.count : 0
    }

    private mutating func writeList<Element>(
        _ elements: [Element], _ each: (inout TypeMatcher, Element) -> Void
    ) {
        for (index, element) in elements.enumerated() where isRight {
            if index > 0 { write(",") }
            each(&self, element)
        }
    }

    private mutating func write(_ type: TypeID?, orElse absent: String) {
        if let type { write(type) } else { write(absent) }
    }

    private mutating func writeMembers(_ kind: String, _ members: [Member]) {
        write(kind + "{")
        writeList(members) { matcher, member in
            matcher.write(member.label)
            guard let type = member.type else { return }
            matcher.write(kind == "record" ? ":" : "(")
            matcher.write(type)
            if kind != "record" { matcher.write(")") }
        }
        write("}")
    }

    private mutating func writeGeneric(_ name: String, _ types: [TypeID?]) {
        write(name + "<")
        writeList(types) { $0.write($1, orElse: "_") }
        write(">")
    }

    private mutating func write(_ id: TypeID) {
        guard isRight else { return }
        switch evaluator.types[id] {
        case .primitive(let type): write(type.name)
        case .record(let members): writeMembers("record", members)
        case .variant(let members): writeMembers("variant", members)
        case .enumeration(let labels): write("enum{" + labels.joined(separator: ",") + "}")
        case .flags(let labels): write("flags{" + labels.joined(separator: ",") + "}")
        case .list(let element): writeGeneric("list", [element])
        case .option(let type): writeGeneric("option", [type])
        case .tuple(let types): writeGeneric("tuple", types)
        case .result(let success, let failure): writeGeneric("result", [success, failure])
        case .own(let resource): write("own<" + name(of: resource) + ">")
        case .borrow(let resource): write("borrow<" + name(of: resource) + ">")
        // The host has no functions with these.
        case .fixedLengthList, .map, .asynchronous: isRight = false
        }
    }

    private func name(of resource: ResourceID) -> String {
        let resource = evaluator.resources[resource.index]
        return resource.hostModule.map { "\($0).\(resource.name)" } ?? "a resource of the program"
    }
}
