// Core types of components: types, types of modules, and the types that modules have.

import WasmBinary
import WasmTypes
import WasmValidation

extension ComponentValidator {
    /// The type of a valid module.
    mutating func addType(of module: Module) throws(ModuleError) -> ModuleTypeID {
        let shift = types.core.add(module)
        let change = { (index: TypeIndex) in index + TypeIndex(shift) }
        var shape = ModuleShape()
        var names: Set<ModuleImportName> = []
        for item in module.imports {
            let type = item.type.mappingIndices(change)
            try append(
                ModuleShape.Import(module: item.module, name: item.name, type: type), to: &shape,
                &names)
        }
        for export in module.exports {
            let type = module.type(of: export).mappingIndices(change)
            guard shape.exports.append(export.name, type) else {
                throw invalid("duplicate export name \"\(export.name.printable)\"")
            }
        }
        return types.add(shape)
    }

    private func append(
        _ item: ModuleShape.Import, to shape: inout ModuleShape,
        _ names: inout Set<ModuleImportName>
    ) throws(ModuleError) {
        guard names.insert(ModuleImportName(item)).inserted else {
            throw invalid(
                "duplicate import name: a module in a component imports "
                    + "\"\(item.module.printable)\" \"\(item.name.printable)\" twice")
        }
        shape.imports.append(item)
    }

    mutating func defineCoreType(_ type: CoreTypeDefinition) throws(ModuleError) {
        switch type {
        case .recursionGroup(let group):
            let known = scope.spaces.coreTypes
            let first = try add(group, known: known)
            for index in group.indices {
                scope.spaces.coreTypes.append(.type(first + TypeIndex(index)))
            }
        case .module(let declarations):
            let type = try moduleType(declarations)
            scope.spaces.coreTypes.append(.module(type))
        }
    }

    /// Takes in a recursive group, in which types have indices of an index space.
    private mutating func add(
        _ group: [SubType], known: [CoreTypeItem]
    ) throws(ModuleError) -> TypeIndex {
        let first = types.core.count
        var unknown: TypeIndex?
        let resolved = group.map { type in
            type.mappingIndices { index in
                if Int(index) < known.count {
                    if case .type(let type) = known[Int(index)] { return type }
                } else if Int(index) < known.count + group.count {
                    return TypeIndex(first + Int(index) - known.count)
                }
                unknown = index
                return 0
            }
        }
        if let unknown { throw invalid("unknown type \(unknown) in a core type") }
        switch types.core.add(group: resolved) {
        case .success(let first): return first
        case .failure(let complaint): throw invalid(complaint.message)
        }
    }

    // Types of modules ------------------------------------------------------------------------

    private mutating func moduleType(
        _ declarations: [CoreModuleDeclaration]
    ) throws(ModuleError) -> ModuleTypeID {
        var shape = ModuleShape()
        var names: Set<ModuleImportName> = []
        var space: [CoreTypeItem] = []
        for declaration in declarations {
            switch declaration {
            case .type(let group):
                let first = try add(group, known: space)
                for index in group.indices { space.append(.type(first + TypeIndex(index))) }
            case .outerAlias(let count, let index):
                space.append(.type(try outerType(count, index, space)))
            case .import(let module, let name, let type):
                let type = try resolve(type, space)
                try append(
                    ModuleShape.Import(module: module, name: name, type: type), to: &shape,
                    &names)
            case .export(let name, let type):
                guard shape.exports.append(name, try resolve(type, space)) else {
                    throw invalid("duplicate export name \"\(name.printable)\"")
                }
            }
        }
        work += declarations.count
        return types.add(shape)
    }

    private func outerType(
        _ count: UInt32, _ index: UInt32, _ space: [CoreTypeItem]
    ) throws(ModuleError) -> TypeIndex {
        let space =
            count == 0 ? space : try outerScope(count - 1, ofAlias: count).spaces.coreTypes
        guard case .type(let type) = try item(index, "core type", space) else {
            throw invalid("core type \(index) is a module's: a module's type cannot alias it")
        }
        return type
    }

    private func resolve(
        _ type: ExternalType, _ space: [CoreTypeItem]
    ) throws(ModuleError) -> ExternalType {
        var unknown: TypeIndex?
        let resolved = type.mappingIndices { index in
            if Int(index) < space.count, case .type(let type) = space[Int(index)] { return type }
            unknown = index
            return 0
        }
        if let unknown { throw invalid("unknown type \(unknown) in a module's type") }
        try check(resolved)
        return resolved
    }

    private func check(_ type: ExternalType) throws(ModuleError) {
        switch type {
        case .function(let index):
            guard types.core.functionType(index) != nil else {
                throw invalid("the type of a function is not a function type")
            }
        case .tag(let tag):
            guard let function = types.core.functionType(tag.type) else {
                throw invalid("the type of a tag is not a function type")
            }
            guard function.results.isEmpty else { throw invalid("non-empty tag result type") }
        case .table(let table):
            try check(table.limits, maximum: table.addressType == .i32 ? UInt64(UInt32.max) : .max)
        case .memory(let memory):
            guard memory.pageSizeLog2 == 16 || memory.pageSizeLog2 == 0 else {
                throw invalid("invalid custom page size")
            }
            // As many pages as there are addresses; what would be 2^64 is one less.
            let bits = (memory.addressType == .i32 ? 32 : 64) - UInt64(memory.pageSizeLog2)
            try check(memory.limits, maximum: bits == 64 ? .max : 1 << bits)
            guard !memory.isShared || memory.limits.maximum != nil else {
                throw invalid("shared memory must have maximum")
            }
        case .global: break
        }
    }

    private func check(_ limits: Limits, maximum: UInt64) throws(ModuleError) {
        guard limits.minimum <= maximum, limits.maximum ?? 0 <= maximum else {
            throw invalid("the size of a memory or table must be at most \(maximum)")
        }
        guard limits.minimum <= limits.maximum ?? .max else {
            throw invalid("size minimum must not be greater than maximum")
        }
    }
}

extension Module {
    /// The type of what an export of a valid module exports.
    fileprivate func type(of export: Export) -> ExternalType {
        let index = Int(export.index)
        return switch export.kind {
        case .function: .function(functions[index])
        case .table: .table(tables[index])
        case .memory: .memory(memories[index])
        case .global: .global(globals[index])
        case .tag: .tag(tags[index])
        }
    }
}
