// Linear memory (WebAssembly 3.0, section 3.4.11). Addresses and lengths have the memory's
// address type.

import WasmBinary
import WasmTypes

extension BodyValidator {
    func memoryAddressType(_ memory: MemoryIndex) throws(ModuleError) -> OperandType {
        guard Int(memory) < context.module.memories.count else {
            throw failure("unknown memory \(memory)")
        }
        switch context.module.memories[Int(memory)].addressType {
        case .i32: return .i32
        case .i64: return .i64
        }
    }

    /// Checks a memory argument of an access of `1 << widthLog2` bytes, and says what type the
    /// address has.
    func address(_ argument: MemoryArgument, widthLog2: UInt8) throws(ModuleError) -> OperandType {
        let type = try memoryAddressType(argument.memory)
        guard argument.alignmentLog2 <= widthLog2 else {
            throw failure(
                "alignment must not be larger than natural: 2^\(argument.alignmentLog2) bytes, "
                    + "natural is 2^\(widthLog2)")
        }
        guard type == .i64 || argument.offset <= UInt64(UInt32.max) else {
            throw failure("offset out of range: \(argument.offset)")
        }
        return type
    }

    /// An access whose other operands and results are in the opcode table.
    mutating func access(
        _ argument: MemoryArgument, widthLog2: UInt8
    ) throws(ModuleError) {
        try applySignature(above: try address(argument, widthLog2: widthLog2))
    }

    mutating func load(
        _ operation: LoadOperation, _ argument: MemoryArgument
    ) throws(ModuleError) {
        let widthLog2: UInt8 =
            switch operation {
            case .integer(let type): type == .i32 ? 2 : 3
            case .float(let type): type == .f32 ? 2 : 3
            case .extending(_, from: let width, signed: _): width.byteCountLog2
            }
        try access(argument, widthLog2: widthLog2)
    }

    mutating func store(
        _ operation: StoreOperation, _ argument: MemoryArgument
    ) throws(ModuleError) {
        let widthLog2: UInt8 =
            switch operation {
            case .integer(let type): type == .i32 ? 2 : 3
            case .float(let type): type == .f32 ? 2 : 3
            case .narrowing(_, to: let width): width.byteCountLog2
            }
        try access(argument, widthLog2: widthLog2)
    }

    mutating func memorySize(_ memory: MemoryIndex) throws(ModuleError) {
        push(try memoryAddressType(memory))
    }

    mutating func memoryGrow(_ memory: MemoryIndex) throws(ModuleError) {
        let addressType = try memoryAddressType(memory)
        try pop(addressType)
        push(addressType)
    }

    mutating func memoryFill(_ memory: MemoryIndex) throws(ModuleError) {
        let addressType = try memoryAddressType(memory)
        try pop(addressType)
        try pop(.i32)
        try pop(addressType)
    }

    mutating func memoryCopy(
        to destination: MemoryIndex, from source: MemoryIndex
    ) throws(ModuleError) {
        let destinationAddress = try memoryAddressType(destination)
        try popCopyOperands(destinationAddress, try memoryAddressType(source))
    }

    mutating func memoryInit(_ segment: DataIndex, _ memory: MemoryIndex) throws(ModuleError) {
        let addressType = try memoryAddressType(memory)
        try requireData(segment)
        try pop(.i32)
        try pop(.i32)
        try pop(addressType)
    }

    func dataDrop(_ segment: DataIndex) throws(ModuleError) { try requireData(segment) }

    /// The code section comes before the data section, so a single pass knows the segments only
    /// from the data count section; without it the module is malformed (section 5.5.16).
    func requireData(_ segment: DataIndex) throws(ModuleError) {
        guard let count = context.module.dataCount else { throw dataCountRequired() }
        guard segment < count else { throw failure("unknown data segment \(segment)") }
    }
}
