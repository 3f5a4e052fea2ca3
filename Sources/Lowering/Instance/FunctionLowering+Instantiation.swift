// Instantiation at run time: what compiled code does for a dynamic instance, and for what a static one
// copies to places that are not part of the executable's image (section 4.7.1).
//
// sandbox: rests on the instructions that it is made of, which check what they do; the references of
// element segments are stored where `DynamicLayout` has made room for as many.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    private var module: Module { unit.module }

    /// All of it, in the specification's order: globals, tables, element segments, data segments,
    /// the start function. Functions, memories and empty tables are there already.
    mutating func lowerInstantiation() throws(ModuleError) {
        for (index, initializer) in module.globalInitializers.enumerated() {
            _ = try lowerConstant(from: initializer.range.lowerBound)
            lowerGlobalSet(GlobalIndex(module.importedGlobalCount + index))
        }
        for (index, initializer) in module.tableInitializers.enumerated() {
            guard let initializer else { continue }
            try fillTable(TableIndex(module.importedTableCount + index), with: initializer)
        }
        for index in module.elements.indices { try storeElements(ElementIndex(index)) }
        for (index, segment) in module.dataSegments.enumerated() {
            let size = types.i64.constant(segment.range.count)
            builder.store(
                size, to: instance.dataSegment(DataIndex(index)).sizeAddress, alignment: 8)
        }
        for index in module.elements.indices { try lowerActiveElements(ElementIndex(index)) }
        if unit.program.form.library?.hasMemoryImage == true {
            try lowerDataWithoutImage()
        } else {
            for index in module.dataSegments.indices { try lowerActiveData(DataIndex(index)) }
        }
        // What a library starts with is a call of its own, behind which nothing is the same any more.
        if let start = module.start, unit.program.form.library == nil {
            lowerCall(start.function, as: .plain)
        }
        lowerReturn()
    }

    /// Copies data segments unless the runtime has mapped a memory that has them already.
    private mutating func lowerDataWithoutImage() throws(ModuleError) {
        let place = builder.byteOffset(
            instance.leadingArguments()[0],
            types.i64.constant(MemoryLayout<smelt_instance>.offset(of: \.has_image)!))
        let hasImage = builder.load(types.i64, from: place, alignment: 8)
        let copy = builder.addBlock("copy", to: function)
        let done = builder.addBlock("copied", to: function)
        builder.branch(
            if: builder.icmp(.eq, hasImage, types.i64.zero), then: copy, else: done)
        builder.position(atEndOf: copy)
        for index in module.dataSegments.indices { try lowerActiveData(DataIndex(index)) }
        builder.branch(to: done)
        builder.position(atEndOf: done)
        for (index, segment) in module.dataSegments.enumerated() {
            if case .active = segment.mode { drop(instance.dataSegment(DataIndex(index))) }
        }
    }

    /// What objects there are in the initial state of a static instance, in the same order; all the
    /// rest is there already.
    mutating func lowerObjectsAtStart() throws(ModuleError) {
        let state = unit.plan.state
        for (defined, initializer) in module.globalInitializers.enumerated()
        where state.globals[module.importedGlobalCount + defined] == .atStart {
            _ = try lowerConstant(from: initializer.range.lowerBound)
            lowerGlobalSet(GlobalIndex(module.importedGlobalCount + defined))
        }
        let evaluator = ConstantEvaluator(instance: unit.plan, globals: state.globals)
        for (defined, initializer) in module.tableInitializers.enumerated() {
            guard let initializer, try evaluator.evaluate(initializer) == .atStart else { continue }
            try fillTable(TableIndex(module.importedTableCount + defined), with: initializer)
        }
        for (index, segment) in module.elements.enumerated() {
            let items = try evaluator.evaluateItems(of: segment)
            guard items.contains(.atStart) else { continue }
            switch segment.mode {
            case _ where state.keptElements[ElementIndex(index)] != nil:
                try storeElements(ElementIndex(index))
            case .passive: break
            case .active(let table, let offset):
                // One that is not copied when the program starts has a known offset.
                guard let start = try evaluator.evaluateOffset(offset) else { break }
                try setElements(of: table, from: start, segment, items)
            case .declarative: break
            }
        }
    }

    /// Sets the elements of a table that an active segment has objects for, unless a later segment has
    /// something else for them.
    private mutating func setElements(
        of table: TableIndex, from start: UInt64, _ segment: ElementSegment,
        _ items: [ConstantValue]
    ) throws(ModuleError) {
        guard case .expressions(var offset, _) = segment.items,
            case .instance(let place) = unit.plan.location(.table, table)
        else { return }
        let owner = unit.codegen.lowering(of: place.instance)
        let defined = Int(place.index) - owner.module.importedTableCount
        let elements = owner.plan.state.tables[defined].elements
        for (position, item) in items.enumerated() {
            let index = start + UInt64(position)
            stack.push(integer(module.tables[Int(table)].addressType).constant(index))
            offset = try lowerConstant(from: offset)
            if index < UInt64(elements.count), item == .atStart, elements[Int(index)] == .atStart {
                lowerTableSet(table)
            } else {
                _ = stack.pop(2)
            }
        }
    }

    private mutating func fillTable(
        _ table: TableIndex, with initializer: ConstantExpression
    ) throws(ModuleError) {
        let type = module.tables[Int(table)]
        stack.push(integer(type.addressType).zero)
        _ = try lowerConstant(from: initializer.range.lowerBound)
        stack.push(integer(type.addressType).constant(type.limits.minimum))
        lowerTableFill(table)
    }

    /// Computes the references of an element segment.
    private mutating func storeElements(_ index: ElementIndex) throws(ModuleError) {
        let segment = module.elements[Int(index)]
        if segment.mode == .declarative { return }
        let access = instance.elementSegment(index)
        func store(_ value: IRValue, _ position: Int) {
            let address = builder.byteOffset(access.contents, types.i64.constant(8 * position))
            builder.store(value, to: address, alignment: 8)
        }
        switch segment.items {
        case .functions(let offset, let count):
            var reader = BinaryReader(bytes: module.bytes, range: offset..<module.bytes.count)
            for position in 0..<count {
                store(instance.functionReference(try reader.readU32()), position)
            }
        case .expressions(var offset, let count):
            for position in 0..<count {
                offset = try lowerConstant(from: offset)
                store(stack.pop(), position)
            }
        }
        builder.store(types.i64.constant(segment.count), to: access.sizeAddress, alignment: 8)
    }

    /// Copies an active element segment to its place, and drops it.
    mutating func lowerActiveElements(_ index: ElementIndex) throws(ModuleError) {
        let segment = module.elements[Int(index)]
        guard case .active(let table, let offset) = segment.mode else { return }
        _ = try lowerConstant(from: offset.range.lowerBound)
        stack.push(types.i32.zero)
        stack.push(types.i32.constant(segment.count))
        lowerTableInit(index, table)
        drop(instance.elementSegment(index))
    }

    /// Copies an active data segment to its place, and drops it.
    mutating func lowerActiveData(_ index: DataIndex) throws(ModuleError) {
        let segment = module.dataSegments[Int(index)]
        guard case .active(let memory, let offset) = segment.mode else { return }
        _ = try lowerConstant(from: offset.range.lowerBound)
        stack.push(types.i32.zero)
        stack.push(types.i32.constant(segment.range.count))
        lowerMemoryInit(index, memory)
        drop(instance.dataSegment(index))
    }

    private func integer(_ type: AddressType) -> IRType {
        type == .i32 ? types.i32 : types.i64
    }
}
