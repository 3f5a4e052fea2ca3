// Blocks, branches and calls (WebAssembly 3.0, sections 3.4.1 to 3.4.4).

import WasmBinary
import WasmTypes

extension BodyValidator {
    // Blocks ----------------------------------------------------------------------------------

    /// The types that a block takes and leaves (section 3.2.4).
    func signature(of block: BlockType) throws(ModuleError) -> FunctionSignature {
        switch block {
        case .empty:
            return FunctionSignature()
        case .value(let type):
            try requireValid(type)
            return FunctionSignature(results: TypeList(context.types.operand(type)))
        case .function(let index):
            return try functionType(index)
        }
    }

    mutating func openBlock(_ kind: ControlKind, _ block: BlockType) throws(ModuleError) {
        let signature = try signature(of: block)
        try pop(signature.parameters)
        try enterBlock(kind, signature)
    }

    /// Opens a block whose parameters have been taken.
    mutating func enterBlock(
        _ kind: ControlKind, _ signature: FunctionSignature
    ) throws(ModuleError) {
        controls.push(
            ControlFrame(
                kind: kind, start: signature.parameters, end: signature.results,
                scope: operands.enter(), initializedCount: locals.initializedCount))
        try push(signature.parameters)
    }

    mutating func `if`(_ block: BlockType) throws(ModuleError) {
        let signature = try signature(of: block)
        try pop(.i32)
        try pop(signature.parameters)
        try enterBlock(.if, signature)
    }

    mutating func `else`() throws(ModuleError) {
        guard controls.innermost?.kind == .if else {
            throw failure("unexpected else: no if is open here")
        }
        let frame = try closeBlock()
        try enterBlock(.else, FunctionSignature(parameters: frame.start, results: frame.end))
    }

    mutating func end() throws(ModuleError) {
        let frame = try closeBlock()
        // An if without else is one whose else hands its operands on.
        if frame.kind == .if && !isSubtype(frame.start, of: frame.end) {
            throw failure(
                "type mismatch: if without else must leave \(describe(frame.end)), "
                    + "but takes \(describe(frame.start))")
        }
        if !controls.isEmpty { try push(frame.end) }
    }

    /// Takes the results of the innermost block and closes it.
    mutating func closeBlock() throws(ModuleError) -> ControlFrame {
        guard let frame = controls.innermost else { throw failure("unexpected end") }
        try pop(frame.end)
        guard operands.height == 0 else {
            throw failure(
                "type mismatch: expected \(describe(frame.end)) at the end of the block, found "
                    + "\(operands.height) more")
        }
        locals.uninitialize(downTo: frame.initializedCount)
        operands.leave(to: frame.scope)
        _ = controls.pop()
        return frame
    }

    /// The rest of the innermost block cannot be reached.
    mutating func unreachable() { operands.makeUnreachable() }

    // Branches --------------------------------------------------------------------------------

    /// What a branch to a label carries.
    func labelTypes(_ label: LabelIndex) throws(ModuleError) -> TypeList {
        guard let frame = controls[label] else {
            throw failure("unknown label \(label)")
        }
        return frame.labelTypes
    }

    mutating func branch(_ label: LabelIndex) throws(ModuleError) {
        try pop(try labelTypes(label))
        unreachable()
    }

    mutating func branchIf(_ label: LabelIndex) throws(ModuleError) {
        try pop(.i32)
        let types = try labelTypes(label)
        try pop(types)
        try push(types)
    }

    mutating func branchTable(_ table: BranchTable) throws(ModuleError) {
        try pop(.i32)
        var arity: Int32?
        var checked: TypeList?
        for label in InstructionReader.labels(of: table, in: context.module.bytes) {
            let types = try labelTypes(label)
            // Tables tend to name few different labels; the last one saves most of the work.
            if types == checked { continue }
            checked = types
            if let arity, types.count != arity {
                throw failure(
                    "type mismatch: br_table label \(label) carries \(describe(types)), others "
                        + "\(arity) operands")
            }
            arity = types.count
            try requireOperands(types)
        }
        unreachable()
    }

    /// Checks the operands on top of the stack and leaves them there.
    private func requireOperands(_ list: TypeList) throws(ModuleError) {
        for depth in 0..<Int(list.count) {
            let expected = context.signatures[list, Int(list.count) - 1 - depth]
            let found = operands.peek(depth)
            guard let found, context.types.isSubtype(found, of: expected) else {
                throw mismatch(expected: context.types.describe(expected), found: found)
            }
        }
    }

    mutating func `return`() throws(ModuleError) {
        guard let frame = controls.outermost else { throw failure("unexpected return") }
        try pop(frame.end)
        unreachable()
    }

    mutating func branchOnNull(_ label: LabelIndex) throws(ModuleError) {
        let reference = try popReference()
        let types = try labelTypes(label)
        try pop(types)
        try push(types)
        push(reference.nonNull)
    }

    mutating func branchOnNonNull(_ label: LabelIndex) throws(ModuleError) {
        let reference = try popReference().nonNull
        try passReference(reference, to: label)
    }

    mutating func branchOnCast(_ cast: CastBranch, branchesOnFailure: Bool) throws(ModuleError) {
        let source = try operand(cast.source)
        let target = try operand(cast.target)
        guard context.types.isSubtype(target, of: source) else {
            throw failure(
                "type mismatch: \(cast.target) is not a subtype of \(cast.source)")
        }
        try pop(source)
        // A null that the target admits is not left when the cast fails (section 3.1.5).
        let remainder = target.isNullable ? source.nonNull : source
        try passReference(branchesOnFailure ? remainder : target, to: cast.label)
        push(branchesOnFailure ? target : remainder)
    }

    /// Checks a label that a reference is passed to behind other operands, and leaves those.
    private mutating func passReference(
        _ reference: OperandType, to label: LabelIndex
    ) throws(ModuleError) {
        let types = try labelTypes(label)
        guard types.count > 0 else {
            throw failure("type mismatch: label \(label) carries no reference")
        }
        let last = context.signatures[types, Int(types.count) - 1]
        guard last.isReference, context.types.isSubtype(reference, of: last) else {
            throw mismatch(expected: context.types.describe(last), found: reference)
        }
        try pop(types, withoutLast: 1)
        try push(types, withoutLast: 1)
    }

    // Calls -----------------------------------------------------------------------------------

    mutating func call(_ signature: FunctionSignature, isTail: Bool) throws(ModuleError) {
        try pop(signature.parameters)
        guard isTail else { return try push(signature.results) }
        guard let frame = controls.outermost, isSubtype(signature.results, of: frame.end) else {
            throw failure(
                "type mismatch: callee returns \(describe(signature.results)), which is not what "
                    + "this function returns")
        }
        unreachable()
    }

    mutating func call(_ function: FunctionIndex, isTail: Bool) throws(ModuleError) {
        guard Int(function) < context.functions.count,
            let signature = context.signatures[Int(context.functions[Int(function)])]
        else { throw failure("unknown function \(function)") }
        try call(signature, isTail: isTail)
    }

    mutating func callIndirect(
        _ type: TypeIndex, _ table: TableIndex, isTail: Bool
    ) throws(ModuleError) {
        let addressType = try tableAddressType(table)
        let element = context.tables[Int(table)]
        let function = OperandType(isNullable: true, abstract: .function)
        guard context.types.isSubtype(element, of: function) else {
            throw mismatch(expected: "a table of functions", found: element)
        }
        let signature = try functionType(type)
        try pop(addressType)
        try call(signature, isTail: isTail)
    }

    mutating func callReference(_ type: TypeIndex, isTail: Bool) throws(ModuleError) {
        let signature = try functionType(type)
        try pop(OperandType(isNullable: true, canonical: try canonicalType(type)))
        try call(signature, isTail: isTail)
    }
}
