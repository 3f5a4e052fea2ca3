// How many elements tables may have, at the start and later.

internal import PlantedFaults
public import WasmTypes

/// The numbers of one table.
public struct TableLimits: Sendable, Hashable {
    /// At the start.
    public let minimum: UInt64
    /// The most elements that `table.grow` may lead to, as far as the module is concerned; the runtime
    /// stops at ``largestTable``.
    public let maximum: UInt64

    /// The most elements of a table, at the start and later. Twice its size in bytes is far from 2^64.
    public static let largestTable = UInt64(ImplementationLimits.tableElements)

    /// The most elements that all tables of a module have together at the start. An executable contains
    /// them, and so does the compiler's memory.
    public static let largestTables: UInt64 = 4 * largestTable

    public init(_ type: TableType) {
        minimum = type.limits.minimum
        let maximum = type.limits.maximum ?? (type.addressType == .i32 ? UInt64(UInt32.max) : .max)
        self.maximum = PlantedFault.tableLimit.isPlanted ? maximum &+ 1 : maximum
    }

    /// Whether code that was compiled for one table may be given this one: it has at least as many
    /// elements from the start on, and never more than what the other one says. Calls and accesses are
    /// compared with the table's own size.
    public func mayStand(for other: TableLimits) -> Bool {
        isPossible && minimum >= other.minimum && maximum <= other.maximum
    }

    /// Whether the table can exist.
    public var isPossible: Bool { minimum <= Self.largestTable }

    /// The number of the first of several tables with which they get too large, if there is one.
    public static func firstExcess(_ tables: [TableLimits]) -> Int? {
        var total: UInt64 = 0
        for (index, table) in tables.enumerated() {
            guard table.isPossible else { return index }
            total += table.minimum
            if total > largestTables { return index }
        }
        return nil
    }
}
