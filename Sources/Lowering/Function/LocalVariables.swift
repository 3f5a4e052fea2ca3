// The locals of the function that is being lowered: SSA values, or slots in memory for functions
// that would need too many phis.

internal import LLVMKit
internal import WasmTypes

/// Parameters and declared locals, by index.
struct LocalVariables {
    private enum Storage {
        case values([IRValue])
        case slots([(address: IRValue, type: IRType)])
    }

    private var storage: Storage
    private let builder: IRBuilder

    /// - Parameters:
    ///   - values: what the locals are at the start: arguments and zeros.
    ///   - inMemory: whether to keep them in stack slots. The builder must then stand in the
    ///     entry block.
    init(_ values: [IRValue], inMemory: Bool, builder: IRBuilder) {
        self.builder = builder
        guard inMemory else {
            storage = .values(values)
            return
        }
        storage = .slots(
            values.map { value in
                let address = builder.alloca(value.type)
                builder.store(value, to: address, alignment: 8)
                return (address, value.type)
            })
    }

    /// The value of a local, if there is such a local and it is held as a value.
    func value(_ index: LocalIndex) -> IRValue? {
        guard case .values(let values) = storage, Int(index) < values.count else { return nil }
        return values[Int(index)]
    }

    subscript(index: LocalIndex) -> IRValue {
        get {
            switch storage {
            case .values(let values): values[Int(index)]
            case .slots(let slots):
                builder.load(slots[Int(index)].type, from: slots[Int(index)].address, alignment: 8)
            }
        }
        set {
            switch storage {
            case .values(var values):
                // Without this the array would be shared with the enum and copied.
                storage = .values([])
                values[Int(index)] = newValue
                storage = .values(values)
            case .slots(let slots):
                builder.store(newValue, to: slots[Int(index)].address, alignment: 8)
            }
        }
    }
}
