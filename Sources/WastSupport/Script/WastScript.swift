// A test script: the commands of a .wast file, in the words of the specification's own test suite
// (interpreter/README.md, "Scripts").

internal import ComponentLinking
public import SystemPackage

/// A script of the WebAssembly test suite.
public struct WastScript: Sendable {
    /// How messages call it.
    public var name: String
    public var commands: [WastCommand]

    public init(name: String, commands: [WastCommand]) {
        self.name = name
        self.commands = commands
    }
}

/// One command of a script.
public struct WastCommand: Sendable {
    /// What a command does.
    public enum Kind: Sendable {
        /// Defines a module and instantiates it.
        case module(WastModule, name: WastName?)
        /// Defines a module.
        case definition(WastModule, name: WastName?)
        /// Instantiates a module that was defined before; nil is the last one.
        case instance(name: WastName?, definition: WastName?)
        /// Makes an instance importable; nil is the last one.
        case register(WastName, instance: WastName?)
        /// Does something that must succeed.
        case action(WastAction)
        case assertReturn(WastAction, [WastPattern])
        case assertTrap(WastAction, text: String)
        case assertExhaustion(WastAction, text: String)
        case assertException(WastAction)
        case assertMalformed(WastModule, text: String)
        case assertInvalid(WastModule, text: String)
        case assertUnlinkable(WastModule, text: String)
        case assertUninstantiable(WastModule, text: String)
        /// A command that this version does not know.
        case unknown(String)
    }

    /// Where it stands in the script, from 1.
    public var line: Int
    public var kind: Kind

    public init(line: Int, kind: Kind) {
        self.line = line
        self.kind = kind
    }
}

/// A name in a script or a module. Names are equal if their bytes are, while Swift's strings are
/// also equal if they only look the same.
public struct WastName: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    public init(_ name: String) { bytes = Array(name.utf8) }

    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// A module as a script contains it.
public enum WastModule: Sendable {
    case binary([UInt8])
    /// A file in the text format, with its translation if there is one.
    case text(FilePath, binary: [UInt8]?)
}

/// What is done with an instance.
public struct WastAction: Sendable {
    public enum Kind: Sendable {
        /// Calls an exported function.
        case invoke([WastValue])
        /// Reads an exported global.
        case get
    }

    /// The name of the instance; nil is the last one.
    public var instance: WastName?
    /// The name of the export.
    public var field: WastName
    public var kind: Kind
    /// The arguments as values of a component; nil for those that are none.
    var componentArguments: [ComponentValue?] = []

    public init(instance: WastName?, field: WastName, kind: Kind) {
        self.instance = instance
        self.field = field
        self.kind = kind
    }
}

/// An argument.
public enum WastValue: Sendable {
    /// The 16 bytes of a `smelt_value`.
    case bytes([UInt8])
    /// A value of a type that cannot be made yet.
    case unsupported(String)
}

/// What a result must look like.
public struct WastPattern: Sendable {
    /// One way to fit.
    public enum Alternative: Sendable {
        /// The value's 16 bytes, as far as the mask has ones, are these.
        case bits(mask: [UInt8], value: [UInt8])
        /// A reference that is not null.
        case notNull
        /// A reference to an object, or an i31.
        case object(ObjectKind)
        /// A type whose values do not exist yet.
        case unsupported(String)
    }

    /// What a reference refers to. The numbers are those of alternatives in scripts' programs
    /// (runtime-c/src/wast/script.h).
    public enum ObjectKind: UInt8, Sendable {
        case i31 = 2, structure, array
        /// Any of these.
        case any
    }

    /// One of them must fit.
    public var alternatives: [Alternative]
    /// The type, as the script calls it: `i32`, `v128`, `externref`.
    public var type: String
    /// How messages show it.
    public var text: String
    /// The same as a value of a component; nil if it is none.
    var component: ComponentValue?

    public init(alternatives: [Alternative], type: String, text: String) {
        self.alternatives = alternatives
        self.type = type
        self.text = text
    }
}
