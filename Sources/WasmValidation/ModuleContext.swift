// What the instructions of a module may refer to (WebAssembly 3.0, section 3.1.3).
//
// One immutable object, shared by the validation of all function bodies, however many threads
// that runs on.

import WasmBinary
import WasmTypes

/// The index spaces of a module as the body validator asks for them.
final class ModuleContext: Sendable {
    let module: Module
    let features: FeatureSet
    let types: TypeContext
    let signatures: SignatureTable
    /// The canonical type of each function.
    let functions: [UInt32]
    /// The type of each global.
    let globals: [OperandType]
    /// The element type of each table.
    let tables: [OperandType]
    /// The element type of each element segment.
    let elements: [OperandType]

    /// The module's types must have been checked.
    init(module: Module, features: FeatureSet, types: TypeContext) {
        self.module = module
        self.features = features
        self.types = types
        signatures = SignatureTable(types)
        functions = module.functions.map { types.canonicalNumbers[Int($0)] }
        globals = module.globals.map { types.operand($0.valueType) }
        tables = module.tables.map { types.operand($0.element) }
        elements = module.elements.map { types.operand($0.type) }
    }
}
