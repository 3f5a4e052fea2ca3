// What happens to a unit between its lowering and its machine code.

public import LLVMKit
public import TargetModel

/// Optimises units.
public enum Optimizer {
    /// Runs the passes of a level.
    ///
    /// - Parameters:
    ///   - memory: where to find the guest's memory 0, if it has a place of its own.
    ///   - hasObjects: whether there may be objects that the collector owns.
    ///   - observe: sees the module after each pass.
    public static func run(
        _ level: OptimizationLevel, on module: borrowing IRModule,
        for machine: borrowing TargetMachine, memory: GuestMemory? = nil,
        hasObjects: Bool = false, after observe: (Pass, borrowing IRModule) -> Void = { _, _ in }
    ) throws(LLVMError) {
        let context = PassContext(machine, level: level, memory: memory, hasObjects: hasObjects)
        for pass in PassList(level).passes where pass.isUseful(context) {
            try pass.run(on: module, for: machine, context)
            observe(pass, module)
        }
    }
}
