// What the instantiation of a static instance comes to: everything that can be computed from the
// modules alone, which for an executable is all but copying into memories outside of its image.

internal import WasmTypes

/// The initial state of a static instance.
struct StaticInstantiation: Sendable {
    /// The tables that it defines, also with what later instances put there.
    var tables: [TablePlan] = []
    /// By index, imported ones included.
    var globals: [ConstantValue] = []
    /// The contents of element segments that are there when the program runs: passive ones, and active
    /// ones that are copied when it starts.
    var keptElements: [ElementIndex: [ConstantValue]] = [:]
    /// Active element segments to be copied when the program starts.
    var deferredElements: [ElementIndex] = []
    /// Active data segments to be copied when the program starts.
    var deferredData: [DataIndex] = []
    /// The trap that instantiation ends in, when a segment does not fit.
    var trap: TrapCode?
}
