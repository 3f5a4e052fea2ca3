// Types of imports and exports in messages and listings.

internal import WasmBinary
internal import WasmTypes

extension ExternalType {
    /// A type as it is shown, without the word for what it is the type of.
    func text(in module: Module) -> String {
        func limits(_ limits: Limits) -> String {
            "\(limits.minimum)" + (limits.maximum.map { " \($0)" } ?? "")
        }
        func signature(_ index: TypeIndex) -> String {
            module.types[Int(index)].functionType.map { "\($0)" } ?? "type \(index)"
        }
        return switch self {
        case .function(let index): signature(index)
        case .table(let table): "\(limits(table.limits)) \(table.element)"
        case .memory(let memory):
            (memory.addressType == .i64 ? "i64 " : "") + limits(memory.limits)
                + (memory.isShared ? " shared" : "")
        case .global(let global):
            global.isMutable ? "(mut \(global.valueType))" : "\(global.valueType)"
        case .tag(let tag): signature(tag.type)
        }
    }
}
