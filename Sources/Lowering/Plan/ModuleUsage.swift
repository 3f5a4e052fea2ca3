// What a module's functions do, found by reading every body once before any is lowered.
//
// The answers decide things that are the same for the whole program: whether a table can be
// constant, which functions need a reference.

internal import WasmBinary
internal import WasmTypes

/// Facts about all function bodies together.
struct ModuleUsage: Sendable {
    /// Tables that some instruction writes or grows.
    private(set) var writtenTables: Set<TableIndex> = []
    /// Tables that some instruction reads as references (table.get, table.copy, table.size ...).
    private(set) var observedTables: Set<TableIndex> = []
    /// Functions that some ref.func names.
    private(set) var referencedFunctions: Set<FunctionIndex> = []
    /// Whether a call in tail position must not grow the stack.
    private(set) var usesTailCalls = false
    /// Whether objects or i31 references are made or looked into.
    private(set) var usesAggregates = false
    /// Whether references are compared or cast.
    private(set) var castsReferences = false
    /// Data segments that some instruction copies from or drops.
    private(set) var usedData: Set<DataIndex> = []
    /// Element segments that some instruction copies from or drops.
    private(set) var usedElements: Set<ElementIndex> = []

    init(of module: Module) throws(ModuleError) {
        for export in module.exports where export.kind == .table {
            writtenTables.insert(export.index)
            observedTables.insert(export.index)
        }
        for (index, body) in module.bodies.enumerated() {
            let function = FunctionIndex(module.importedFunctionCount + index)
            try read(body, of: module, function: function)
        }
    }

    private mutating func read(
        _ body: FunctionBody, of module: Module, function: FunctionIndex
    ) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: body.code, function: function)
        while !reader.isAtEnd { note(try reader.next().instruction) }
    }

    /// Takes an instruction into account.
    private mutating func note(_ instruction: Instruction) {
        switch instruction {
        case .unreachable, .nop, .block, .loop, .if, .else, .end, .branch, .branchIf, .branchTable,
            .branchOnNull, .branchOnNonNull, .return, .call, .callIndirect, .callReference, .drop,
            .select, .selectTyped, .localGet, .localSet,
            .localTee, .globalGet, .globalSet, .memorySize, .memoryGrow, .memoryFill, .memoryCopy,
            .i32Const, .i64Const, .f32Const, .f64Const, .integerUnary, .integerBinary,
            .integerTestZero, .integerCompare, .floatUnary, .floatBinary, .floatCompare, .convert,
            .wideArithmetic, .refNull, .refIsNull, .refAsNonNull, .load, .store, .vector, .atomic,
            .throw, .throwReference, .tryTable, .try, .catch, .catchAll, .rethrow, .delegate:
            break
        case .refEqual, .refTest, .refCast, .branchOnCast, .branchOnCastFail: castsReferences = true
        case .aggregate(let instruction): note(instruction)
        case .returnCall, .returnCallIndirect, .returnCallReference:
            usesTailCalls = true
        case .tableGet(let table), .tableSize(let table):
            observedTables.insert(table)
        case .tableSet(let table), .tableGrow(let table), .tableFill(let table):
            writtenTables.insert(table)
        case .tableInit(let segment, let table):
            writtenTables.insert(table)
            usedElements.insert(segment)
        case .tableCopy(let destination, let source):
            writtenTables.insert(destination)
            observedTables.insert(source)
        case .refFunction(let function):
            referencedFunctions.insert(function)
        case .memoryInit(let segment, _), .dataDrop(let segment):
            usedData.insert(segment)
        case .elementDrop(let segment):
            usedElements.insert(segment)
        }
    }

    private mutating func note(_ instruction: AggregateInstruction) {
        usesAggregates = true
        switch instruction {
        case .arrayNewData(_, let segment), .arrayInitData(_, let segment):
            usedData.insert(segment)
        case .arrayNewElement(_, let segment), .arrayInitElement(_, let segment):
            usedElements.insert(segment)
        case .structNew, .structNewDefault, .structGet, .structSet, .arrayNew, .arrayNewDefault,
            .arrayNewFixed, .arrayGet, .arraySet, .arrayLength, .arrayFill, .arrayCopy,
            .anyConvertExternal, .externalConvertAny, .refI31, .i31Get:
            break
        }
    }
}
