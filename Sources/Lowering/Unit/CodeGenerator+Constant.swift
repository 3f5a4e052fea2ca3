// Objects that hold nothing but a constant.

internal import LLVMKit
internal import TargetModel

extension CodeGenerator {
    /// An object with one read-only symbol.
    public static func object(
        named name: String, in section: String, contents: [UInt8], triple: String
    ) throws -> [UInt8] {
        let machine = try TargetMachine(triple: triple, cpu: "", features: "", level: .none)
        let ir = IRModule(name: name, for: machine)
        let bytes = ir.types.constantBytes(contents)
        let global = ir.addGlobal(
            name, type: bytes.type, linkage: .hidden, initializer: bytes, isConstant: true)
        global.setSection(section)
        global.setAlignment(4)
        return try machine.emit(ir, as: .object)
    }
}
