// Variables and tables (WebAssembly 3.0, sections 5.4.3 and 5.4.4). What they take and leave is
// declared in the module, so no row has a signature.

import WasmTypes

private typealias Row = OpcodeRow

// One row, one line.
// swift-format-ignore
extension OpcodeTable {
    /// Locals and globals.
    static let variables = OpcodeGroup(
        prefix: .none, feature: .minimumViableProduct,
        rows: [
            Row(0x20, "local.get",  .index { .localGet($0) }),
            Row(0x21, "local.set",  .index { .localSet($0) }),
            Row(0x22, "local.tee",  .index { .localTee($0) }),
            Row(0x23, "global.get", .index { .globalGet($0) }),
            Row(0x24, "global.set", .index { .globalSet($0) }),
        ])

    /// Elements of tables.
    static let tables = OpcodeGroup(
        prefix: .none, feature: .referenceTypes,
        rows: [
            Row(0x25, "table.get", .index { .tableGet($0) }),
            Row(0x26, "table.set", .index { .tableSet($0) }),
        ])

    /// Tables as a whole.
    static let tableRanges = OpcodeGroup(
        prefix: .miscellaneous, feature: .bulkMemory,
        rows: [
            Row(0x0C, "table.init", .twoIndices { .tableInit($0, table: $1) }),
            Row(0x0D, "elem.drop",  .index { .elementDrop($0) }),
            Row(0x0E, "table.copy", .twoIndices { .tableCopy(destination: $0, source: $1) }),
            Row(0x0F, "table.grow", .index { .tableGrow($0) }, feature: .referenceTypes),
            Row(0x10, "table.size", .index { .tableSize($0) }, feature: .referenceTypes),
            Row(0x11, "table.fill", .index { .tableFill($0) }, feature: .referenceTypes),
        ])
}
