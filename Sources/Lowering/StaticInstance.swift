// The static-instance form: one instance for the program's life, its state in LLVM globals.
//
// In a program of one unit everything has internal linkage, so that LLVM sees every use: a global
// that is never written becomes a constant, a table that is never written is one from the start.
// In a program of several units the first one defines the state and the others declare it.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// Instance state as globals of the program.
final class StaticInstance: InstanceAccess {
    // The unit owns this object and outlives it.
    private unowned let unit: UnitLowering
    private let layouts: RuntimeLayouts
    /// Addresses that have been handed out, by symbol.
    private var addresses: [String: IRValue] = [:]

    private var types: IRTypes { unit.types }
    private var plan: ProgramPlan { unit.plan }

    /// Where memory 0 may lie: the linker decides, code only knows the bounds.
    private static let memoryAddresses: Range<UInt64> = 0x1000_0000..<0x7fff_0001

    init(unit: UnitLowering) {
        self.unit = unit
        layouts = RuntimeLayouts(types: unit.types)
    }

    /// The address of something that exists once in the program: `define` makes it in the first
    /// unit, the others declare it.
    private func shared(
        _ name: String, type: IRType, define: () -> (value: IRValue, isConstant: Bool)
    ) -> IRValue {
        if let address = addresses[name] { return address }
        let global = unit.ir.addGlobal(name, type: type, linkage: unit.sharedLinkage)
        addresses[name] = global.value
        if unit.definesInstance {
            let (value, isConstant) = define()
            global.setInitializer(value)
            global.setConstant(isConstant)
        } else {
            global.setLinkage(.hidden)
        }
        return global.value
    }

    // Globals --------------------------------------------------------------------------------

    func constantGlobal(_ index: GlobalIndex) -> IRValue? {
        let type = plan.module.globals[Int(index)]
        return type.isMutable ? nil : unit.constant(plan.globals[Int(index)])
    }

    func globalAddress(_ index: GlobalIndex) -> IRValue {
        let type = unit.lower(plan.module.globals[Int(index)].valueType)
        return shared("smelt_global_\(index)", type: type) {
            (unit.constant(plan.globals[Int(index)]), false)
        }
    }

    // Memories -------------------------------------------------------------------------------

    func memoryBase(_ index: MemoryIndex) -> IRValue {
        let name = "smelt_memory_\(index)_base"
        if let address = addresses[name] { return address }
        // No size: a sized array would promise that all of it may be read ahead of time.
        let global = unit.ir.addGlobal(name, type: types.i8.array(0), linkage: .hidden)
        unit.ir.setAbsoluteSymbol(global, range: Self.memoryAddresses)
        global.setAlignment(1)
        addresses[name] = global.value
        return global.value
    }

    func memoryDescriptor(_ index: MemoryIndex) -> IRValue {
        shared("smelt_memory_\(index)", type: layouts.memory) {
            let type = plan.module.memories[Int(index)]
            let pageLog2 = UInt64(type.pageSizeLog2)
            let maximum = min(type.limits.maximum ?? .max, UInt64(1) << (32 - pageLog2))
            return (
                layouts.memoryConstant(
                    base: memoryBase(index), byteSize: type.limits.minimum << pageLog2,
                    maximumPages: maximum, reservedBytes: reservedBytes,
                    pageSizeLog2: type.pageSizeLog2), false
            )
        }
    }

    /// Address space behind a memory's base: every address that an access without a check can
    /// form, in whole Wasm pages.
    private var reservedBytes: UInt64 {
        let largestAccess: UInt64 = 16
        let end = (UInt64(1) << 32) + plan.usage.largestGuardedOffset + largestAccess
        return (end + 0xffff) & ~0xffff
    }

    // Tables ---------------------------------------------------------------------------------

    func table(_ index: TableIndex) -> TableAccess {
        let table = plan.tables[Int(index)]
        guard table.isImmutable, table.type.element.heapType == .abstract(.function) else {
            return .descriptor(tableDescriptor(index))
        }
        let type = layouts.callEntry.array(table.elements.count)
        let entries = shared("smelt_table_\(index)_calls", type: type) {
            (layouts.callEntry.constantArray(table.elements.map(callEntry)), true)
        }
        return .immutable(entries: entries, count: UInt64(table.elements.count))
    }

    private func callEntry(_ value: ConstantValue) -> IRValue {
        guard case .function(let function) = value else { return layouts.callEntry.zero }
        return types.constantStructure([
            unit.typeNumber(plan.module.functions[Int(function)]), unit.function(function).value,
        ])
    }

    func tableDescriptor(_ index: TableIndex) -> IRValue {
        shared("smelt_table_\(index)", type: layouts.table) {
            let table = plan.tables[Int(index)]
            let count = table.elements.count
            let elements = unit.ir.addGlobal(
                "smelt_table_\(index)_elements", type: types.pointer.array(count),
                linkage: .internal, initializer: references(table.elements))
            let maximum = table.type.limits.maximum ?? UInt64(UInt32.max)
            return (
                layouts.tableConstant(
                    elements: elements.value, size: UInt64(count), maximum: maximum), false
            )
        }
    }

    /// An array of references; all null ones take no room in the file.
    private func references(_ values: [ConstantValue]) -> IRValue {
        if values.allSatisfy({ $0 == .null }) { return types.pointer.array(values.count).zero }
        return types.pointer.constantArray(values.map(unit.constant))
    }

    func functionReference(_ index: FunctionIndex) -> IRValue {
        shared("smelt_function_\(index)", type: layouts.function) {
            let type = unit.typeNumber(plan.module.functions[Int(index)])
            return (
                layouts.functionConstant(code: unit.function(index).value, type: type), true
            )
        }
    }

    // Segments -------------------------------------------------------------------------------

    func dataSegment(_ index: DataIndex) -> SegmentAccess {
        let segment = plan.module.dataSegments[Int(index)]
        let contents = shared("smelt_data_\(index)", type: types.i8.array(segment.range.count)) {
            (types.constantBytes(plan.module.bytes[segment.range]), true)
        }
        let size = isActive(segment.mode) ? 0 : segment.range.count
        return SegmentAccess(
            contents: contents, sizeAddress: segmentSize("smelt_data_\(index)_size", size))
    }

    func elementSegment(_ index: ElementIndex) -> SegmentAccess {
        let segment = plan.module.elements[Int(index)]
        let size = segment.mode == .passive ? segment.count : 0
        let contents = shared("smelt_elements_\(index)", type: types.pointer.array(size)) {
            (references(size == 0 ? [] : plan.passiveElements[index]!), true)
        }
        return SegmentAccess(
            contents: contents, sizeAddress: segmentSize("smelt_elements_\(index)_size", size))
    }

    private func isActive(_ mode: SegmentMode) -> Bool {
        if case .active = mode { true } else { false }
    }

    private func segmentSize(_ name: String, _ size: Int) -> IRValue {
        shared(name, type: types.i64) { (types.i64.constant(size), false) }
    }

    // Host -----------------------------------------------------------------------------------

    func hostContext() -> IRValue {
        let name = "smelt_context"
        if let address = addresses[name] { return address }
        let global = unit.ir.addGlobal(name, type: types.pointer.array(0), linkage: .hidden)
        addresses[name] = global.value
        return global.value
    }
}
