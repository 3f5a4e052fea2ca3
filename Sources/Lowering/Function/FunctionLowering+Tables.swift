// Tables (section 4.4.6). Reads and writes of one element are inline; everything that touches
// many is a function of the runtime, which checks bounds itself and says whether they held.
//
// sandbox: rests on comparisons with the table's current size, and on `TableLimits.largestTable` for
// eight times an index not to wrap.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    /// The address of an element, after checking that there is one.
    mutating func tableSlot(
        _ index: IRValue, in descriptor: IRValue, trap code: TrapCode
    ) -> IRValue {
        let size = loadField(types.i64, of: descriptor, at: RuntimeLayouts.tableSize)
        let isOutside = builder.icmp(
            PlantedFault.tableBounds.isPlanted ? .ugt : .uge, index, size)
        trap(code, if: isOutside)
        let elements = loadField(types.pointer, of: descriptor, at: RuntimeLayouts.tableElements)
        return builder.byteOffset(elements, builder.mul(index, types.i64.constant(8)))
    }

    /// A field of one of the runtime's structs.
    func loadField(_ type: IRType, of structure: IRValue, at offset: Int) -> IRValue {
        builder.load(
            type, from: builder.byteOffset(structure, types.i64.constant(offset)), alignment: 8)
    }

    mutating func lowerTableGet(_ table: TableIndex) {
        let index = popTableIndex(table)
        let slot = tableSlot(
            index, in: instance.tableDescriptor(table), trap: .outOfBoundsTableAccess)
        stack.push(builder.load(types.pointer, from: slot, alignment: 8))
    }

    mutating func lowerTableSet(_ table: TableIndex) {
        let value = stack.pop()
        let index = popTableIndex(table)
        let slot = tableSlot(
            index, in: instance.tableDescriptor(table), trap: .outOfBoundsTableAccess)
        builder.store(value, to: slot, alignment: 8)
    }

    mutating func lowerTableSize(_ table: TableIndex) {
        let size = loadField(
            types.i64, of: instance.tableDescriptor(table), at: RuntimeLayouts.tableSize)
        pushSize(size, addressType(of: table))
    }

    mutating func lowerTableGrow(_ table: TableIndex) {
        let delta = popTableIndex(table)
        let value = stack.pop()
        let old = callInPieces(
            SMELT_RUNTIME_table_grow, [instance.tableDescriptor(table), delta, value])
        pushSize(old, addressType(of: table))
    }

    mutating func lowerTableFill(_ table: TableIndex) {
        let count = popTableIndex(table)
        let value = stack.pop()
        let start = popTableIndex(table)
        callChecked(
            SMELT_RUNTIME_table_fill, [instance.tableDescriptor(table), start, value, count])
    }

    mutating func lowerTableCopy(_ destination: TableIndex, _ source: TableIndex) {
        let count = popIndex(addressType(of: destination).smaller(addressType(of: source)))
        let from = popTableIndex(source)
        let to = popTableIndex(destination)
        callChecked(
            SMELT_RUNTIME_table_copy,
            [
                instance.tableDescriptor(destination), instance.tableDescriptor(source), to, from,
                count,
            ])
    }

    mutating func lowerTableInit(_ segment: ElementIndex, _ table: TableIndex) {
        let count = popIndex(.i32)
        let from = popIndex(.i32)
        let to = popTableIndex(table)
        let access = instance.elementSegment(segment)
        let size = builder.load(types.i64, from: access.sizeAddress, alignment: 8)
        callChecked(
            SMELT_RUNTIME_table_init,
            [instance.tableDescriptor(table), access.contents, size, to, from, count])
    }

    /// Calls a function of the runtime that returns 0 when it is asked for elements that are not
    /// there.
    private mutating func callChecked(
        _ function: smelt_runtime_function, _ arguments: [IRValue]
    ) {
        let held = callInPieces(function, arguments)
        trap(.outOfBoundsTableAccess, if: builder.icmp(.eq, held, types.i32.zero))
    }

    private func addressType(of table: TableIndex) -> AddressType {
        unit.module.tables[Int(table)].addressType
    }

    /// Pops an index of a table's elements, as an i64.
    mutating func popTableIndex(_ table: TableIndex) -> IRValue {
        popIndex(addressType(of: table))
    }

    /// Pops an address, an index or a count, as an i64.
    mutating func popIndex(_ type: AddressType) -> IRValue {
        let value = stack.pop()
        return type == .i64 ? value : builder.zext(value, to: types.i64)
    }

    /// Pushes a size, which is an i64, in the type that it has in a memory or a table.
    mutating func pushSize(_ size: IRValue, _ type: AddressType) {
        stack.push(type == .i64 ? size : builder.trunc(size, to: types.i32))
    }

    /// Makes a segment empty, which is all that dropping it means.
    func drop(_ segment: SegmentAccess) {
        builder.store(types.i64.zero, to: segment.sizeAddress, alignment: 8)
    }
}

extension AddressType {
    /// The type that counts what is copied between two memories or tables.
    func smaller(_ other: AddressType) -> AddressType { self == .i64 ? other : self }
}
