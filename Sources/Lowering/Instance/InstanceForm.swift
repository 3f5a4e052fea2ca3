// What a module is compiled to: where the state of its instances lives, times what is made of it.

public import WasmValidation

/// The form of a module's instances, and of what is made of them.
public struct InstanceForm: Sendable {
    /// Where an instance keeps its state.
    public enum StateLocation: Sendable, Hashable {
        /// In globals of the program: there is one instance, for the program's life.
        case absolute
        /// Behind a pointer that compiled functions get: any number of instances, made at run time.
        case perInstance
    }

    /// What is made of a module.
    public enum Artifact: Sendable {
        /// A program of its own.
        case executable
        /// One of the modules of a test script, described as `smelt_module_<name>`. Names must be
        /// different among the modules of one link; so must the registry be the same.
        case scriptModule(name: String, types: TypeStore)
        /// Functions for programs in C, in an object, an archive or a shared library.
        case library(LibraryPlan)
    }

    /// Where the state lives.
    let state: StateLocation
    /// What is made.
    let artifact: Artifact

    /// A program of its own.
    public static let executable = InstanceForm(state: .absolute, artifact: .executable)

    /// A module of a test script.
    public static func scriptModule(name: String, types: TypeStore) -> InstanceForm {
        InstanceForm(state: .perInstance, artifact: .scriptModule(name: name, types: types))
    }

    /// A library.
    public static func library(_ plan: LibraryPlan) -> InstanceForm {
        InstanceForm(state: .perInstance, artifact: .library(plan))
    }

    /// Whether functions of other modules can be called. A library's host is none: its functions are
    /// called as what they are.
    var isOpen: Bool {
        if case .scriptModule = artifact { true } else { false }
    }

    /// The library, if it is one.
    var library: LibraryPlan? {
        if case .library(let plan) = artifact { plan } else { nil }
    }

    /// What keeps the symbols of one module apart from those of others in the same link.
    var symbolScope: String {
        switch artifact {
        case .executable, .library: ""
        case .scriptModule(let name, _): name + "."
        }
    }
}
