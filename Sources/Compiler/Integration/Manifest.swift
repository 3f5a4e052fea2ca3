// What a manifest says, as it is written: names of exports have not been looked for yet.

internal import Lowering

/// A manifest.
struct Manifest {
    /// Something to be passed to a function of the guest.
    enum Operand {
        /// A number, as it is written.
        case number(String)
        /// An argument or a word, and what of it is meant.
        case name(String, part: String?)
        /// A text, and what of it is meant.
        case literal([UInt8], part: String?)
    }

    /// A call of a function of the guest.
    struct Call {
        var line: Int
        var export: String
        var operands: [Operand]
    }

    /// How a result is found and released.
    struct Outcome {
        var form: IntegrationPlan.Form?
        var capacity: UInt32 = 0
        var pointerCall: Call?
        var lengthCall: Call?
        var nullValue: Int64?
        /// `release result`, and with what if it is not the release function of all.
        var isReleased = false
        var release: Call?
        /// Where the form was given.
        var line: Int
    }

    struct Column {
        var name: String
        var type: IntegrationPlan.ValueType
        var call: Call?
        var result: Outcome
    }

    struct Declaration {
        var line: Int
        var kind: IntegrationPlan.Function.Kind
        var name: String
        var arguments: [(name: String, type: IntegrationPlan.ValueType)]
        /// Of everything but tables.
        var type: IntegrationPlan.ValueType?
        var result: Outcome
        var volatility = IntegrationPlan.Volatility.volatile
        var isCalledOnNull = false
        var releasesLock = false
        var given: [String] = []
        var status: (value: Int64, isInverted: Bool)?
        /// The call of a scalar function, by its place in what has been said: main, step or open, ...
        var calls: [String: Call] = [:]
        var columns: [Column] = []
        /// The column that clauses about results belong to.
        var currentColumn: Int?
    }

    struct ImportRole {
        var line: Int
        var module, name: String
        var role: IntegrationPlan.ImportRole
    }

    var maximumMemory: UInt64?
    var stackSize: UInt64?
    /// In milliseconds.
    var deadline: UInt64?
    var deadlineLine = 0
    var allocate: Call?
    var release: Call?
    var reusesBuffers = false
    var starts: [Call] = []
    var imports: [ImportRole] = []
    var functions: [Declaration] = []
}

/// What is wrong with a manifest.
struct ManifestError: Error {
    var line: Int
    var message: String
    var remedy: String
}
