// Atomic accesses (the threads proposal). They may be used on memories that are not shared; their
// alignment must be the natural one.

import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func atomic(_ instruction: AtomicInstruction) throws(ModuleError) {
        switch instruction {
        case .notify(let argument):
            try atomicAccess(argument, .bits32)
        case .wait(let type, let argument):
            try atomicAccess(argument, type == .i32 ? .bits32 : .bits64)
        case .fence:
            try applySignature()
        case .load(_, let width, let argument), .store(_, let width, let argument),
            .readModifyWrite(_, _, let width, let argument),
            .compareExchange(_, let width, let argument):
            try atomicAccess(argument, width)
        }
    }

    private mutating func atomicAccess(
        _ argument: MemoryArgument, _ width: AccessWidth
    ) throws(ModuleError) {
        guard argument.alignmentLog2 >= width.byteCountLog2 else {
            throw failure(
                "atomic alignment must be natural: 2^\(argument.alignmentLog2) bytes, natural is "
                    + "2^\(width.byteCountLog2)")
        }
        try access(argument, widthLog2: width.byteCountLog2)
    }
}
