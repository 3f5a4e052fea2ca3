// The static-instance form: one instance for the program's life, its state in LLVM globals.
//
// In a program of one unit everything has internal linkage, so that LLVM sees every use: a global
// that is never written becomes a constant, a table that is never written is one from the start.
// In a program of several units the first one defines the state and the others declare it.
//
// What an instance imports from another one has the other one's symbol: every question about it is
// handed on to the owner.
//
// sandbox: rests on the linker for the place of the image's memory (`MemoryPlacement`), on `MemoryPlan`
// for the numbers in descriptions, and on the sizes of tables and segments being those of their contents.

internal import LLVMKit
internal import Optimization
internal import Sandbox
internal import TargetModel
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Instance state as globals of the program.
final class StaticInstance: InstanceAccess {
    // The unit owns this object and outlives it.
    unowned let unit: UnitLowering
    private let layouts: RuntimeLayouts
    /// Addresses that have been handed out, by symbol.
    private var addresses: [String: IRValue] = [:]

    private var types: IRTypes { unit.types }
    private var plan: InstancePlan { unit.plan }
    private var module: Module { unit.module }

    /// Where memory 0 may lie: the linker decides, code only knows the bounds.
    private static let memoryAddresses =
        MemoryPlacement.defaultAddress..<MemoryPlacement.highestAddress + 1

    init(unit: UnitLowering) {
        self.unit = unit
        layouts = RuntimeLayouts(types: unit.types)
    }

    /// The owner of what has an index, if that is another instance, and the index that it has there.
    private func owner(
        _ kind: ExternalKind, _ index: UInt32
    ) -> (instance: any InstanceAccess, index: UInt32)? {
        guard case .instance(let place) = plan.location(kind, index), place.instance != plan.number
        else { return nil }
        return (unit.codegen.lowering(of: place.instance).instance, place.index)
    }

    /// The address of what is defined where the object is linked, if an import is that.
    private func external(_ kind: ExternalKind, _ index: UInt32) -> IRValue? {
        guard case .symbol(let name) = plan.location(kind, index) else { return nil }
        return unit.codegen.external(name)
    }

    /// What a symbol of the instance is called.
    func symbol(_ name: String) -> String { plan.scope + name }

    /// The address of something that exists once in the program: `define` makes it in the first
    /// unit, the others declare it.
    private func shared(
        _ name: String, type: IRType, define: () -> (value: IRValue, isConstant: Bool)
    ) -> IRValue {
        if let address = addresses[name] { return address }
        let global = unit.ir.addGlobal(
            symbol(name), type: type, linkage: unit.codegen.sharedLinkage)
        addresses[name] = global.value
        if unit.codegen.definesInstances {
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
        let usage = plan.module.usage
        for index in module.globals.indices.dropFirst(module.importedGlobalCount)
        where module.globals[index].isMutable || plan.state.globals[index] == .atStart {
            _ = globalAddress(GlobalIndex(index))
        }
        for index in module.memories.indices.dropFirst(module.importedMemoryCount) {
            _ = memoryDescriptor(MemoryIndex(index))
        }
        for (defined, table) in plan.state.tables.enumerated() {
            let index = TableIndex(module.importedTableCount + defined)
            if table.isImmutable, table.holdsFunctions { _ = self.table(index) }
            if !table.isImmutable || !table.holdsFunctions || usage.observedTables.contains(index) {
                _ = tableDescriptor(index)
            }
        }
        if plan.number == 0, unit.codegen.argumentAreaSize > 0 { _ = argumentArea([]) }
        for index in module.tags.indices { _ = tag(TagIndex(index)) }
        for index in usage.usedData.sorted() { _ = dataSegment(index) }
        for index in usage.usedElements.sorted() { _ = elementSegment(index) }
        for index in usage.referencedFunctions.sorted() { _ = functionReference(index) }
        // An immutable global may hold a reference, too.
        for case .function(let place) in plan.state.globals {
            _ = unit.constant(.function(place))
        }
        if plan.hasHostFunctions { _ = hostContext() }
    }

    // Functions ------------------------------------------------------------------------------

    var leadingParameters: [IRType] { [] }

    var outlivesTraps: Bool { false }

    func enter(_ function: IRFunction) {}

    func leadingArguments() -> [IRValue] { [] }

    func leadingArguments(forReference reference: IRValue) -> [IRValue] { [] }

    func argumentArea(_ leading: [IRValue]) -> IRValue {
        // One for all instances, since they call one another.
        guard plan.number == 0 else { return unit.codegen.main.instance.argumentArea(leading) }
        // Of 64-bit integers, so that it is aligned as they are.
        let type = types.i64.array(unit.codegen.argumentAreaSize / 8)
        return shared("smelt_arguments", type: type) { (type.zero, false) }
    }

    func importedFunction(_ index: FunctionIndex) -> ImportedFunction {
        switch plan.location(.function, index) {
        case .host(let function): .host(function, context: hostContext())
        case .instance(let place): .definition(place)
        case .symbol(let name): .symbol(name, context: hostContext())
        case .nowhere: .missing
        }
    }

    func functionReference(_ index: FunctionIndex) -> IRValue {
        if let (owner, index) = owner(.function, index) { return owner.functionReference(index) }
        return shared("smelt_function_\(index)", type: layouts.function) {
            let type = unit.typeNumber(module.functions[Int(index)])
            return (
                layouts.functionConstant(code: unit.function(index).value, type: type), true
            )
        }
    }

    func tag(_ index: TagIndex) -> IRValue {
        if let (owner, index) = owner(.tag, index) { return owner.tag(index) }
        if let external = external(.tag, index) { return external }
        return shared("smelt_tag_\(index)", type: types.structure([types.pointer])) {
            let name = unit.ir.addString(module.tagName(index))
            return (types.constantStructure([name]), true)
        }
    }

    /// In a program of several units the first one defines it whether it needs it or not: it is
    /// lowered without knowing the others.
    func requireTypeHierarchy() {
        guard plan.number == 0 else { return unit.codegen.main.instance.requireTypeHierarchy() }
        let name = "smelt_type_parents"
        guard addresses[name] == nil, unit.codegen.definesInstances else { return }
        let parents = types.i32.constantArray(
            unit.program.types.parents.map { types.i32.constant(UInt64($0)) })
        let global = unit.ir.addGlobal(
            name, type: parents.type, linkage: .hidden, initializer: parents, isConstant: true)
        addresses[name] = global.value
    }

    /// The `smelt_context` that host functions get: the runtime's for the first instance, and for others
    /// one with the memory that they export (`EntryPoint` completes it).
    func hostContext() -> IRValue {
        let name = "smelt_context"
        guard plan.number == 0 else {
            return shared(name, type: types.structure([types.pointer, types.pointer])) {
                let memory = exportedMemory ?? types.pointer.zero
                return (types.constantStructure([memory, types.pointer.zero]), false)
            }
        }
        if let address = addresses[name] { return address }
        let global = unit.ir.addGlobal(name, type: types.pointer.array(0), linkage: .hidden)
        addresses[name] = global.value
        return global.value
    }

    /// The memory that host functions work on: by the rules of WASI, the export `memory`.
    var exportedMemory: IRValue? {
        module.exports.first { $0.name == "memory" && $0.kind == .memory }
            .map { memoryDescriptor($0.index) }
    }

    // Globals --------------------------------------------------------------------------------

    func constantGlobal(_ index: GlobalIndex) -> IRValue? {
        let type = module.globals[Int(index)]
        let value = plan.state.globals[Int(index)]
        return type.isMutable || value == .atStart ? nil : unit.constant(value)
    }

    func globalAddress(_ index: GlobalIndex) -> IRValue {
        if let (owner, index) = owner(.global, index) { return owner.globalAddress(index) }
        if let external = external(.global, index) { return external }
        let type = unit.lower(module.globals[Int(index)].valueType)
        return shared("smelt_global_\(index)", type: type) {
            let value = plan.state.globals[Int(index)]
            return (value == .atStart ? type.zero : unit.constant(value), false)
        }
    }

    // Memories -------------------------------------------------------------------------------

    /// The image's memory lies where the linker puts it; the runtime places the others before any guest
    /// code runs.
    func memoryBase(_ index: MemoryIndex) -> IRValue {
        if let (owner, index) = owner(.memory, index) { return owner.memoryBase(index) }
        if isImage(index) { return imageBase }
        let field = unit.builder.byteOffset(
            memoryDescriptor(index), types.i64.constant(RuntimeLayouts.memoryBase))
        let base = unit.builder.load(types.pointer, from: field, alignment: 8)
        unit.ir.setInvariant(base)
        return base
    }

    func isImage(_ index: MemoryIndex) -> Bool {
        unit.program.imageMemory == EntityPlace(instance: plan.number, index: index)
    }

    var guestMemory: GuestMemory? {
        guard let image = unit.program.imageMemory, image.instance == plan.number else {
            return nil
        }
        return GuestMemory(
            base: .symbol(Self.imageBaseName),
            byteSize: (.symbol(memorySymbol(image.index)), RuntimeLayouts.memoryByteSize),
            lacksLastPage: plan.memories[Int(image.index)].lacksLastPage,
            outlivesTraps: outlivesTraps, hasSegment: unit.program.hasSegment(unit.options))
    }

    static let imageBaseName = "smelt_memory_0_base"

    func memorySymbol(_ index: MemoryIndex) -> String { symbol(Self.memoryName(index)) }

    private static func memoryName(_ index: MemoryIndex) -> String { "smelt_memory_\(index)" }

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
        if let (owner, index) = owner(.memory, index) { return owner.memoryDescriptor(index) }
        if let external = external(.memory, index) { return external }
        return shared(Self.memoryName(index), type: layouts.memory) {
            let base = isImage(index) ? imageBase : types.pointer.zero
            return (layouts.memoryConstant(base: base, plan.memories[Int(index)]), false)
        }
    }

    // Tables ---------------------------------------------------------------------------------

    func table(_ index: TableIndex) -> TableAccess {
        if let (owner, index) = owner(.table, index) { return owner.table(index) }
        guard let table = definedTable(index), table.isImmutable, table.holdsFunctions else {
            return .descriptor(tableDescriptor(index))
        }
        let type = layouts.callEntry.array(table.elements.count)
        let entries = shared("smelt_table_\(index)_calls", type: type) {
            (layouts.callEntry.constantArray(table.elements.map(callEntry)), true)
        }
        return .immutable(entries: entries, count: UInt64(table.elements.count))
    }

    private func callEntry(_ value: ConstantValue) -> IRValue {
        guard case .function(let place) = value else { return layouts.callEntry.zero }
        let owner = unit.codegen.lowering(of: place.instance)
        return types.constantStructure([
            owner.typeNumber(owner.module.functions[Int(place.index)]),
            owner.function(place.index).value,
        ])
    }

    /// A table that the instance defines itself.
    private func definedTable(_ index: TableIndex) -> TablePlan? {
        let defined = Int(index) - module.importedTableCount
        return defined < 0 ? nil : plan.state.tables[defined]
    }

    func tableDescriptor(_ index: TableIndex) -> IRValue {
        if let (owner, index) = owner(.table, index) { return owner.tableDescriptor(index) }
        if let external = external(.table, index) { return external }
        return shared("smelt_table_\(index)", type: layouts.table) {
            let table = definedTable(index)!
            let count = table.elements.count
            let elements = unit.ir.addGlobal(
                symbol("smelt_table_\(index)_elements"), type: types.pointer.array(count),
                linkage: .internal, initializer: references(table.elements))
            return (
                layouts.tableConstant(
                    elements: elements.value, size: UInt64(count),
                    maximum: plan.module.tableLimits[Int(index)].maximum), false
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
        let segment = module.dataSegments[Int(index)]
        let contents = shared("smelt_data_\(index)", type: types.i8.array(segment.range.count)) {
            (types.constantBytes(module.bytes[segment.range]), true)
        }
        // One that is copied when the program starts is dropped then.
        let isDropped = isActive(segment.mode) && !plan.state.deferredData.contains(index)
        let size = isDropped ? 0 : segment.range.count
        return SegmentAccess(
            contents: contents, sizeAddress: segmentSize("smelt_data_\(index)_size", size))
    }

    func elementSegment(_ index: ElementIndex) -> SegmentAccess {
        let values = plan.state.keptElements[index] ?? []
        let size = values.count
        let contents = shared("smelt_elements_\(index)", type: types.pointer.array(size)) {
            (references(values), !values.contains(.atStart))
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
