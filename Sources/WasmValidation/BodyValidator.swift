// Validation of one instruction sequence (WebAssembly 3.0, section 3.4 and appendix A.3).
//
// The validator walks the instructions once and keeps three things: the types on the operand
// stack, the open blocks, and the locals, each a type with a file of its own. The rules of the
// single instructions are in the files beside this one, by area; here is what they are made of:
// take an operand, leave one, look up a label, complain.

import WasmBinary
import WasmTypes

/// Validates function bodies and constant expressions, one after the other.
struct BodyValidator {
    let context: ModuleContext
    /// The functions that ref.func may name, by index; nil if it may name all.
    let declaredFunctions: [Bool]?

    var operands = OperandStack()
    var controls = ControlStack()
    var locals = LocalTable()
    /// The features of the instructions seen so far.
    private(set) var usedFeatures = FeatureSet()
    private var lastFeatures = FeatureSet()

    /// The function that is being validated, for messages.
    private var function: FunctionIndex?
    /// The instruction that is being validated, for messages.
    private(set) var opcode: Opcode?
    private var offset = 0

    init(context: ModuleContext, declaredFunctions: [Bool]? = nil) {
        self.context = context
        self.declaredFunctions = declaredFunctions
    }

    /// Validates the body of a defined function (section 3.5.5).
    mutating func validate(
        _ body: FunctionBody, of function: FunctionIndex
    ) throws(ModuleError) {
        self.function = function
        opcode = nil
        offset = body.code.lowerBound
        let canonical = Int(context.functions[Int(function)])
        guard let signature = context.signatures[canonical] else {
            throw failure("unknown type: function \(function) has no function type")
        }
        guard body.code.count <= ImplementationLimits.functionBodySize else {
            throw limitExceeded("function body of \(body.code.count) bytes")
        }
        try declareLocals(parameters: signature.parameters, body.locals)
        begin(results: signature.results)
        var reader = InstructionReader(
            bytes: context.module.bytes, range: body.code, features: context.features,
            function: function)
        while !controls.isEmpty { try step(try reader.next()) }
        guard reader.isAtEnd else {
            throw ModuleError(
                .malformed, "END opcode expected: instructions behind the end of the function",
                at: reader.position, in: function)
        }
        note(reader.usedFeatures)
    }

    /// Adds to the features that have been used.
    mutating func note(_ features: FeatureSet) {
        // Functions of one module use the same ones, mostly.
        guard features != lastFeatures else { return }
        lastFeatures = features
        for feature in features.features { usedFeatures.insert(feature) }
    }

    /// Begins a sequence without locals that leaves these results.
    mutating func beginExpression(results: TypeList, at offset: Int) {
        function = nil
        opcode = nil
        self.offset = offset
        locals.removeAll()
        begin(results: results)
    }

    private mutating func begin(results: TypeList) {
        operands.removeAll()
        controls.removeAll()
        let scope = operands.enter()
        controls.push(
            ControlFrame(
                kind: .function, start: .empty, end: results, scope: scope, initializedCount: 0))
    }

    private mutating func declareLocals(
        parameters: TypeList, _ groups: [FunctionBody.LocalGroup]
    ) throws(ModuleError) {
        locals.removeAll()
        for index in 0..<Int(parameters.count) {
            locals.appendParameter(context.signatures[parameters, index])
        }
        var total = UInt64(parameters.count)
        for group in groups {
            total += UInt64(group.count)
            guard total <= UInt64(ImplementationLimits.locals) else {
                throw limitExceeded("too many locals")
            }
            try requireValid(group.type)
            locals.append(group.count, of: context.types.operand(group.type))
        }
    }

    /// Makes an instruction the one that messages are about.
    mutating func enter(_ instruction: DecodedInstruction) {
        opcode = instruction.opcode
        offset = instruction.offset
    }
}

// Operands ------------------------------------------------------------------------------------

extension BodyValidator {
    @inline(__always)
    mutating func push(_ type: OperandType) { operands.push(type) }

    /// Takes an operand that must be of this type or a subtype.
    @inline(__always)
    mutating func pop(_ expected: OperandType) throws(ModuleError) {
        if !operands.popExactly(expected) { _ = try popSubtype(of: expected) }
    }

    /// Takes an operand that must be of this type or a subtype, and says what it was.
    @inline(never)
    mutating func popSubtype(of expected: OperandType) throws(ModuleError) -> OperandType {
        let found = operands.pop()
        guard let found, context.types.isSubtype(found, of: expected) else {
            throw mismatch(expected: context.types.describe(expected), found: found)
        }
        return found
    }

    /// Takes an operand of any type.
    mutating func popAny() throws(ModuleError) -> OperandType {
        guard let found = operands.pop() else {
            throw mismatch(expected: "a value", found: nil)
        }
        return found
    }

    /// Takes a reference of any type; an unknown operand is one to something unknown.
    mutating func popReference() throws(ModuleError) -> OperandType {
        let found = operands.pop()
        if found == .unknown { return .unknownReference }
        guard let found, found.isReference else {
            throw mismatch(expected: "a reference", found: found)
        }
        return found
    }

    /// Takes operands of the listed types but the last so many, the last one first.
    mutating func pop(_ list: TypeList, withoutLast: Int = 0) throws(ModuleError) {
        var index = Int(list.count) - withoutLast - 1
        // In unreachable code there is nothing to check once the block's own operands are gone.
        while index >= 0 && !operands.isExhausted {
            try pop(context.signatures[list, index])
            index -= 1
        }
    }

    /// Leaves operands of the listed types but the last so many.
    mutating func push(_ list: TypeList, withoutLast: Int = 0) throws(ModuleError) {
        let count = Int(list.count) - withoutLast
        guard count > 0 else { return }
        for index in 0..<count { push(context.signatures[list, index]) }
        if operands.isTooHigh { throw limitExceeded("operand stack too high") }
    }

    /// Whether operands of one list may stand where another one is expected (section 3.3.6).
    func isSubtype(_ list: TypeList, of other: TypeList) -> Bool {
        if list == other { return true }
        guard list.count == other.count else { return false }
        for index in 0..<Int(list.count)
        where !context.types.isSubtype(
            context.signatures[list, index], of: context.signatures[other, index])
        {
            return false
        }
        return true
    }

    /// `[i32 i64]`, for messages.
    func describe(_ list: TypeList) -> String {
        let types = (0..<Int(list.count)).map {
            context.types.describe(context.signatures[list, $0])
        }
        return "[" + types.joined(separator: " ") + "]"
    }
}

// Types that instructions name ----------------------------------------------------------------

extension BodyValidator {
    func requireValid(_ type: ValueType) throws(ModuleError) {
        if case .reference(let reference) = type { try requireValid(reference.heapType) }
    }

    func requireValid(_ type: HeapType) throws(ModuleError) {
        if case .concrete(let index) = type { _ = try canonicalType(index) }
    }

    /// The operand type of a reference type that an instruction names.
    func operand(_ type: ReferenceType) throws(ModuleError) -> OperandType {
        try requireValid(type.heapType)
        return context.types.operand(type)
    }

    /// The canonical number of a type that an instruction names.
    func canonicalType(_ index: TypeIndex) throws(ModuleError) -> Int {
        guard Int(index) < context.module.types.count else {
            throw failure("unknown type \(index)")
        }
        return context.types.canonicalIndex(of: index)
    }

    /// The signature of a function type that an instruction names.
    func functionType(_ index: TypeIndex) throws(ModuleError) -> FunctionSignature {
        guard let signature = context.signatures[try canonicalType(index)] else {
            throw failure("type mismatch: type \(index) is not a function type")
        }
        return signature
    }
}

// Complaints ----------------------------------------------------------------------------------

extension BodyValidator {
    /// An error of the current instruction. Messages begin with the official test suite's words.
    func failure(_ message: String) -> ModuleError {
        ModuleError(.invalid, message, at: offset, in: function)
    }

    /// An operand, or its absence, that is not what the current instruction wants.
    func mismatch(expected: String, found: OperandType?) -> ModuleError {
        let found = found.map(context.types.describe) ?? "nothing"
        return failure("type mismatch: expected \(expected), found \(found)")
    }

    func limitExceeded(_ message: String) -> ModuleError {
        ModuleError(.limitExceeded, message, at: offset, in: function)
    }

    /// A use of a data segment that only a data count section allows.
    func dataCountRequired() -> ModuleError {
        ModuleError(.malformed, "data count section required", at: offset, in: function)
    }
}
