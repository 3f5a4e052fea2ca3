// The commands of a script as the bytes that its program reads: runtime-c/src/wast/script.h says
// what they mean.

internal import RuntimeABI
internal import WasmBinary

/// What may come of a command, as a set of bits.
struct AcceptedOutcomes {
    var bits: UInt32

    static let success = AcceptedOutcomes(bits: 1)
    static let exception = AcceptedOutcomes(
        bits: 1 << SMELT_TRAP_UNCAUGHT_EXCEPTION.rawValue)
    static let unlinkable = AcceptedOutcomes(bits: 1 << 31)

    init(bits: UInt32) { self.bits = bits }

    /// The traps that a script's text means. As in the reference interpreter one text may be the
    /// beginning of the other. An exception ends like a trap, but is none.
    init(trap text: String) {
        bits = 0
        for code in 1..<UInt32(SMELT_TRAP_CODE_COUNT.rawValue)
        where code != SMELT_TRAP_UNCAUGHT_EXCEPTION.rawValue {
            let reason = TrapReason.text(code)
            if reason.hasPrefix(text) || text.hasPrefix(reason) { bits |= 1 << code }
        }
    }
}

/// The reasons of traps, as scripts spell them.
enum TrapReason {
    static func text(_ code: UInt32) -> String {
        smelt_trap_reason(code).map { String(cString: $0) } ?? "trap \(code)"
    }
}

/// Writes commands.
struct CommandEncoder {
    /// One import of a module: an entity in the index space of another instance.
    struct Import {
        var kind: ExternalKind
        var instance: UInt32
        var index: UInt32
        /// The size that a memory or table must have at least.
        var minimum: UInt64
    }

    /// A command that cannot be encoded, and why.
    struct Unsupported: Error {
        var reason: String
    }

    private(set) var commandCount = 0
    private var bytes: [UInt8] = []

    private enum Kind: UInt8 { case instantiate, invoke, get }

    mutating func instantiate(
        module: Int, as instance: UInt32, imports: [Import], accepting outcomes: AcceptedOutcomes
    ) {
        begin(.instantiate, instance, outcomes)
        append(UInt32(module))
        append(UInt32(imports.count))
        for item in imports {
            bytes.append(item.kind.rawValue)
            append(item.instance)
            append(item.index)
            append(item.minimum)
        }
    }

    /// Calls an export, given as its number in the module's list.
    mutating func invoke(
        export: Int, of instance: UInt32, arguments: [WastValue], results: [WastPattern],
        accepting outcomes: AcceptedOutcomes
    ) throws(Unsupported) {
        let start = bytes.count
        begin(.invoke, instance, outcomes)
        append(UInt32(export))
        append(UInt32(arguments.count))
        do throws(Unsupported) {
            for argument in arguments {
                switch argument {
                case .bytes(let value): bytes += value
                case .unsupported(let reason): throw Unsupported(reason: reason)
                }
            }
            append(UInt32(results.count))
            for pattern in results { try append(pattern) }
        } catch {
            undo(to: start)
            throw error
        }
    }

    mutating func get(
        global: UInt32, of instance: UInt32, results: [WastPattern]
    ) throws(Unsupported) {
        let start = bytes.count
        begin(.get, instance, .success)
        append(global)
        do throws(Unsupported) {
            append(UInt32(results.count))
            for pattern in results { try append(pattern) }
        } catch {
            undo(to: start)
            throw error
        }
    }

    /// The whole script.
    func script(instanceCount: UInt32, timeLimit seconds: UInt32) -> [UInt8] {
        var header = CommandEncoder()
        header.append(instanceCount)
        header.append(UInt32(commandCount))
        header.append(seconds)
        return header.bytes + bytes
    }

    private mutating func begin(_ kind: Kind, _ instance: UInt32, _ outcomes: AcceptedOutcomes) {
        commandCount += 1
        bytes.append(kind.rawValue)
        append(instance)
        append(outcomes.bits)
    }

    private mutating func undo(to size: Int) {
        commandCount -= 1
        bytes.removeSubrange(size...)
    }

    private mutating func append(_ pattern: WastPattern) throws(Unsupported) {
        bytes.append(UInt8(pattern.alternatives.count))
        for alternative in pattern.alternatives {
            switch alternative {
            case .bits(let mask, let value):
                bytes.append(0)
                bytes += mask
                bytes += value
            case .notNull: bytes.append(1)
            case .object(let kind): bytes.append(kind.rawValue)
            case .unsupported(let reason): throw Unsupported(reason: reason)
            }
        }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
