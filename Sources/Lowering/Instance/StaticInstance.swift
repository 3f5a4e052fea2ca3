// The static-instance form: one instance for the program's life, its state in LLVM globals.
//
// In a program of one unit everything has internal linkage, so that LLVM sees every use: a global
// that is never written becomes a constant, a table that is never written is one from the start.
// In a program of several units the first one defines the state and the others declare it.
//
// sandbox: rests on the linker for the place of memory 0 (`MemoryPlacement`), on `MemoryPlan` for the
// numbers in its description, and on the sizes of tables and segments being those of their contents.

internal import LLVMKit
internal import Optimization
internal import Sandbox
internal import TargetModel
internal import WasmBinary
internal import WasmTypes

/// Instance state as globals of the program.
final class StaticInstance: InstanceAccess {
    // The unit owns this object and outlives it.
    unowned let unit: UnitLowering
    private let layouts: RuntimeLayouts
    /// Addresses that have been handed out, by symbol.
    private var addresses: [String: IRValue] = [:]

    private var types: IRTypes { unit.types }
    private var plan: ProgramPlan { unit.plan }

    /// Where memory 0 may lie: the linker decides, code only knows the bounds.
    private static let memoryAddresses =
        MemoryPlacement.defaultAddress..<MemoryPlacement.highestAddress + 1

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

    /// Defines everything that any unit may ask for. The first unit is compiled without knowing
    /// what the others need; in a program of one unit, what nobody asked for is not made.
    func defineShared() {
        let (module, usage) = (plan.module, plan.usage)
        for (index, type) in module.globals.enumerated()
        where type.isMutable || plan.globals[index] == .atStart {
            _ = globalAddress(GlobalIndex(index))
        }
        for index in module.memories.indices { _ = memoryDescriptor(MemoryIndex(index)) }
        for (index, plan) in plan.tables.enumerated() {
            let index = TableIndex(index)
            if plan.isImmutable, plan.holdsFunctions { _ = table(index) }
            if !plan.isImmutable || !plan.holdsFunctions || usage.observedTables.contains(index) {
                _ = tableDescriptor(index)
            }
        }
        if unit.argumentAreaSize > 0 { _ = argumentArea([]) }
        for index in module.tags.indices { _ = tag(TagIndex(index)) }
        for index in usage.usedData.sorted() { _ = dataSegment(index) }
        for index in usage.usedElements.sorted() { _ = elementSegment(index) }
        for index in usage.referencedFunctions.sorted() { _ = functionReference(index) }
        // An immutable global may hold a reference, too.
        for case .function(let index) in plan.globals { _ = functionReference(index) }
    }

    // Functions ------------------------------------------------------------------------------

    var leadingParameters: [IRType] { [] }

    var outlivesTraps: Bool { false }

    func enter(_ function: IRFunction) {}

    func leadingArguments() -> [IRValue] { [] }

    func leadingArguments(forReference reference: IRValue) -> [IRValue] { [] }

    func argumentArea(_ leading: [IRValue]) -> IRValue {
        // Of 64-bit integers, so that it is aligned as they are.
        let type = types.i64.array(unit.argumentAreaSize / 8)
        return shared("smelt_arguments", type: type) { (type.zero, false) }
    }

    func importedFunction(_ index: FunctionIndex) -> ImportedFunction {
        .host(plan.hostFunctions[Int(index)], context: hostContext())
    }

    func functionReference(_ index: FunctionIndex) -> IRValue {
        shared("smelt_function_\(index)", type: layouts.function) {
            let type = unit.typeNumber(plan.module.functions[Int(index)])
            return (
                layouts.functionConstant(code: unit.function(index).value, type: type), true
            )
        }
    }

    func tag(_ index: TagIndex) -> IRValue {
        shared("smelt_tag_\(index)", type: types.structure([types.pointer])) {
            let name = unit.ir.addString(plan.module.tagName(index))
            return (types.constantStructure([name]), true)
        }
    }

    /// In a program of several units the first one defines it whether it needs it or not: it is
    /// lowered without knowing the others.
    func requireTypeHierarchy() {
        let name = "smelt_type_parents"
        guard addresses[name] == nil, unit.definesInstance else { return }
        let parents = types.i32.constantArray(
            plan.typeParents.map { types.i32.constant(UInt64($0)) })
        let global = unit.ir.addGlobal(
            name, type: parents.type, linkage: .hidden, initializer: parents, isConstant: true)
        addresses[name] = global.value
    }

    private func hostContext() -> IRValue {
        let name = "smelt_context"
        if let address = addresses[name] { return address }
        let global = unit.ir.addGlobal(name, type: types.pointer.array(0), linkage: .hidden)
        addresses[name] = global.value
        return global.value
    }

    // Globals --------------------------------------------------------------------------------

    func constantGlobal(_ index: GlobalIndex) -> IRValue? {
        let type = plan.module.globals[Int(index)]
        let value = plan.globals[Int(index)]
        return type.isMutable || value == .atStart ? nil : unit.constant(value)
    }

    func globalAddress(_ index: GlobalIndex) -> IRValue {
        let type = unit.lower(plan.module.globals[Int(index)].valueType)
        return shared("smelt_global_\(index)", type: type) {
            (unit.constant(plan.globals[Int(index)]), false)
        }
    }

    // Memories -------------------------------------------------------------------------------

    /// Memory 0 lies where the linker puts it, in the executable's image; the runtime places the
    /// others before any guest code runs.
    func memoryBase(_ index: MemoryIndex) -> IRValue {
        if index == 0 { return imageBase }
        let field = unit.builder.byteOffset(
            memoryDescriptor(index), types.i64.constant(RuntimeLayouts.memoryBase))
        let base = unit.builder.load(types.pointer, from: field, alignment: 8)
        unit.ir.setInvariant(base)
        return base
    }

    var guestMemory: GuestMemory? {
        guard !plan.module.memories.isEmpty else { return nil }
        return GuestMemory(
            base: .symbol(Self.imageBaseName),
            byteSize: (.symbol(Self.memoryName(0)), RuntimeLayouts.memoryByteSize),
            lacksLastPage: plan.memory(0).lacksLastPage, outlivesTraps: outlivesTraps,
            hasSegment: plan.hasSegment(unit.options))
    }

    static let imageBaseName = "smelt_memory_0_base"

    static func memoryName(_ index: MemoryIndex) -> String { "smelt_memory_\(index)" }

    private var imageBase: IRValue {
        let name = Self.imageBaseName
        if let address = addresses[name] { return address }
        // No size: a sized array would promise that all of it may be read ahead of time.
        let global = unit.ir.addGlobal(name, type: types.i8.array(0), linkage: .hidden)
        // The fast instruction selectors do not know symbols with known addresses, and leave half of
        // all accesses to the slow one.
        if unit.level != .none {
            unit.ir.setAbsoluteSymbol(global, range: Self.memoryAddresses)
        }
        global.setAlignment(1)
        addresses[name] = global.value
        return global.value
    }

    func memoryDescriptor(_ index: MemoryIndex) -> IRValue {
        shared(Self.memoryName(index), type: layouts.memory) {
            let base = index == 0 ? imageBase : types.pointer.zero
            return (layouts.memoryConstant(base: base, plan.memory(index)), false)
        }
    }

    // Tables ---------------------------------------------------------------------------------

    func table(_ index: TableIndex) -> TableAccess {
        let table = plan.tables[Int(index)]
        guard table.isImmutable, table.holdsFunctions else {
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
            return (
                layouts.tableConstant(
                    elements: elements.value, size: UInt64(count),
                    maximum: plan.tableLimits[Int(index)].maximum), false
            )
        }
    }

    /// An array of references; all null ones take no room in the file.
    private func references(_ values: [ConstantValue]) -> IRValue {
        if values.allSatisfy({ $0 == .null || $0 == .atStart }) {
            return types.pointer.array(values.count).zero
        }
        return types.pointer.constantArray(values.map(unit.constant))
    }

    // Segments -------------------------------------------------------------------------------

    func dataSegment(_ index: DataIndex) -> SegmentAccess {
        let segment = plan.module.dataSegments[Int(index)]
        let contents = shared("smelt_data_\(index)", type: types.i8.array(segment.range.count)) {
            (types.constantBytes(plan.module.bytes[segment.range]), true)
        }
        // One that is copied when the program starts is dropped then.
        let isDropped = isActive(segment.mode) && !plan.deferredData.contains(index)
        let size = isDropped ? 0 : segment.range.count
        return SegmentAccess(
            contents: contents, sizeAddress: segmentSize("smelt_data_\(index)_size", size))
    }

    func elementSegment(_ index: ElementIndex) -> SegmentAccess {
        let segment = plan.module.elements[Int(index)]
        let size = segment.mode == .passive ? segment.count : 0
        let contents = shared("smelt_elements_\(index)", type: types.pointer.array(size)) {
            let values = size == 0 ? [] : plan.passiveElements[index]!
            return (references(values), !values.contains(.atStart))
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
}
