// Constant expressions (WebAssembly 3.0, section 3.4.16).
//
// They obey the rules of all instruction sequences, and use a few instructions only. On the way
// this collects the functions that they name: those are the ones that ref.func may name in
// function bodies.

import WasmBinary
import WasmTypes

/// Validates the constant expressions of a module.
struct ConstantExpressionValidator {
    private var body: BodyValidator
    private var context: ModuleContext { body.context }
    /// Whether a function is named outside of function bodies, by index.
    private(set) var declaredFunctions: [Bool]

    var usedFeatures: FeatureSet { body.usedFeatures }

    init(context: ModuleContext) {
        body = BodyValidator(context: context)
        declaredFunctions = Array(repeating: false, count: context.functions.count)
    }

    /// Notes that a function is named outside of function bodies. The index must exist.
    mutating func declare(_ function: FunctionIndex) {
        declaredFunctions[Int(function)] = true
    }

    /// Validates an expression that has one result and may read the first so many globals.
    mutating func validate(
        _ expression: ConstantExpression, type: OperandType, globalLimit: Int
    ) throws(ModuleError) {
        let end = try validate(
            at: expression.range.lowerBound, within: expression.range, type: type,
            globalLimit: globalLimit)
        guard end == expression.range.upperBound else {
            throw ModuleError(.malformed, "END opcode expected", at: end)
        }
    }

    /// Validates the expression that starts at a place of the module, and says where it ends.
    mutating func validate(
        at start: Int, within range: Range<Int>, type: OperandType, globalLimit: Int
    ) throws(ModuleError) -> Int {
        body.beginExpression(results: TypeList(type), at: start)
        var reader = InstructionReader(
            bytes: context.module.bytes, range: start..<range.upperBound,
            features: context.features)
        while !body.controls.isEmpty {
            let decoded = try reader.next()
            body.enter(decoded)
            try requireConstant(decoded.instruction, globalLimit: globalLimit)
            try body.step(decoded)
        }
        body.note(reader.usedFeatures)
        return reader.position
    }

    private mutating func requireConstant(
        _ instruction: Instruction, globalLimit: Int
    ) throws(ModuleError) {
        switch instruction {
        case .i32Const, .i64Const, .f32Const, .f64Const, .refNull, .end:
            return
        case .refFunction(let function):
            if Int(function) < declaredFunctions.count { declare(function) }
            return
        case .globalGet(let global):
            guard Int(global) < globalLimit else {
                throw body.failure("unknown global \(global)")
            }
            if Int(global) >= context.module.importedGlobalCount {
                try use(.garbageCollection, for: "the value of a global that is not imported")
            }
            if !context.module.globals[Int(global)].isMutable { return }
        case .integerBinary(_, let binary):
            if Self.isConstant(binary) {
                return try use(.extendedConstants, for: "arithmetic")
            }
        case .vector(let vector):
            if case .constant = vector { return }
        case .aggregate(let aggregate):
            if Self.isConstant(aggregate) { return }
        case .unreachable, .nop, .block, .loop, .if, .else, .branch, .branchIf, .branchTable,
            .return, .call, .callIndirect, .callReference, .returnCall, .returnCallIndirect,
            .returnCallReference, .branchOnNull, .branchOnNonNull, .branchOnCast,
            .branchOnCastFail, .throw, .throwReference, .tryTable, .try, .catch, .catchAll,
            .rethrow,
            .delegate, .drop, .select, .selectTyped,
            .localGet, .localSet, .localTee, .globalSet, .tableGet, .tableSet, .tableSize,
            .tableGrow, .tableFill, .tableCopy, .tableInit, .elementDrop, .load, .store,
            .memorySize, .memoryGrow, .memoryFill, .memoryCopy, .memoryInit, .dataDrop, .atomic,
            .integerUnary, .integerTestZero, .integerCompare, .floatUnary, .floatBinary,
            .floatCompare, .convert, .wideArithmetic, .refIsNull, .refAsNonNull, .refEqual,
            .refTest, .refCast:
            break
        }
        throw body.failure("constant expression required")
    }

    /// Notes the use of a feature that only constant expressions need.
    private mutating func use(_ feature: Feature, for what: String) throws(ModuleError) {
        guard context.features.contains(feature) else {
            throw body.failure(
                "constant expression required: \(what) needs the \(feature.name) proposal")
        }
        body.note(FeatureSet([feature]))
    }

    private static func isConstant(_ instruction: IntegerBinaryOperator) -> Bool {
        switch instruction {
        case .add, .subtract, .multiply: true
        case .divideSigned, .divideUnsigned, .remainderSigned, .remainderUnsigned, .and, .or,
            .xor, .shiftLeft, .shiftRightSigned, .shiftRightUnsigned, .rotateLeft, .rotateRight:
            false
        }
    }

    private static func isConstant(_ instruction: AggregateInstruction) -> Bool {
        switch instruction {
        case .structNew, .structNewDefault, .arrayNew, .arrayNewDefault, .arrayNewFixed,
            .anyConvertExternal, .externalConvertAny, .refI31:
            true
        case .structGet, .structSet, .arrayNewData, .arrayNewElement, .arrayGet, .arraySet,
            .arrayLength, .arrayFill, .arrayCopy, .arrayInitData, .arrayInitElement, .i31Get:
            false
        }
    }
}
