// Types as messages show them, in the spelling of WIT.

import WasmTypes

extension ComponentTypes {
    /// A type as WIT spells it. What has no name there is told by its members, as far as there is room.
    func text(_ type: ValueTypeID) -> String { text(type, depth: 3) }

    private func text(_ type: ValueTypeID?, depth: Int) -> String {
        guard let type else { return "_" }
        guard depth > 0 else { return "..." }
        func part(_ type: ValueTypeID?) -> String { text(type, depth: depth - 1) }
        func list(_ members: [String]) -> String {
            let shown = members.prefix(6).joined(separator: ", ")
            return members.count > 6 ? "\(shown), ..." : shown
        }
        switch self[type] {
        case .primitive(let type): return type.name
        case .record(let fields):
            return "record { \(list(fields.map { "\($0.label): \(part($0.type))" })) }"
        case .variant(let cases):
            return "variant { "
                + list(cases.map { $0.label + ($0.payload.map { "(\(part($0)))" } ?? "") })
                + " }"
        case .list(let type): return "list<\(part(type))>"
        case .fixedLengthList(let type, let length): return "list<\(part(type)), \(length)>"
        case .tuple(let types): return "tuple<\(list(types.map(part)))>"
        case .flags(let labels): return "flags { \(list(labels)) }"
        case .enumeration(let labels): return "enum { \(list(labels)) }"
        case .option(let type): return "option<\(part(type))>"
        case .result(nil, nil): return "result"
        case .result(let success?, nil): return "result<\(part(success))>"
        case .result(let success, let failure):
            return "result<\(part(success)), \(part(failure))>"
        case .own: return "own<a resource>"
        case .borrow: return "borrow<a resource>"
        case .stream(nil): return "stream"
        case .stream(let type): return "stream<\(part(type))>"
        case .future(nil): return "future"
        case .future(let type): return "future<\(part(type))>"
        case .map(let key, let value): return "map<\(part(key)), \(part(value))>"
        }
    }
}

extension PrimitiveType {
    /// The name in WIT.
    public var name: String {
        switch self {
        case .bool: "bool"
        case .s8: "s8"
        case .u8: "u8"
        case .s16: "s16"
        case .u16: "u16"
        case .s32: "s32"
        case .u32: "u32"
        case .s64: "s64"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string: "string"
        case .errorContext: "error-context"
        }
    }
}
