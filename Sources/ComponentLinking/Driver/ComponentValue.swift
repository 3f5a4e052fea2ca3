// Values of components, for scripts that call them.

import ComponentModel

/// A value of a component's function.
public indirect enum ComponentValue: Hashable, Sendable {
    case bool(Bool)
    /// Any integer, in two's complement.
    case integer(UInt64)
    /// The bits of an f32 or f64.
    case float(UInt64)
    /// Any number that is none.
    case nan
    case character(UInt32)
    case string(String)
    /// Also a map: its elements are tuples.
    case list([ComponentValue])
    case record([Field])
    case tuple([ComponentValue])
    case variant(String, ComponentValue?)
    case enumeration(String)
    case flags([String])
    case option(ComponentValue?)
    case success(ComponentValue?)
    case failure(ComponentValue?)

    public struct Field: Hashable, Sendable {
        public var label: String
        public var value: ComponentValue

        public init(label: String, value: ComponentValue) {
            self.label = label
            self.value = value
        }
    }
}

/// A value as its type's layout has it: what is not in the layout is gone.
indirect enum PlainValue {
    case bits(UInt64)
    case nan
    case text([UInt8])
    case list([PlainValue])
    case fields([PlainValue])
    case choice(Int, PlainValue?)
}

extension TypeTable {
    /// A value of a type.
    func plain(_ value: ComponentValue, _ id: TypeID) throws(LinkingError) -> PlainValue {
        switch (self[id], value) {
        case (.primitive, .bool(let value)): return .bits(value ? 1 : 0)
        case (.primitive, .integer(let bits)), (.primitive, .float(let bits)): return .bits(bits)
        case (.primitive, .nan): return .nan
        case (.primitive, .character(let scalar)): return .bits(UInt64(scalar))
        case (.primitive(.string), .string(let text)): return .text(Array(text.utf8))
        case (.record(let members), .record(let values)):
            return .fields(try fields(members, values))
        case (.tuple(let types), .tuple(let values)) where types.count == values.count:
            return .fields(try plain(values, types))
        case (.list(let element), .list(let values)):
            return .list(try plain(values, values.map { _ in element }))
        case (.map(let key, let item), .list(let values)):
            guard let element = element(ofMap: key, item) else { break }
            return .list(try plain(values, values.map { _ in element }))
        case (.fixedLengthList(let element, let length), .list(let values))
        where values.count == Int(length):
            return .fields(try plain(values, values.map { _ in element }))
        case (.flags(let labels), .flags(let set)) where Set(set).isSubset(of: labels):
            let bits = labels.indices.filter { set.contains(labels[$0]) }
            return .bits(bits.reduce(0) { $0 | 1 << UInt64($1) })
        default: return try choice(value, id)
        }
        throw mismatch
    }

    private func choice(_ value: ComponentValue, _ id: TypeID) throws(LinkingError) -> PlainValue {
        let (label, payload): (Int?, ComponentValue?)
        switch (self[id], value) {
        case (.variant(let members), .variant(let name, let inner)):
            (label, payload) = (members.firstIndex { $0.label == name }, inner)
        case (.enumeration(let labels), .enumeration(let name)):
            (label, payload) = (labels.firstIndex(of: name), nil)
        case (.option, .option(let inner)): (label, payload) = (inner == nil ? 0 : 1, inner)
        case (.result, .success(let inner)): (label, payload) = (0, inner)
        case (.result, .failure(let inner)): (label, payload) = (1, inner)
        default: throw mismatch
        }
        guard let label, let cases = cases(of: id) else { throw mismatch }
        switch (cases[label], payload) {
        case (nil, nil): return .choice(label, nil)
        case (let type?, let payload?): return .choice(label, try plain(payload, type))
        default: throw mismatch
        }
    }

    private func plain(
        _ values: [ComponentValue], _ types: [TypeID]
    ) throws(LinkingError) -> [PlainValue] {
        var result: [PlainValue] = []
        for (value, type) in zip(values, types) { result.append(try plain(value, type)) }
        return result
    }

    private func fields(
        _ members: [Member], _ values: [ComponentValue.Field]
    ) throws(LinkingError) -> [PlainValue] {
        guard members.count == values.count else { throw mismatch }
        var result: [PlainValue] = []
        for member in members {
            guard let type = member.type,
                let field = values.first(where: { $0.label == member.label })
            else { throw mismatch }
            result.append(try plain(field.value, type))
        }
        return result
    }

    private var mismatch: LinkingError {
        LinkingError("a value of the script does not have the type that the function wants")
    }
}
