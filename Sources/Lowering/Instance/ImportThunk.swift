// An imported function as a value: code in the convention of compiled functions that calls the
// host's. Direct calls of an import do not need it.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// Defines the thunk of an imported function.
struct ImportThunk {
    let unit: UnitLowering
    let index: FunctionIndex
    let function: IRFunction

    func define() {
        let type = unit.module.functionType(index)!
        let position = unit.builder.savePosition()
        let location = unit.builder.location
        unit.builder.location = nil
        defer {
            unit.builder.restorePosition(position)
            unit.builder.location = location
        }
        var lowering = FunctionLowering(
            unit: unit, function: function, type: type, signature: unit.signature(type))
        lowering.callImport(index, lowering.parameters, as: .tail)
    }
}
