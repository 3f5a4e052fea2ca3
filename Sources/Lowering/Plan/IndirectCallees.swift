// What an indirect call can reach. A table that nothing changes says which of its entries have the
// type that a call asks for; when they name few functions, the call is a choice between these, and
// everything that LLVM does for direct calls applies to it.

internal import WasmTypes

/// For the tables that nothing changes: the functions of each type.
struct IndirectCallees: Sendable {
    /// A function and the indices that lead to it.
    struct Callee: Sendable {
        let function: FunctionIndex
        fileprivate(set) var indices: [UInt64]
    }

    private struct Key: Hashable {
        var table: TableIndex
        var typeNumber: UInt32
    }

    /// Nil for a type with too many functions or indices.
    private var callees: [Key: [Callee]?] = [:]

    /// More functions than this are never compared one by one.
    static let maximumFunctions = 4
    /// In a C program no function has more than one.
    private static let maximumIndices = 8

    /// - Parameter typeNumber: the number of a function's type.
    init(_ tables: [TablePlan], typeNumber: (FunctionIndex) -> UInt32) {
        for (index, table) in tables.enumerated() where table.isImmutable && table.holdsFunctions {
            for (position, element) in table.elements.enumerated() {
                guard case .function(let function) = element else { continue }
                let key = Key(table: TableIndex(index), typeNumber: typeNumber(function))
                callees[key] = Self.add(
                    function, at: UInt64(position), to: callees[key, default: []])
            }
        }
    }

    private static func add(
        _ function: FunctionIndex, at index: UInt64, to callees: [Callee]?
    ) -> [Callee]? {
        guard var callees, callees.reduce(0, { $0 + $1.indices.count }) < maximumIndices else {
            return nil
        }
        if let known = callees.firstIndex(where: { $0.function == function }) {
            callees[known].indices.append(index)
        } else if callees.count < maximumFunctions {
            callees.append(Callee(function: function, indices: [index]))
        } else {
            return nil
        }
        return callees
    }

    /// The functions of a type in a table, if there are some, and not too many.
    func callees(of table: TableIndex, typeNumber: UInt32) -> [Callee]? {
        callees[Key(table: table, typeNumber: typeNumber)] ?? nil
    }
}
