// The dynamic-instance form: every compiled function gets a pointer to its instance, and finds
// the state in the slots behind it. Slots never change once an instance exists, so loads of them
// are invariant, and LLVM hoists them out of loops as far as it likes.
//
// sandbox: rests on the layout that the runtime makes instances by, and on slots that never change. Memories
// that are imported were reserved by the plan of another module, with the same numbers.

internal import AccessProof
internal import LLVMKit
internal import Optimization
internal import RuntimeABI
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// Instance state behind a pointer.
final class DynamicInstance: InstanceAccess {
    // The unit owns this object and outlives it.
    unowned let unit: UnitLowering
    private(set) lazy var layout = DynamicLayout(
        unit.module, unit.program.borrowed, argumentBytes: unit.codegen.argumentAreaSize)
    /// The instance, as the current function knows it.
    private var pointer: IRValue?
    /// Constant contents of data segments, by index.
    private var contents: [DataIndex: IRValue] = [:]

    private var types: IRTypes { unit.types }
    private var builder: IRBuilder { unit.builder }

    init(unit: UnitLowering) {
        self.unit = unit
    }

    var leadingParameters: [IRType] { [types.pointer] }

    var guestMemory: GuestMemory? {
        // An imported one may be larger than what this module says.
        let module = unit.module
        guard unit.program.borrowed.memories == 0, !module.memories.isEmpty else { return nil }
        return GuestMemory(
            base: .slot(offset: layout.memoryBase(0)),
            byteSize: (.slot(offset: layout.memory(0)), RuntimeLayouts.memoryByteSize),
            lacksLastPage: unit.plan.memories[0].lacksLastPage, outlivesTraps: outlivesTraps)
    }

    var outlivesTraps: Bool { true }

    func enter(_ function: IRFunction) {
        pointer = function.parameter(0)
        unit.ir.addParameterAttribute("nonnull", at: 0, of: function)
        unit.ir.addParameterAttribute(string: ProofFacts.instanceAttribute, at: 0, of: function)
        unit.ir.addParameterAttribute(
            "dereferenceable", value: UInt64(layout.size), at: 0, of: function)
    }

    private func address(_ offset: Int) -> IRValue {
        builder.byteOffset(pointer!, types.i64.constant(offset))
    }

    private func slot(_ offset: Int) -> IRValue {
        let value = builder.load(types.pointer, from: address(offset), alignment: 8)
        unit.ir.setInvariant(value)
        return value
    }

    /// Nothing is shared but functions.
    func defineShared() {}

    // Functions ------------------------------------------------------------------------------

    func leadingArguments() -> [IRValue] { [pointer!] }

    func leadingArguments(forReference reference: IRValue) -> [IRValue] {
        let field = builder.byteOffset(
            reference, types.i64.constant(RuntimeLayouts.functionInstance))
        let instance = builder.load(types.pointer, from: field, alignment: 8)
        unit.ir.setInvariant(instance)
        return [instance]
    }

    func argumentArea(_ leading: [IRValue]) -> IRValue {
        builder.byteOffset(leading[0], types.i64.constant(DynamicLayout.argumentArea))
    }

    func importedFunction(_ index: FunctionIndex) -> ImportedFunction {
        guard let library = unit.program.form.library else {
            return .reference(functionReference(index))
        }
        if let item = library.functionImports[index] {
            return .embedder(
                item, imports: slot(MemoryLayout<smelt_instance>.offset(of: \.imports)!))
        }
        let context = slot(MemoryLayout<smelt_instance>.offset(of: \.context)!)
        return .host(library.hostFunctions[index]!, context: context)
    }

    func tag(_ index: TagIndex) -> IRValue { slot(layout.tag(index)) }

    /// Who links the modules defines it, from their common registry, and a library if it may be needed.
    func requireTypeHierarchy() {}

    func functionReference(_ index: FunctionIndex) -> IRValue { slot(layout.function(index)) }

    // State ----------------------------------------------------------------------------------

    func constantGlobal(_ index: GlobalIndex) -> IRValue? { nil }

    func globalAddress(_ index: GlobalIndex) -> IRValue {
        let defined = Int(index) - unit.program.borrowed.globals
        return defined < 0 ? slot(layout.global(index)) : address(layout.globalValue(defined))
    }

    func memoryBase(_ index: MemoryIndex) -> IRValue { slot(layout.memoryBase(index)) }

    func memoryDescriptor(_ index: MemoryIndex) -> IRValue { slot(layout.memory(index)) }

    func table(_ index: TableIndex) -> TableAccess { .descriptor(tableDescriptor(index)) }

    func tableDescriptor(_ index: TableIndex) -> IRValue { slot(layout.table(index)) }

    func dataSegment(_ index: DataIndex) -> SegmentAccess {
        SegmentAccess(
            contents: dataContents(index), sizeAddress: address(layout.dataSize(index)))
    }

    private func dataContents(_ index: DataIndex) -> IRValue {
        if let value = contents[index] { return value }
        let bytes = types.constantBytes(
            unit.module.bytes[unit.module.dataSegments[Int(index)].range])
        let global = unit.ir.addGlobal(
            "smelt_data_\(index)", type: bytes.type, linkage: .internal, initializer: bytes,
            isConstant: true)
        contents[index] = global.value
        return global.value
    }

    func elementSegment(_ index: ElementIndex) -> SegmentAccess {
        SegmentAccess(
            contents: address(layout.elementItems[Int(index)]),
            sizeAddress: address(layout.elementSize(index)))
    }
}
