// Every opcode once: how it is encoded, what it is called, which proposal it came with, which
// instruction it makes and what its types are. The decoder, the simple part of validation and
// all printed names come from here; the rows are in the files beside this one, by area.

import WasmTypes

/// The rows, and where each opcode's row is.
final class OpcodeTable: Sendable {
    static let shared = OpcodeTable(
        groups: [
            control, variables, tables, tableRanges, memory, memoryRanges,
            comparisons, arithmetic, conversions, saturating, references, aggregates,
            vectorMemory, vectorLanes, vectorComparisons, vectorBits,
            vectorIntegers, vectorWidths, vectorFloats, vectorRelaxed, atomics,
        ])

    /// Marks a code that nothing is assigned to.
    static let unassigned = UInt16.max

    let rows: [OpcodeRow]
    // Per row, apart from the rest because they are looked at for every instruction.
    let forms: [ImmediateForm]
    let features: [Feature]
    let signatures: [Signature?]
    let prefixes: [OpcodePrefix]

    /// Row by code, for each prefix; short of its largest code there is none.
    private let plain: [UInt16]
    private let aggregate: [UInt16]
    private let miscellaneous: [UInt16]
    private let vector: [UInt16]
    private let atomic: [UInt16]

    private init(groups: [OpcodeGroup]) {
        let rows = groups.flatMap(\.rows)
        let prefixes = groups.flatMap { group in group.rows.map { _ in group.prefix } }
        self.rows = rows
        self.prefixes = prefixes
        forms = rows.map(\.form)
        signatures = rows.map(\.signature)
        features = groups.flatMap { group in group.rows.map { $0.feature ?? group.feature } }

        func index(_ prefix: OpcodePrefix, count: Int) -> [UInt16] {
            var index = Array(repeating: OpcodeTable.unassigned, count: count)
            for (number, row) in rows.enumerated() where prefixes[number] == prefix {
                let code = Int(row.code)
                precondition(index[code] == OpcodeTable.unassigned, "\(row.name): code is taken")
                index[code] = UInt16(number)
            }
            return index
        }
        plain = index(.none, count: 0x100)
        aggregate = index(.aggregate, count: 0x20)
        miscellaneous = index(.miscellaneous, count: 0x18)
        vector = index(.vector, count: 0x120)
        atomic = index(.atomic, count: 0x50)
    }

    /// The row of an opcode of one byte.
    @inline(__always)
    func row(_ byte: UInt8) -> UInt16 { plain[Int(byte)] }

    /// The row of an opcode with a prefix.
    func row(_ prefix: OpcodePrefix, _ code: UInt32) -> UInt16 {
        let index =
            switch prefix {
            case .none: plain
            case .aggregate: aggregate
            case .miscellaneous: miscellaneous
            case .vector: vector
            case .atomic: atomic
            }
        return Int(code) < index.count ? index[Int(code)] : Self.unassigned
    }
}
