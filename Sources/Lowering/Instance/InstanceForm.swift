// The two forms of an instance, as a plan names them.

public import WasmValidation

/// Where an instance keeps its state.
public enum InstanceForm: Sendable {
    /// One instance for the program's life, its state in globals: executables.
    case `static`
    /// Any number of instances, made at run time from the description `smelt_module_<name>`.
    /// Names must be different among the modules of one link; so must the registry be the same.
    case dynamic(name: String, types: TypeStore)

    /// Whether functions of other modules can be called.
    var isOpen: Bool {
        switch self {
        case .static: false
        case .dynamic: true
        }
    }
}
