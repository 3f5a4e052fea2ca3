// What instantiation evaluates: the initial values of tables and globals, element and data
// segments (WebAssembly 3.0, sections 3.5.3, 3.5.4, 3.5.7 and 3.5.8).

import WasmBinary
import WasmTypes

/// Validates initial values and segments.
struct InitializerValidator {
    private let context: ModuleContext
    private var expressions: ConstantExpressionValidator
    private var module: Module { context.module }

    var declaredFunctions: [Bool] { expressions.declaredFunctions }
    var usedFeatures: FeatureSet { expressions.usedFeatures }

    init(context: ModuleContext) {
        self.context = context
        expressions = ConstantExpressionValidator(context: context)
    }

    /// Notes that a function is named outside of function bodies. The index must exist.
    mutating func declare(_ function: FunctionIndex) { expressions.declare(function) }

    /// Initial elements may read imported globals only.
    mutating func checkTables() throws(ModuleError) {
        let offset = module.offset(ofSection: 4)
        for (position, initializer) in module.tableInitializers.enumerated() {
            let type = context.tables[module.importedTableCount + position]
            guard let initializer else {
                guard type.isDefaultable else {
                    throw ModuleError(
                        .invalid,
                        "type mismatch: table of \(context.types.describe(type)) has no initial "
                            + "element", at: offset)
                }
                continue
            }
            try expressions.validate(
                initializer, type: type, globalLimit: module.importedGlobalCount)
        }
    }

    /// Each initial value may read the globals before it.
    mutating func checkGlobals() throws(ModuleError) {
        for (position, initializer) in module.globalInitializers.enumerated() {
            let index = module.importedGlobalCount + position
            try expressions.validate(
                initializer, type: context.globals[index], globalLimit: index)
        }
    }

    mutating func checkElements() throws(ModuleError) {
        for (index, segment) in module.elements.enumerated() {
            let type = context.elements[index]
            switch segment.mode {
            case .passive, .declarative:
                break
            case .active(let table, let position):
                try checkTarget(segment, type, table, position)
            }
            switch segment.items {
            case .functions(let offset, let count):
                try checkFunctions(from: offset, count: count)
            case .expressions(let offset, let count):
                var start = offset
                for _ in 0..<count {
                    start = try expressions.validate(
                        at: start, within: start..<module.bytes.count, type: type,
                        globalLimit: context.globals.count)
                }
            }
        }
    }

    private mutating func checkTarget(
        _ segment: ElementSegment, _ type: OperandType, _ table: TableIndex,
        _ position: ConstantExpression
    ) throws(ModuleError) {
        guard Int(table) < context.tables.count else {
            throw ModuleError(.invalid, "unknown table \(table)", at: segment.offset)
        }
        let expected = context.tables[Int(table)]
        guard context.types.isSubtype(type, of: expected) else {
            throw ModuleError(
                .invalid,
                "type mismatch: expected elements \(context.types.describe(expected)), found "
                    + "\(context.types.describe(type))", at: segment.offset)
        }
        let addressType = context.module.tables[Int(table)].addressType.valueType
        try expressions.validate(
            position, type: context.types.operand(addressType),
            globalLimit: context.globals.count)
    }

    mutating func checkData() throws(ModuleError) {
        for segment in module.dataSegments {
            guard case .active(let memory, let position) = segment.mode else { continue }
            guard Int(memory) < module.memories.count else {
                throw ModuleError(.invalid, "unknown memory \(memory)", at: segment.offset)
            }
            let addressType = module.memories[Int(memory)].addressType.valueType
            try expressions.validate(
                position, type: context.types.operand(addressType),
                globalLimit: context.globals.count)
        }
    }

    /// Function indices instead of expressions: each stands for its ref.func.
    private mutating func checkFunctions(from offset: Int, count: Int) throws(ModuleError) {
        var reader = BinaryReader(bytes: module.bytes, range: offset..<module.bytes.count)
        for _ in 0..<count {
            let position = reader.position
            let function = try reader.readU32()
            guard Int(function) < context.functions.count else {
                throw ModuleError(.invalid, "unknown function \(function)", at: position)
            }
            declare(function)
        }
    }
}
