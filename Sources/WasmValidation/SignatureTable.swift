// Lists of operand types, for the parameters and results of functions and blocks.
//
// A list is eight bytes that point into one shared pool, or hold the one type themselves: block
// types are looked at for every block and every branch, and none of that should allocate.

import WasmTypes

/// A list of operand types; its elements are read through the `SignatureTable`.
struct TypeList: Equatable, Sendable {
    fileprivate(set) var count: Int32
    /// The type itself for lists of one, else the position of the first one in the pool.
    fileprivate var payload: UInt32

    static let empty = TypeList(count: 0, payload: 0)

    fileprivate init(count: Int32, payload: UInt32) {
        self.count = count
        self.payload = payload
    }

    /// The list of one type.
    init(_ type: OperandType) { self.init(count: 1, payload: type.bits) }
}

/// The parameters and results of a function, a block or a tag.
struct FunctionSignature: Sendable {
    var parameters = TypeList.empty
    var results = TypeList.empty
}

/// The signatures of a module's function types.
struct SignatureTable: Sendable {
    private var pool: [OperandType] = []
    /// By canonical number; nil for structures and arrays.
    private var signatures: [FunctionSignature?] = []

    init(_ types: TypeContext) {
        signatures.reserveCapacity(types.canonicalCount)
        for canonical in 0..<types.canonicalCount {
            guard case .function(let type) = types.composite(ofCanonical: canonical) else {
                signatures.append(nil)
                continue
            }
            let parameters = append(type.parameters, types)
            let results = append(type.results, types)
            signatures.append(FunctionSignature(parameters: parameters, results: results))
        }
    }

    private mutating func append(_ list: [ValueType], _ types: TypeContext) -> TypeList {
        switch list.count {
        case 0: return .empty
        case 1: return TypeList(types.operand(list[0]))
        default:
            let start = UInt32(pool.count)
            for type in list { pool.append(types.operand(type)) }
            return TypeList(count: Int32(list.count), payload: start)
        }
    }

    /// The signature of a canonical type, nil if it is not a function type.
    subscript(canonical: Int) -> FunctionSignature? { signatures[canonical] }

    /// An element of a list.
    @inline(__always)
    subscript(list: TypeList, index: Int) -> OperandType {
        list.count == 1
            ? OperandType(bits: list.payload) : pool[Int(list.payload) + index]
    }
}
