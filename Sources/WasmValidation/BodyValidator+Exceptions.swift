// Exceptions (WebAssembly 3.0, sections 3.4.2 and 3.4.3).

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
}
