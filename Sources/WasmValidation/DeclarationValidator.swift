// What a module declares: types, imports, the types of its functions, tables, memories, globals
// and tags, exports, the start function (WebAssembly 3.0, sections 3.2 and 3.5).

import WasmBinary
import WasmTypes

/// Validates the declarations of a module, section by section.
struct DeclarationValidator {
    let module: Module
    let features: FeatureSet
    private(set) var usedFeatures = FeatureSet()

    init(module: Module, features: FeatureSet) {
        self.module = module
        self.features = features
    }

    // Complaints ------------------------------------------------------------------------------

    private func invalid(_ message: String, at offset: Int) -> ModuleError {
        ModuleError(.invalid, message, at: offset)
    }

    /// Notes the use of a feature that shows only in the module as a whole.
    private mutating func use(
        _ feature: Feature, at offset: Int, else message: String
    ) throws(ModuleError) {
        guard features.contains(feature) else {
            throw invalid(
                "\(message) (the \(feature.name) proposal is disabled)", at: offset)
        }
        usedFeatures.insert(feature)
    }

    // Counts ----------------------------------------------------------------------------------

    /// Compares the sizes of the index spaces with the implementation's limits.
    func checkCounts() throws(ModuleError) {
        typealias Limits = ImplementationLimits
        let counts: [(String, Int, Int, UInt8)] = [
            ("types", module.types.count, Limits.types, 1),
            ("recursive groups", module.recursionGroups.count, Limits.recursionGroups, 1),
            ("imports", module.imports.count, Limits.imports, 2),
            ("functions", module.functions.count, Limits.functions, 3),
            ("tables", module.tables.count, Limits.tables, 4),
            ("memories", module.memories.count, Limits.memories, 5),
            ("globals", module.globals.count, Limits.globals, 6),
            ("exports", module.exports.count, Limits.exports, 7),
            ("element segments", module.elements.count, Limits.elementSegments, 9),
            ("data segments", module.dataSegments.count, Limits.dataSegments, 11),
            ("tags", module.tags.count, Limits.tags, 13),
        ]
        for (name, count, limit, section) in counts where count > limit {
            throw ModuleError(
                .limitExceeded, "too many \(name): \(count), at most \(limit)",
                at: module.offset(ofSection: section))
        }
    }

    // Entities --------------------------------------------------------------------------------

    func requireValid(_ type: ValueType, at offset: Int) throws(ModuleError) {
        if case .reference(let reference) = type { try requireValid(reference, at: offset) }
    }

    func requireValid(_ type: ReferenceType, at offset: Int) throws(ModuleError) {
        if case .concrete(let index) = type.heapType, Int(index) >= module.types.count {
            throw invalid("unknown type \(index)", at: offset)
        }
    }

    /// The function type at an index.
    private func functionType(_ index: TypeIndex, at offset: Int) throws(ModuleError)
        -> FunctionType
    {
        guard Int(index) < module.types.count else {
            throw invalid("unknown type \(index)", at: offset)
        }
        guard let type = module.types[Int(index)].functionType else {
            throw invalid("unknown type: type \(index) is not a function type", at: offset)
        }
        return type
    }

    func checkImports() throws(ModuleError) {
        for item in module.imports {
            switch item.type {
            case .function(let type): _ = try functionType(type, at: item.offset)
            case .table(let type): try check(type, at: item.offset)
            case .memory(let type): try check(type, at: item.offset)
            case .global(let type): try requireValid(type.valueType, at: item.offset)
            case .tag(let type): try check(type, at: item.offset)
            }
        }
    }

    func checkFunctions() throws(ModuleError) {
        let offset = module.offset(ofSection: 3)
        for type in module.functions.dropFirst(module.importedFunctionCount) {
            _ = try functionType(type, at: offset)
        }
    }

    mutating func checkTables() throws(ModuleError) {
        let offset = module.offset(ofSection: 4)
        if module.tables.count > 1 {
            try use(.referenceTypes, at: offset, else: "multiple tables")
        }
        for type in module.tables.dropFirst(module.importedTableCount) {
            try check(type, at: offset)
        }
    }

    mutating func checkMemories() throws(ModuleError) {
        let offset = module.offset(ofSection: 5)
        if module.memories.count > 1 {
            try use(.multipleMemories, at: offset, else: "multiple memories")
        }
        for type in module.memories.dropFirst(module.importedMemoryCount) {
            try check(type, at: offset)
        }
    }

    mutating func checkGlobals() throws(ModuleError) {
        let offset = module.offset(ofSection: 6)
        for type in module.globals.dropFirst(module.importedGlobalCount) {
            try requireValid(type.valueType, at: offset)
        }
    }

    func checkElementTypes() throws(ModuleError) {
        for segment in module.elements { try requireValid(segment.type, at: segment.offset) }
    }

    func checkTags() throws(ModuleError) {
        let offset = module.offset(ofSection: 13)
        for type in module.tags.dropFirst(module.importedTagCount) { try check(type, at: offset) }
    }

    /// Section 3.2.13. Exceptions carry parameters; nothing comes back.
    private func check(_ tag: TagType, at offset: Int) throws(ModuleError) {
        guard try functionType(tag.type, at: offset).results.isEmpty else {
            throw invalid("non-empty tag result type", at: offset)
        }
    }

    /// Section 3.2.17.
    private func check(_ table: TableType, at offset: Int) throws(ModuleError) {
        try requireValid(table.element, at: offset)
        if table.addressType == .i32 {
            let bound = UInt64(UInt32.max)
            guard table.limits.minimum <= bound, table.limits.maximum ?? 0 <= bound else {
                throw invalid("table size must be at most 2^32-1 elements", at: offset)
            }
        }
        try checkOrder(table.limits, at: offset)
    }

    /// Section 3.2.16, with the threads and custom-page-sizes proposals.
    private func check(_ memory: MemoryType, at offset: Int) throws(ModuleError) {
        let bound: UInt64
        let name: String
        switch (memory.pageSizeLog2, memory.addressType) {
        case (16, .i32): (bound, name) = (1 << 16, "65536 pages (4GiB)")
        case (16, .i64): (bound, name) = (1 << 48, "2^48 pages")
        // No encoding of a size can say 2^32 or 2^64.
        case (0, .i32): (bound, name) = (UInt64(UInt32.max), "2^32-1 pages of one byte")
        case (0, .i64): (bound, name) = (.max, "2^64-1 pages of one byte")
        default:
            throw invalid(
                "invalid custom page size: 2^\(memory.pageSizeLog2), only 1 and 65536 exist",
                at: offset)
        }
        guard memory.limits.minimum <= bound, memory.limits.maximum ?? 0 <= bound else {
            throw invalid("memory size must be at most \(name)", at: offset)
        }
        try checkOrder(memory.limits, at: offset)
        guard !memory.isShared || memory.limits.maximum != nil else {
            throw invalid("shared memory must have maximum", at: offset)
        }
    }

    private func checkOrder(_ limits: Limits, at offset: Int) throws(ModuleError) {
        guard limits.minimum <= limits.maximum ?? .max else {
            throw invalid("size minimum must not be greater than maximum", at: offset)
        }
    }

    // Exports and start -----------------------------------------------------------------------

    /// Section 3.5.12.
    mutating func checkExports() throws(ModuleError) {
        // Strings that look alike are equal to Swift; to WebAssembly only equal bytes are.
        var names: Set<[UInt8]> = []
        for export in module.exports {
            let count: Int
            let kind: String
            switch export.kind {
            case .function: (count, kind) = (module.functions.count, "function")
            case .table: (count, kind) = (module.tables.count, "table")
            case .memory: (count, kind) = (module.memories.count, "memory")
            case .global: (count, kind) = (module.globals.count, "global")
            case .tag: (count, kind) = (module.tags.count, "tag")
            }
            guard Int(export.index) < count else {
                throw invalid("unknown \(kind) \(export.index)", at: export.offset)
            }
            guard names.insert(Array(export.name.utf8)).inserted else {
                throw invalid(
                    "duplicate export name \"\(export.name.printable)\"", at: export.offset)
            }
            if export.kind == .global && module.globals[Int(export.index)].isMutable {
                try use(.mutableGlobals, at: export.offset, else: "a mutable exported global")
            }
        }
    }

    /// Section 3.5.11.
    func checkStart() throws(ModuleError) {
        guard let start = module.start else { return }
        guard let type = module.functionType(start.function) else {
            throw invalid("unknown function \(start.function)", at: start.offset)
        }
        guard type.parameters.isEmpty && type.results.isEmpty else {
            throw invalid(
                "start function must not have parameters or results, has \(type)",
                at: start.offset)
        }
    }
}

extension Module {
    /// Where a section's contents begin: the place of errors in entities without one of their
    /// own.
    func offset(ofSection id: UInt8) -> Int {
        for section in sections where section.id == id { return section.range.lowerBound }
        return 0
    }
}
