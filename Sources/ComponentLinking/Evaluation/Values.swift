// What the definitions of a component stand for when everything is known.

import ComponentModel
import WasmTypes

typealias Source = CoreGraph.Source

/// The options of a canonical definition.
struct ResolvedOptions: Hashable {
    var encoding = StringEncoding.utf8
    var memory: Source?
    var realloc: Source?
    var postReturn: Source?
}

/// A function of a component instance or of the host.
struct ComponentFunction {
    enum Target {
        /// A core function of a component instance, with what it takes to call it.
        case lifted(Source, ResolvedOptions, instance: Int)
        /// A function of the runtime.
        case host(module: String, name: String)
        /// What of it is not supported.
        case unsupported(String)
    }

    var target: Target
    var type: ResolvedFunctionType
    /// What errors and backtraces call it.
    var name: String
}

/// What has a name in a component's interface.
indirect enum ComponentItem {
    case function(ComponentFunction)
    case instance(ComponentInstanceValue)
    case component(ComponentClosure)
    case type(TypeValue)
    case module(CoreModuleValue)
}

/// A component's instance as others see it: its exports, in their order.
struct ComponentInstanceValue {
    private(set) var items: [(name: String, item: ComponentItem)] = []
    private var numbers: [String: Int] = [:]

    subscript(name: String) -> ComponentItem? { numbers[name].map { items[$0].item } }

    mutating func add(_ name: String, _ item: ComponentItem) {
        numbers[name] = items.count
        items.append((name, item))
    }
}

/// A component and where it was defined.
struct ComponentClosure {
    var component: Component
    var file: Int
    /// The scope around it; nil for the components of files.
    var scope: Scope?
    var name: String
}

/// A definition in the index space of types.
enum TypeValue {
    case value(TypeID)
    case function(ResolvedFunctionType)
    case resource(ResourceID)
    case instance([TypeDeclaration], Scope)
    /// Types of components are compared by validation only.
    case component
}

/// A core module: bytes of a file.
struct CoreModuleValue: Hashable {
    var file: Int
    var range: Range<Int>
}

/// What a core instance exports by a name.
enum CoreInstanceValue {
    case instance(Int)
    case bundle([ExactName: Source])
}

/// A component instance.
struct ComponentInstance {
    var parent: Int?
    var name: String
    /// The core instance with its handle table and its flags.
    var state: Int
    /// Whether it stands for whoever calls the program.
    var isDriver = false
}

/// A resource type.
struct Resource {
    var name: String
    /// The component instance that defines it; nil for the host.
    var instance: Int?
    /// The core function, or the host's function, that destroys one.
    var destructor: Source?
    /// The interface of the host that defines it.
    var hostModule: String?
}

/// The index spaces of a component while it is evaluated, or of a type's declarations.
final class Scope {
    let parent: Scope?
    let file: Int
    /// The component instance that is made; that of the scope around for declarations of types.
    let instance: Int
    var coreFunctions: [Source] = []
    var coreTables: [Source] = []
    var coreMemories: [Source] = []
    var coreGlobals: [Source] = []
    var coreTags: [Source] = []
    var coreModules: [CoreModuleValue] = []
    var coreInstances: [CoreInstanceValue] = []
    var functions: [ComponentFunction] = []
    var instances: [ComponentInstanceValue] = []
    var components: [ComponentClosure] = []
    var types: [TypeValue] = []

    init(parent: Scope?, file: Int, instance: Int) {
        self.parent = parent
        self.file = file
        self.instance = instance
    }

    func outer(_ count: UInt32) throws(LinkingError) -> Scope {
        var scope = self
        for _ in 0..<count {
            guard let parent = scope.parent else { throw LinkingError.notValidated }
            scope = parent
        }
        return scope
    }

    /// An entry of an index space.
    func at<Value>(_ space: KeyPath<Scope, [Value]>, _ index: UInt32) throws(LinkingError) -> Value
    {
        let values = self[keyPath: space]
        guard values.indices.contains(Int(index)) else { throw LinkingError.notValidated }
        return values[Int(index)]
    }
}

extension LinkingError {
    /// Validation comes before linking; nothing here relies on it for safety.
    static let notValidated = LinkingError("the component names something that it does not define")
}
