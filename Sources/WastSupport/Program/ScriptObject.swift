// The object that ties a script's program together: the list of its modules and the bytes of its
// commands, under the names that runtime-c/src/wast/script.h declares.

internal import Compiler
internal import LLVMKit
internal import Lowering

enum ScriptObject {
    /// - Parameters:
    ///   - moduleCount: How many modules there are: `smelt_module_m0` and so on.
    ///   - types: The modules' common type numbers.
    static func make(
        moduleCount: Int, script: [UInt8], types registry: TypeRegistry, target: Target
    ) throws(LLVMError) -> [UInt8] {
        let machine = try TargetMachine(
            triple: target.triple, cpu: target.baselineCPU, features: "", level: .none)
        let ir = IRModule(name: "script", for: machine)
        let types = ir.types
        var modules: [IRValue] = []
        for number in 0..<moduleCount {
            let module = ir.addGlobal(
                "smelt_module_m\(number)", type: types.i8, linkage: .hidden)
            modules.append(module.value)
        }
        // An array of nothing would have no element type.
        modules.append(types.pointer.zero)
        define("smelt_wast_modules", types.pointer.constantArray(modules), in: ir)
        define(
            "smelt_type_parents",
            types.i32.constantArray(registry.parents.map { types.i32.constant(UInt64($0)) }),
            in: ir)
        ir.defineTypes(registry.layouts, parents: registry.parents)
        define("smelt_wast_script", types.constantBytes(script), in: ir)
        return try machine.emit(ir, as: .object)
    }

    private static func define(_ name: String, _ value: IRValue, in ir: borrowing IRModule) {
        _ = ir.addGlobal(
            name, type: value.type, linkage: .hidden, initializer: value, isConstant: true)
    }
}
