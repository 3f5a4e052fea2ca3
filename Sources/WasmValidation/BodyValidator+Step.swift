// From an instruction to its rule. Most instructions have types that do not depend on anything;
// those are in the opcode table.

import WasmBinary
import WasmTypes

extension BodyValidator {
    /// Validates the next instruction of the sequence. One line for each kind of instruction, so
    /// that a new one breaks the build here.
    mutating func step(_ decoded: DecodedInstruction) throws(ModuleError) {
        enter(decoded)
        switch decoded.instruction {
        case .i32Const, .i64Const, .f32Const, .f64Const, .integerUnary, .integerBinary,
            .integerTestZero, .integerCompare, .floatUnary, .floatBinary, .floatCompare,
            .convert, .wideArithmetic, .nop, .refEqual:
            try applySignature()
        case .localGet(let local): try localGet(local)
        case .localSet(let local): try localSet(local)
        case .localTee(let local): try localTee(local)
        case .load(let operation, let argument): try load(operation, argument)
        case .store(let operation, let argument): try store(operation, argument)
        case .vector(let instruction): try vector(instruction)
        case .aggregate(let instruction): try aggregate(instruction)
        case .atomic(let instruction): try atomic(instruction)

        case .unreachable: unreachable()
        case .block(let type): try openBlock(.block, type)
        case .loop(let type): try openBlock(.loop, type)
        case .if(let type): try `if`(type)
        case .else: try `else`()
        case .end: try end()
        case .branch(let label): try branch(label)
        case .branchIf(let label): try branchIf(label)
        case .branchTable(let table): try branchTable(table)
        case .return: try `return`()
        case .call(let function): try call(function, isTail: false)
        case .callIndirect(let type, let table): try callIndirect(type, table, isTail: false)
        case .callReference(let type): try callReference(type, isTail: false)
        case .returnCall(let function): try call(function, isTail: true)
        case .returnCallIndirect(let type, let table):
            try callIndirect(type, table, isTail: true)
        case .returnCallReference(let type): try callReference(type, isTail: true)
        case .branchOnNull(let label): try branchOnNull(label)
        case .branchOnNonNull(let label): try branchOnNonNull(label)
        case .branchOnCast(let cast): try branchOnCast(cast, branchesOnFailure: false)
        case .branchOnCastFail(let cast): try branchOnCast(cast, branchesOnFailure: true)
        case .throw(let tag): try `throw`(tag)
        case .throwReference: try throwReference()
        case .tryTable(let type, let clauses): try tryTable(type, clauses)
        case .try(let type): try openBlock(.try, type)
        case .catch(let tag): try `catch`(tag)
        case .catchAll: try catchAll()
        case .rethrow(let label): try rethrow(label)
        case .delegate(let label): try delegate(label)

        case .drop: try drop()
        case .select: try select()
        case .selectTyped(let type): try select(type)
        case .globalGet(let global): try globalGet(global)
        case .globalSet(let global): try globalSet(global)
        case .tableGet(let table): try tableGet(table)
        case .tableSet(let table): try tableSet(table)
        case .tableSize(let table): try tableSize(table)
        case .tableGrow(let table): try tableGrow(table)
        case .tableFill(let table): try tableFill(table)
        case .tableCopy(let target, let source): try tableCopy(to: target, from: source)
        case .tableInit(let segment, let table): try tableInit(segment, table)
        case .elementDrop(let segment): try elementDrop(segment)
        case .memorySize(let memory): try memorySize(memory)
        case .memoryGrow(let memory): try memoryGrow(memory)
        case .memoryFill(let memory): try memoryFill(memory)
        case .memoryCopy(let target, let source): try memoryCopy(to: target, from: source)
        case .memoryInit(let segment, let memory): try memoryInit(segment, memory)
        case .dataDrop(let segment): try dataDrop(segment)
        case .refNull(let type): try refNull(type)
        case .refIsNull: try refIsNull()
        case .refFunction(let function): try refFunction(function)
        case .refAsNonNull: try refAsNonNull()
        case .refTest(let type): try refTest(type)
        case .refCast(let type): try refCast(type)
        }
    }
}
