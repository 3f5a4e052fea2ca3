// How the arguments of an exception lie in it (`smelt_exception` of the ABI header).

internal import WasmTypes

/// Where the arguments of an exception are, in bytes from the first one.
struct ExceptionLayout {
    let offsets: [Int]
    /// Of all arguments.
    let size: Int

    private static let granule = 16

    init(_ types: [ValueType]) {
        var end = 0
        offsets = types.map { type in
            let size = type.storageSize
            let offset = Self.round(end, to: size)
            end = offset + size
            return offset
        }
        size = Self.round(end, to: Self.granule)
    }

    private static func round(_ offset: Int, to size: Int) -> Int { (offset + size - 1) & -size }
}

extension ValueType {
    /// How many bytes a value takes in an exception or an object, and a multiple of how many it lies at.
    var storageSize: Int {
        switch self {
        case .i32, .f32: 4
        case .i64, .f64, .reference: 8
        case .v128: 16
        }
    }
}
