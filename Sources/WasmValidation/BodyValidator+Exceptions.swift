// Exceptions (WebAssembly 3.0, sections 3.4.2 and 3.4.3), and their older encoding as the
// exception-handling proposal's legacy document has it.

import WasmBinary
import WasmTypes

extension BodyValidator {
    /// The types of the operands that an exception of a tag carries.
    private func tagTypes(_ tag: TagIndex) throws(ModuleError) -> TypeList {
        guard Int(tag) < context.module.tags.count else { throw failure("unknown tag \(tag)") }
        return try functionType(context.module.tags[Int(tag)].type).parameters
    }

    mutating func `throw`(_ tag: TagIndex) throws(ModuleError) {
        try pop(try tagTypes(tag))
        unreachable()
    }

    mutating func throwReference() throws(ModuleError) {
        try pop(OperandType(isNullable: true, abstract: .exception))
        unreachable()
    }

    mutating func tryTable(_ block: BlockType, _ clauses: CatchClauses) throws(ModuleError) {
        // The labels of the clauses are counted from outside the block.
        for clause in InstructionReader.clauses(of: clauses, in: context.module.bytes) {
            switch clause {
            case .one(let tag, let label):
                try requireHandler(label, taking: try tagTypes(tag), andReference: false)
            case .oneReference(let tag, let label):
                try requireHandler(label, taking: try tagTypes(tag), andReference: true)
            case .all(let label):
                try requireHandler(label, taking: .empty, andReference: false)
            case .allReference(let label):
                try requireHandler(label, taking: .empty, andReference: true)
            }
        }
        try openBlock(.tryTable, block)
    }

    /// Checks that a label takes what an exception carries, and perhaps the exception itself.
    private func requireHandler(
        _ label: LabelIndex, taking carried: TypeList, andReference: Bool
    ) throws(ModuleError) {
        let types = try labelTypes(label)
        let reference = OperandType(isNullable: false, abstract: .exception)
        let count = Int(carried.count) + (andReference ? 1 : 0)
        guard Int(types.count) == count else {
            throw handlerMismatch(label, types, carried, andReference)
        }
        for index in 0..<count {
            let passed =
                index < Int(carried.count) ? context.signatures[carried, index] : reference
            guard context.types.isSubtype(passed, of: context.signatures[types, index]) else {
                throw handlerMismatch(label, types, carried, andReference)
            }
        }
    }

    private func handlerMismatch(
        _ label: LabelIndex, _ types: TypeList, _ carried: TypeList, _ andReference: Bool
    ) -> ModuleError {
        failure(
            "type mismatch: label \(label) takes \(describe(types)), but the clause passes "
                + "\(describe(carried))\(andReference ? " and (ref exn)" : "")")
    }

    // The older encoding ----------------------------------------------------------------------

    mutating func `catch`(_ tag: TagIndex) throws(ModuleError) {
        let types = try tagTypes(tag)
        try beginHandler(.catch)
        try push(types)
    }

    mutating func catchAll() throws(ModuleError) { try beginHandler(.catchAll) }

    /// Closes a try or its last catch, and begins the next one.
    private mutating func beginHandler(_ kind: ControlKind) throws(ModuleError) {
        switch controls.innermost?.kind {
        case .try, .catch: break
        case .catchAll:
            throw failure("unexpected \(opcode?.name ?? "catch"): catch_all was the last handler")
        default: throw failure("unexpected \(opcode?.name ?? "catch"): no try is open here")
        }
        let frame = try closeBlock()
        try enterBlock(kind, FunctionSignature(results: frame.end))
    }

    mutating func rethrow(_ label: LabelIndex) throws(ModuleError) {
        guard let frame = controls[label] else { throw failure("unknown label \(label)") }
        guard frame.kind.holdsException else {
            throw failure("invalid rethrow label: \(label) is not a catch")
        }
        unreachable()
    }

    mutating func delegate(_ label: LabelIndex) throws(ModuleError) {
        guard controls.innermost?.kind == .try else {
            throw failure("unexpected delegate: no try without a catch is open here")
        }
        let frame = try closeBlock()
        guard controls[label] != nil else { throw failure("unknown label \(label)") }
        try push(frame.end)
    }
}
