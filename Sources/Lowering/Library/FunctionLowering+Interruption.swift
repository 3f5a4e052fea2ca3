// Functions of the runtime that may take long, in libraries whose calls can be interrupted: each has another
// form there, which gets the instance, looks at the interrupt word now and then, and says when it has ended
// for that.

internal import LLVMKit
internal import RuntimeABI

extension FunctionLowering {
    /// Calls a function of the runtime that may take long.
    mutating func callInPieces(
        _ function: smelt_runtime_function, _ arguments: [IRValue]
    ) -> IRValue {
        let plain = unit.runtimeFunction(function)
        guard unit.program.form.library?.isInterruptible == true,
            let name = Self.interruptible[function.rawValue]
        else { return builder.call(plain, arguments) }
        let arguments = [instance.leadingArguments()[0]] + arguments
        let isGrowing = function == SMELT_RUNTIME_table_grow
        let result = isGrowing ? types.i64 : types.i32
        let callee = unit.ir.runtimeFunction(
            name, type: types.function(arguments.map(\.type), returning: result))
        let value = builder.call(callee, arguments)
        let interrupted = isGrowing ? result.constant(UInt64.max - 1) : result.constant(4 as UInt64)
        trap(.interrupted, if: builder.icmp(.eq, value, interrupted))
        return value
    }

    /// The other forms, which smelt/library.h describes.
    private static let interruptible: [UInt32: String] = [
        SMELT_RUNTIME_table_grow.rawValue: "smelt_library_table_grow",
        SMELT_RUNTIME_table_fill.rawValue: "smelt_library_table_fill",
        SMELT_RUNTIME_table_copy.rawValue: "smelt_library_table_copy",
        SMELT_RUNTIME_table_init.rawValue: "smelt_library_table_init",
        SMELT_RUNTIME_atomic_wait32.rawValue: "smelt_library_wait32",
        SMELT_RUNTIME_atomic_wait64.rawValue: "smelt_library_wait64",
    ]
}
