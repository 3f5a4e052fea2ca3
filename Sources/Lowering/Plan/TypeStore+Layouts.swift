// What the collector knows of the types of several modules.

internal import WasmBinary
public import WasmValidation

extension TypeStore {
    /// What the objects of each type number look like, nil for functions and for number 0: what a
    /// program defines as `smelt_types`.
    public var layouts: [ObjectLayout?] {
        let (types, all) = definitions
        var context = Module(bytes: [])
        context.types = all
        return [nil] + types.map { ObjectLayout($0, of: context) }
    }
}
