// The four types of core values that the canonical ABI uses.

import WasmTypes

/// The type of a core value that stands for a part of a component's value.
enum CoreType: UInt8, Hashable, Sendable {
    case i32 = 0x7f
    case i64 = 0x7e
    case f32 = 0x7d
    case f64 = 0x7c

    var valueType: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        }
    }

    init?(_ type: ValueType) {
        switch type {
        case .i32: self = .i32
        case .i64: self = .i64
        case .f32: self = .f32
        case .f64: self = .f64
        case .v128, .reference: return nil
        }
    }

    /// The type of a slot that holds a value of either type.
    func joined(with other: CoreType) -> CoreType {
        if self == other { return self }
        let narrow: Set<CoreType> = [.i32, .f32]
        return narrow.contains(self) && narrow.contains(other) ? .i32 : .i64
    }
}

/// The type of a generated function.
struct CoreSignature: Hashable, Sendable {
    var parameters: [CoreType]
    var results: [CoreType]

    init(_ parameters: [CoreType] = [], _ results: [CoreType] = []) {
        self.parameters = parameters
        self.results = results
    }
}
