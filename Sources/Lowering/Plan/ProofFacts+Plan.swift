// What the proof of accesses is told about a program: facts of its plan, and not of its code.

internal import AccessProof
internal import RuntimeABI
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

extension UnitLowering {
    /// The ground truth of a proof for this unit.
    var proofFacts: ProofFacts {
        var facts = ProofFacts()
        facts.memories = plan.memories.map { memory in
            ProofFacts.Memory(
                reachableBytes: memory.isGuarded ? memory.reservedBytes : nil,
                minimumBytes: memory.refusal == nil ? memory.initialBytes : 0,
                maximumBytes: memory.type.addressType == .i32
                    ? UncheckedAccess.indexLimit : MemoryPlan.largestSize)
        }
        facts.memoryLayout = ProofFacts.Layout(
            pointer: RuntimeLayouts.memoryBase, size: RuntimeLayouts.memoryByteSize,
            bytes: UInt64(MemoryLayout<smelt_memory>.size))
        facts.tableLayout = ProofFacts.Layout(
            pointer: RuntimeLayouts.tableElements, size: RuntimeLayouts.tableSize,
            bytes: UInt64(MemoryLayout<smelt_table>.size))
        facts.functionBytes = UInt64(MemoryLayout<smelt_function>.size)
        facts.objectBytes = UInt64(largestObject)
        facts.hasObjects = plan.hasObjects
        facts.runtimeAccesses = [
            "smelt_atomic_notify": [0: 4], "smelt_atomic_wait32": [0: 4],
            "smelt_atomic_wait64": [0: 8],
        ]
        instance.describe(&facts)
        return facts
    }

    /// The bytes of the largest structure or exception; 0 if there are none.
    private var largestObject: Int {
        let structures = module.types.compactMap { type -> Int? in
            guard let layout = ObjectLayout(type, of: module), case .structure = layout.kind else {
                return nil
            }
            return layout.size
        }
        let exceptions = module.tags.map { tag in
            let type = module.types[Int(tag.type)].functionType!
            return RuntimeLayouts.exceptionArguments + ExceptionLayout(type.parameters).size
        }
        return (structures + exceptions).max() ?? 0
    }

}

extension StaticInstance {
    func describe(_ facts: inout ProofFacts) {
        let module = unit.module
        for index in module.memories.indices {
            facts.symbols[Self.memoryName(MemoryIndex(index))] = .memory(index)
        }
        if !module.memories.isEmpty { facts.symbols[Self.imageBaseName] = .memoryBase(0) }
        for index in module.tables.indices { facts.symbols["smelt_table_\(index)"] = .table(index) }
        for (index, segment) in module.dataSegments.enumerated() {
            facts.largestValues["smelt_data_\(index)_size"] = UInt64(segment.range.count)
        }
        if unit.plan.hasSegment(unit.options) { facts.segmentMemory = 0 }
    }
}

extension DynamicInstance {
    func describe(_ facts: inout ProofFacts) {
        let module = unit.module
        for index in module.memories.indices {
            facts.slots[layout.memory(MemoryIndex(index))] = .memory(index)
            facts.slots[layout.memoryBase(MemoryIndex(index))] = .memoryBase(index)
        }
        for index in module.tables.indices {
            facts.slots[layout.table(TableIndex(index))] = .table(index)
        }
        for index in 0..<unit.plan.borrowed.globals {
            facts.slots[layout.global(GlobalIndex(index))] = .bytes(
                UInt64(DynamicLayout.globalValue))
        }
        for (index, segment) in module.dataSegments.enumerated() {
            facts.largestSlotValues[layout.dataSize(DataIndex(index))] = UInt64(
                segment.range.count)
        }
    }
}
