// A generated core module, from its parts to its binary. It is decoded and validated afterwards like a
// module of anybody else's.

import WasmTypes

/// A core module under construction.
struct ModuleBuilder {
    /// What stands behind an import is the business of whoever builds; it has the order of the imports.
    enum ImportedType {
        case function(CoreSignature)
        case memory(MemoryType)
        case global(CoreType, isMutable: Bool)
    }

    private var types: [CoreSignature: Int] = [:]
    private var typeOrder: [CoreSignature] = []
    private var imports: [(module: String, name: String, type: ImportedType)] = []
    private(set) var importedFunctions = 0
    private(set) var importedMemories = 0
    private(set) var importedGlobals = 0
    private var functions: [FunctionBuilder?] = []
    private var signatures: [CoreSignature] = []
    private var memories: [MemoryType] = []
    private var globals: [(type: CoreType, value: UInt64)] = []
    private var exports: [(name: String, kind: UInt8, Index)] = []
    private var data: [(offset: UInt32, bytes: [UInt8])] = []
    private var functionImportNames: [String] = []

    private enum Index {
        case function(FunctionReference)
        case plain(UInt32)
    }

    // Parts ----------------------------------------------------------------------------------

    mutating func importFunction(
        _ module: String, _ name: String, _ signature: CoreSignature
    ) -> FunctionReference {
        number(of: signature)
        imports.append((module, name, .function(signature)))
        functionImportNames.append("\(module)#\(name)")
        importedFunctions += 1
        return .imported(importedFunctions - 1)
    }

    /// All memories of a module with imported ones are imported.
    mutating func importMemory(_ module: String, _ name: String, _ type: MemoryType) -> UInt32 {
        imports.append((module, name, .memory(type)))
        importedMemories += 1
        return UInt32(importedMemories - 1)
    }

    /// All globals of a module with imported ones are imported.
    mutating func importGlobal(_ module: String, _ name: String, _ type: CoreType) -> UInt32 {
        imports.append((module, name, .global(type, isMutable: true)))
        importedGlobals += 1
        return UInt32(importedGlobals - 1)
    }

    mutating func addMemory(pages: UInt64) -> UInt32 {
        memories.append(MemoryType(limits: Limits(minimum: pages)))
        return UInt32(memories.count - 1)
    }

    mutating func addGlobal(_ type: CoreType, _ value: UInt64) -> UInt32 {
        globals.append((type, value))
        return UInt32(globals.count - 1)
    }

    /// A function whose body comes later.
    mutating func declare(_ signature: CoreSignature) -> FunctionReference {
        number(of: signature)
        functions.append(nil)
        signatures.append(signature)
        return .defined(functions.count - 1)
    }

    /// How many bytes the functions have that are there already.
    private(set) var codeSize = 0

    mutating func define(_ reference: FunctionReference, _ body: FunctionBuilder) {
        guard case .defined(let number) = reference else {
            preconditionFailure("An imported function has no body")
        }
        functions[number] = body
        codeSize += body.code.bytes.count
    }

    @discardableResult
    mutating func add(_ body: FunctionBuilder) -> FunctionReference {
        let reference = declare(body.signature)
        define(reference, body)
        return reference
    }

    mutating func export(_ name: String, _ function: FunctionReference) {
        exports.append((name, 0, .function(function)))
    }

    mutating func exportMemory(_ name: String, _ index: UInt32) {
        exports.append((name, 2, .plain(index)))
    }

    mutating func exportGlobal(_ name: String, _ index: UInt32) {
        exports.append((name, 3, .plain(index)))
    }

    /// Contents of memory 0.
    mutating func addData(at offset: UInt32, _ bytes: [UInt8]) { data.append((offset, bytes)) }

    @discardableResult
    private mutating func number(of signature: CoreSignature) -> Int {
        if let known = types[signature] { return known }
        types[signature] = typeOrder.count
        typeOrder.append(signature)
        return typeOrder.count - 1
    }

    private func index(_ reference: FunctionReference) -> UInt32 {
        switch reference {
        case .imported(let number): UInt32(number)
        case .defined(let number): UInt32(importedFunctions + number)
        }
    }

    // Encoding -------------------------------------------------------------------------------

    func encode(name: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
        writer.section(1, typeSection)
        writer.section(2, importSection)
        writer.section(3, functionSection)
        if !memories.isEmpty { writer.section(5, memorySection) }
        if !globals.isEmpty { writer.section(6, globalSection) }
        writer.section(7, exportSection)
        writer.section(10, codeSection)
        if !data.isEmpty { writer.section(11, dataSection) }
        writer.section(0, nameSection(name))
        return writer.bytes
    }

    private var typeSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(typeOrder.count)
        for type in typeOrder {
            writer.byte(0x60)
            writer.count(type.parameters.count)
            writer.append(type.parameters.map(\.rawValue))
            writer.count(type.results.count)
            writer.append(type.results.map(\.rawValue))
        }
        return writer
    }

    private var importSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(imports.count)
        for item in imports {
            writer.name(item.module)
            writer.name(item.name)
            switch item.type {
            case .function(let signature):
                writer.byte(0)
                writer.count(types[signature] ?? 0)
            case .memory(let type):
                writer.byte(2)
                Self.write(type, to: &writer)
            case .global(let type, let isMutable):
                writer.append([3, type.rawValue, isMutable ? 1 : 0])
            }
        }
        return writer
    }

    private static func write(_ type: MemoryType, to writer: inout ByteWriter) {
        var flags: UInt8 = type.limits.maximum == nil ? 0 : 1
        if type.isShared { flags |= 2 }
        if type.addressType == .i64 { flags |= 4 }
        if type.pageSizeLog2 != 16 { flags |= 8 }
        writer.byte(flags)
        writer.unsigned(type.limits.minimum)
        if let maximum = type.limits.maximum { writer.unsigned(maximum) }
        if type.pageSizeLog2 != 16 { writer.unsigned(UInt32(type.pageSizeLog2)) }
    }

    private var functionSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(functions.count)
        for signature in signatures { writer.count(types[signature] ?? 0) }
        return writer
    }

    private var memorySection: ByteWriter {
        var writer = ByteWriter()
        writer.count(memories.count)
        for memory in memories { Self.write(memory, to: &writer) }
        return writer
    }

    private var globalSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(globals.count)
        for global in globals {
            var value = FunctionBuilder(name: "", CoreSignature())
            value.constant(global.type, bits: global.value)
            writer.append([global.type.rawValue, 1])
            writer.append(value.code.bytes)
            writer.byte(0x0b)
        }
        return writer
    }

    private var exportSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(exports.count)
        for (name, kind, index) in exports {
            writer.name(name)
            writer.byte(kind)
            switch index {
            case .function(let reference): writer.unsigned(self.index(reference))
            case .plain(let index): writer.unsigned(index)
            }
        }
        return writer
    }

    private var codeSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(functions.count)
        for function in functions {
            guard let function else { preconditionFailure("A function was declared only") }
            writer.sized(encode(function))
        }
        return writer
    }

    private func encode(_ function: FunctionBuilder) -> ByteWriter {
        var writer = ByteWriter()
        var groups: [(count: Int, type: CoreType)] = []
        for type in function.locals {
            if groups.last?.type == type {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((1, type))
            }
        }
        writer.count(groups.count)
        for group in groups {
            writer.count(group.count)
            writer.byte(group.type.rawValue)
        }
        let code = function.code.bytes
        var position = 0
        for call in function.calls {
            writer.append(code[position..<call.position])
            writer.byte(0x10)
            writer.unsigned(index(call.target))
            position = call.position
        }
        writer.append(code[position...])
        writer.byte(0x0b)
        return writer
    }

    private var dataSection: ByteWriter {
        var writer = ByteWriter()
        writer.count(data.count)
        for segment in data {
            writer.append([0, 0x41])
            writer.signed(Int64(Int32(bitPattern: segment.offset)))
            writer.byte(0x0b)
            writer.count(segment.bytes.count)
            writer.append(segment.bytes)
        }
        return writer
    }

    private func nameSection(_ name: String) -> ByteWriter {
        var module = ByteWriter()
        module.name(name)
        var names = ByteWriter()
        names.count(importedFunctions + functions.count)
        for (number, name) in functionImportNames.enumerated() {
            names.count(number)
            names.name(name)
        }
        for (number, function) in functions.enumerated() {
            names.count(importedFunctions + number)
            names.name(function?.name ?? "")
        }
        var writer = ByteWriter()
        writer.name("name")
        writer.section(0, module)
        writer.section(1, names)
        return writer
    }
}
