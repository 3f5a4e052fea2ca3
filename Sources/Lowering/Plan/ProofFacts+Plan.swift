// What the proof of accesses is told about a program: facts of its plan, and not of its code.

internal import AccessProof
internal import RuntimeABI
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

extension CodegenUnit {
    /// The ground truth of a proof for this unit.
    var proofFacts: ProofFacts {
        var facts = ProofFacts()
        facts.memoryLayout = ProofFacts.Layout(
            pointer: RuntimeLayouts.memoryBase, size: RuntimeLayouts.memoryByteSize,
            bytes: UInt64(MemoryLayout<smelt_memory>.size))
        facts.tableLayout = ProofFacts.Layout(
            pointer: RuntimeLayouts.tableElements, size: RuntimeLayouts.tableSize,
            bytes: UInt64(MemoryLayout<smelt_table>.size))
        facts.functionBytes = UInt64(MemoryLayout<smelt_function>.size)
        facts.objectBytes = UInt64(largestObject)
        facts.hasObjects = program.hasObjects
        facts.runtimeAccesses = [
            "smelt_atomic_notify": [0: 4], "smelt_atomic_wait32": [0: 4],
            "smelt_atomic_wait64": [0: 8],
        ]
        facts.symbols["smelt_context"] = .bytes(UInt64(MemoryLayout<smelt_context>.size))
        for lowering in lowerings { lowering.instance.describe(&facts) }
        return facts
    }

    /// The bytes of the largest structure or exception; 0 if there are none.
    private var largestObject: Int { lowerings.map(\.largestObject).max() ?? 0 }
}

extension UnitLowering {
    fileprivate var largestObject: Int {
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

extension ProofFacts {
    /// Adds a memory and gives its number.
    fileprivate mutating func add(_ memory: MemoryPlan) -> Int {
        memories.append(
            Memory(
                reachableBytes: memory.isGuarded ? memory.reservedBytes : nil,
                minimumBytes: memory.refusal == nil ? memory.initialBytes : 0,
                maximumBytes: memory.type.addressType == .i32
                    ? UncheckedAccess.indexLimit : MemoryPlan.largestSize))
        return memories.count - 1
    }
}

extension StaticInstance {
    /// Each instance describes what it defines, by the plan that this is made by. Others refer to it by the
    /// same symbols.
    func describe(_ facts: inout ProofFacts) {
        let module = unit.module
        for (index, memory) in unit.plan.memories.enumerated() {
            let index = MemoryIndex(index)
            if let symbol = ownSymbol(.memory, index) ?? externalSymbol(.memory, index) {
                let number = facts.add(memory)
                facts.symbols[symbol] = .memory(number)
                guard isImage(index) else { continue }
                facts.symbols[Self.imageBaseName] = .memoryBase(number)
                if unit.program.hasSegment(unit.options) { facts.segmentMemory = number }
            }
        }
        for index in module.tables.indices {
            let index = TableIndex(index)
            guard let symbol = ownSymbol(.table, index) ?? externalSymbol(.table, index) else {
                continue
            }
            // Any number that no other table has.
            let number = facts.symbols.count
            facts.symbols[symbol] = .table(number)
            facts.tableMinimums[number] = module.tables[Int(index)].limits.minimum
        }
        for index in 0..<module.importedGlobalCount {
            guard let symbol = externalSymbol(.global, GlobalIndex(index)) else { continue }
            facts.symbols[symbol] = .bytes(UInt64(DynamicLayout.globalValue))
        }
        for (index, segment) in module.dataSegments.enumerated() {
            facts.largestValues[symbol("smelt_data_\(index)_size")] = UInt64(segment.range.count)
        }
    }

    private func ownSymbol(_ kind: ExternalKind, _ index: UInt32) -> String? {
        guard index >= unit.module.importedCount(of: kind) else { return nil }
        return kind == .memory ? memorySymbol(index) : symbol("smelt_table_\(index)")
    }

    private func externalSymbol(_ kind: ExternalKind, _ index: UInt32) -> String? {
        if case .symbol(let name) = unit.plan.location(kind, index) { name } else { nil }
    }
}

extension DynamicInstance {
    func describe(_ facts: inout ProofFacts) {
        let module = unit.module
        for (index, memory) in unit.plan.memories.enumerated() {
            _ = facts.add(memory)
            facts.slots[layout.memory(MemoryIndex(index))] = .memory(index)
            facts.slots[layout.memoryBase(MemoryIndex(index))] = .memoryBase(index)
        }
        for index in module.tables.indices {
            facts.slots[layout.table(TableIndex(index))] = .table(index)
            facts.tableMinimums[index] = module.tables[index].limits.minimum
        }
        for index in 0..<unit.program.borrowed.globals {
            facts.slots[layout.global(GlobalIndex(index))] = .bytes(
                UInt64(DynamicLayout.globalValue))
        }
        for (index, segment) in module.dataSegments.enumerated() {
            facts.largestSlotValues[layout.dataSize(DataIndex(index))] = UInt64(
                segment.range.count)
        }
    }
}
