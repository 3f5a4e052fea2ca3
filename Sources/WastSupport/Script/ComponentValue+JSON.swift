// Values of components as `wasm-tools json-from-wast` writes them: integers, and floats by their bits, as
// strings in decimal.

internal import ComponentLinking

/// Any JSON.
indirect enum JSONTree: Decodable {
    case null
    case bool(Bool)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object((try? container.decode([String: JSONTree].self)) ?? [:])
        }
    }

    /// A string, or an array of strings.
    var words: [String]? {
        switch self {
        case .string(let word): [word]
        case .array(let words):
            words.reduce([String]?.some([])) { list, tree in
                if case .string(let word) = tree { list.map { $0 + [word] } } else { nil }
            }
        default: nil
        }
    }
}

extension ComponentValue {
    /// Nil for what is no value of a component.
    init?(type: String, _ tree: JSONTree) {
        switch (type, tree) {
        case ("bool", .bool(let value)): self = .bool(value)
        case ("f32", .string(let word)), ("f64", .string(let word)):
            if word.hasPrefix("nan") {
                self = .nan
            } else if let bits = UInt64(word) {
                self = .float(bits)
            } else {
                return nil
            }
        case ("char", .string(let text)) where text.unicodeScalars.count == 1:
            self = .character(text.unicodeScalars.first!.value)
        case ("string", .string(let text)): self = .string(text)
        case ("enum", .string(let label)): self = .enumeration(label)
        case ("flags", .array):
            guard let labels = tree.words else { return nil }
            self = .flags(labels)
        case ("list", .array(let elements)), ("tuple", .array(let elements)):
            guard let values = Self.values(elements) else { return nil }
            self = type == "list" ? .list(values) : .tuple(values)
        case ("record", .array(let fields)):
            guard let fields = Self.fields(fields) else { return nil }
            self = .record(fields)
        case ("variant", .object(let members)):
            guard case .string(let label)? = members["case"] else { return nil }
            self = .variant(label, members["payload"].flatMap(Self.init(tagged:)))
        case ("option", let payload): self = .option(Self(tagged: payload))
        case ("result", .object(let members)):
            if let payload = members["Ok"] {
                self = .success(Self(tagged: payload))
            } else if let payload = members["Err"] {
                self = .failure(Self(tagged: payload))
            } else {
                return nil
            }
        case (let type, .string(let word)) where Self.integers.contains(type):
            guard let bits = UInt64(word) ?? Int64(word).map(UInt64.init(bitPattern:)) else {
                return nil
            }
            self = .integer(bits)
        default: return nil
        }
    }

    private static let integers: Set<String> = [
        "u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64",
    ]

    /// A value with its type.
    private init?(tagged tree: JSONTree) {
        guard case .object(let members) = tree, case .string(let type)? = members["type"] else {
            return nil
        }
        self.init(type: type, members["value"] ?? .null)
    }

    private static func values(_ trees: [JSONTree]) -> [ComponentValue]? {
        let values = trees.compactMap(Self.init(tagged:))
        return values.count == trees.count ? values : nil
    }

    private static func fields(_ trees: [JSONTree]) -> [Field]? {
        let fields = trees.compactMap { tree -> Field? in
            guard case .array(let parts) = tree, parts.count == 2,
                case .string(let label) = parts[0], let value = Self(tagged: parts[1])
            else { return nil }
            return Field(label: label, value: value)
        }
        return fields.count == trees.count ? fields : nil
    }
}
