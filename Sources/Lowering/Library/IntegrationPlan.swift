// What a program that loads extensions has of a library: functions with the types of that program, and
// for each how its arguments become those of the guest's functions. The numbers are those of
// Integrations/common/table.h.

public import WasmTypes

/// The functions that a library declares for a database or an interpreter.
public struct IntegrationPlan: Sendable {
    /// The program that loads the library.
    public enum Host: String, Sendable, Hashable, CaseIterable {
        case sqlite, postgresql, python
    }

    /// A type of the host's values.
    public struct ValueType: Sendable, Hashable {
        public enum Element: UInt8, Sendable, CaseIterable {
            case integer = 1
            case bigint, real, float, boolean, text, bytes
        }
        public var element: Element
        public var isArray: Bool

        public init(_ element: Element, isArray: Bool = false) {
            self.element = element
            self.isArray = isArray
        }

        /// Whether the guest has it as a pointer and a length.
        public var isInMemory: Bool { isArray || element == .text || element == .bytes }
    }

    /// Where a parameter of a guest's function comes from.
    public enum Source: Sendable, Hashable {
        case constant(bits: UInt64)
        /// The value of an argument, or its parts.
        case number(Int), pointer(Int), length(Int), isNull(Int)
        /// What an aggregate or a table keeps between calls.
        case state
        /// The parts of the area that the guest writes a result to.
        case resultPointer, resultCapacity
        /// For what releases something: where it is and how large.
        case blockPointer, blockLength
        /// The parts of a text in the manifest.
        case literalPointer(Int), literalLength(Int)
    }

    /// A call of a guest's function.
    public struct Call: Sendable {
        public var function: FunctionIndex
        /// For messages.
        public var name: String
        /// One for each parameter, with its type.
        public var passes: [(source: Source, type: WasmTypes.ValueType)]
        public var literals: [[UInt8]]
        /// The type of the only result, or of the first of two.
        public var result: WasmTypes.ValueType?
        /// Arguments that the guest releases.
        public var given: Set<Int> = []
        /// What its result means; the call fails if it is another one or, if inverted, this one.
        public var status: (value: Int64, isInverted: Bool)?

        public init(
            function: FunctionIndex, name: String,
            passes: [(source: Source, type: WasmTypes.ValueType)], literals: [[UInt8]],
            result: WasmTypes.ValueType?
        ) {
            self.function = function
            self.name = name
            self.passes = passes
            self.literals = literals
            self.result = result
        }
    }

    /// How what a function returns is found.
    public enum Form: UInt8, Sendable {
        /// It is what the guest's function returns.
        case value = 1
        /// An i64 with the pointer in its upper half, or in its lower half.
        case packedPointerLength, packedLengthPointer
        /// Two results.
        case pair
        /// A pointer to a pointer and a length.
        case area
        /// A pointer to bytes that end with a zero, or begin with their length.
        case terminated, prefixed
        /// The guest has written it to an area that it was given, and returns the length.
        case buffer
        /// Two other functions return pointer and length.
        case calls
    }

    /// What a call returns, as the host's value.
    public struct Returned: Sendable {
        public var type: ValueType
        public var form: Form
        /// For the form ``Form/buffer``.
        public var capacity: UInt32 = 0
        /// The number, or the pointer, that stands for NULL.
        public var nullValue: Int64?
        /// Called when the result has been copied.
        public var release: Call?
        /// For the form ``Form/calls``.
        public var pointerCall: Call?
        public var lengthCall: Call?

        public init(type: ValueType, form: Form = .value) {
            self.type = type
            self.form = form
        }
    }

    /// A column of a table.
    public struct Column: Sendable {
        public var name: String
        public var call: Call
        public var returned: Returned

        public init(name: String, call: Call, returned: Returned) {
            self.name = name
            self.call = call
            self.returned = returned
        }
    }

    /// Which calls the host may leave out.
    public enum Volatility: UInt8, Sendable { case volatile, stable, immutable }

    /// A function of the host's.
    public struct Function: Sendable {
        public enum Kind: UInt8, Sendable {
            case scalar = 1
            case aggregate, table
        }
        public var kind: Kind
        public var name: String
        public var arguments: [(name: String, type: ValueType)]
        public var volatility = Volatility.volatile
        /// Whether it is called with NULLs, too.
        public var isCalledOnNull = false
        /// Whether an interpreter may run other threads in the meantime.
        public var releasesLock = false
        /// The call of a scalar function; the step of an aggregate; what opens a table.
        public var main: Call
        /// What an aggregate begins with.
        public var begin: Call?
        /// The result of a scalar function or an aggregate; `finish` is the call of the latter.
        public var finish: Call?
        public var returned: Returned?
        /// Whether there is another row.
        public var next: Call?
        public var columns: [Column] = []
        /// Ends what an aggregate or a table keeps.
        public var drop: Call?

        public init(
            _ kind: Kind, name: String, arguments: [(name: String, type: ValueType)], main: Call
        ) {
            self.kind = kind
            self.name = name
            self.arguments = arguments
            self.main = main
        }
    }

    /// What an imported function does.
    public enum ImportRole: UInt8, Sendable {
        /// Ends the guest's call.
        case trap = 1
        /// Shows a text to the user, or ends the call with it.
        case notice, error
    }

    public var host: Host
    /// The extension's name.
    public var name: String
    public var functions: [Function] = []
    /// Called in each instance before anything else.
    public var starts: [Call] = []
    public var allocate: Call?
    public var release: Call?
    /// Whether arguments are put where those of the last call have been.
    public var reusesBuffers = false
    /// The memory that pointers are into.
    public var memory: MemoryIndex?
    /// Bytes that memories may grow to, and that the guest may use of the stack.
    public var maximumMemory: UInt64 = 256 << 20
    public var stackSize: UInt64 = 1 << 20
    /// Milliseconds that a call may take; 0 for no such limit.
    public var deadline: UInt64 = 0
    /// By the index among those imported functions that the runtime does not provide.
    public var importRoles: [ImportRole] = []

    public init(host: Host, name: String) {
        self.host = host
        self.name = name
    }

    /// What the shared library has for others, by the names that its code has until it is linked.
    public var symbols: [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { (LibraryPlan.placeholder + $0, $0) })
    }

    private var names: [String] {
        switch host {
        case .sqlite: ["sqlite3_extension_init"]
        case .python: ["PyInit_\(name)"]
        case .postgresql:
            ["Pg_magic_func"]
                + functions.flatMap { function in
                    Self.postgreSQLSymbols(of: function).flatMap { [$0, "pg_finfo_\($0)"] }
                }
        }
    }

    /// The functions in C that a function of PostgreSQL consists of: in this order for an aggregate its
    /// step, its end.
    public static func postgreSQLSymbols(of function: Function) -> [String] {
        let name = "smelt_\(function.name)"
        return function.kind == .aggregate ? ["\(name)_step", "\(name)_final"] : [name]
    }
}
