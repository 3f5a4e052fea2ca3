// What a module's functions do, found by reading every body once before any is lowered.
//
// The answers decide things that are the same for the whole program: whether a table can be
// constant, how large a guard region memory 0 needs, which functions need a reference. It is
// also the one place that refuses instructions that are not lowered yet.

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
    /// The largest constant that a memory instruction adds to its address, in bytes, among those
    /// that the guard region covers.
    private(set) var largestGuardedOffset: UInt64 = 0
    /// Whether a call in tail position must not grow the stack.
    private(set) var usesTailCalls = false
    /// Data segments that some instruction copies from or drops.
    private(set) var usedData: Set<DataIndex> = []
    /// Element segments that some instruction copies from or drops.
    private(set) var usedElements: Set<ElementIndex> = []

    /// Offsets above this are checked explicitly instead of making the guard region larger.
    static let guardedOffsetLimit: UInt64 = 1 << 31

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
        while !reader.isAtEnd {
            let decoded = try reader.next()
            guard note(decoded.instruction) else {
                let feature = decoded.opcode.feature
                throw ModuleError(
                    .unsupported, "\(decoded.opcode.name) (\(feature.name)) is not compiled yet",
                    at: decoded.offset, in: function, needs: feature)
            }
        }
    }

    /// Takes an instruction into account; false when it is not lowered yet.
    private mutating func note(_ instruction: Instruction) -> Bool {
        switch instruction {
        case .unreachable, .nop, .block, .loop, .if, .else, .end, .branch, .branchIf, .branchTable,
            .branchOnNull, .branchOnNonNull, .return, .call, .callIndirect, .callReference, .drop,
            .select, .selectTyped, .localGet, .localSet,
            .localTee, .globalGet, .globalSet, .memorySize, .memoryGrow, .memoryFill, .memoryCopy,
            .i32Const, .i64Const, .f32Const, .f64Const, .integerUnary, .integerBinary,
            .integerTestZero, .integerCompare, .floatUnary, .floatBinary, .floatCompare, .convert,
            .wideArithmetic, .refNull, .refIsNull, .refAsNonNull:
            break
        case .returnCall, .returnCallIndirect, .returnCallReference:
            usesTailCalls = true
        case .load(_, let argument), .store(_, let argument):
            note(argument)
        case .vector(let instruction):
            note(instruction)
        case .atomic(let instruction):
            note(instruction)
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
        case .refTest(let type), .refCast(let type):
            return isCastable(type)
        case .branchOnCast(let branch), .branchOnCastFail(let branch):
            return isCastable(branch.target)
        case .throw, .throwReference, .tryTable, .refEqual, .aggregate:
            return false
        }
        return true
    }

    /// Whether a cast stays in a hierarchy without objects. Types that modules define are
    /// functions: others have been refused before.
    private func isCastable(_ type: ReferenceType) -> Bool {
        switch type.heapType {
        case .concrete: return true
        case .abstract(let heap):
            switch heap {
            case .function, .noFunction, .external, .noExternal, .exception, .noException:
                return true
            case .any, .eq, .i31, .structure, .array, .none: return false
            }
        }
    }

    private mutating func note(_ instruction: VectorInstruction) {
        switch instruction {
        case .load(let argument), .loadExtending(_, _, let argument), .loadSplat(_, let argument),
            .loadZero(_, let argument), .loadLane(_, let argument, _), .store(let argument),
            .storeLane(_, let argument, _):
            note(argument)
        case .constant, .shuffle, .swizzle, .splat, .extractLane, .replaceLane, .bitwiseNot,
            .bitwise, .bitSelect, .anyTrue, .allTrue, .bitMask, .integerUnary, .integerBinary,
            .integerShift, .integerCompare, .floatUnary, .floatBinary, .floatCompare, .narrow,
            .extend, .extendedMultiply, .extendedAddPairwise, .dotProduct, .convert, .relaxed:
            break
        }
    }

    private mutating func note(_ instruction: AtomicInstruction) {
        switch instruction {
        case .notify(let argument), .wait(_, let argument), .load(_, _, let argument),
            .store(_, _, let argument), .readModifyWrite(_, _, _, let argument),
            .compareExchange(_, _, let argument):
            note(argument)
        case .fence: break
        }
    }

    private mutating func note(_ argument: MemoryArgument) {
        if argument.offset <= Self.guardedOffsetLimit {
            largestGuardedOffset = max(largestGuardedOffset, argument.offset)
        }
    }
}
