// What a script's program says: runtime-c/src/wast/report.h describes the lines.

internal import RuntimeABI

/// The report of a program.
struct ScriptReport {
    /// What happened instead of what the script says.
    enum Outcome {
        case trapped(UInt32)
        case returned
        /// A result that does not fit, as 16 bytes.
        case value(result: Int, bytes: [UInt8])
        case unlinkable, resources, missing
    }

    /// By the number of the command.
    private(set) var outcomes: [Int: Outcome] = [:]
    /// How many commands were performed.
    private(set) var performed = 0
    /// How the program ended, if it did not come to its end.
    private(set) var crash: String?

    init(_ text: String) {
        crash = "the program ended without a report"
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "end" {
                readEnd(words)
            } else if words.count >= 2, let command = Int(words[0]) {
                outcomes[command] = Self.outcome(words)
            }
        }
    }

    private mutating func readEnd(_ words: [Substring]) {
        guard words.count == 4, let command = Int(words[1]), let status = Int(words[3]) else {
            return
        }
        performed = command
        switch (words[2], status) {
        case ("exited", 0): crash = nil
        case ("killed", 14): crash = "the time limit was exceeded"
        case ("killed", _): crash = "the program was killed by signal \(status)"
        default: crash = "the program exited with status \(status)"
        }
    }

    private static func outcome(_ words: [Substring]) -> Outcome? {
        switch words[1] {
        case "trap": return words.count > 2 ? UInt32(words[2]).map { .trapped($0) } : nil
        case "returned": return .returned
        case "unlinkable": return .unlinkable
        case "resources": return .resources
        case "missing": return .missing
        case "value":
            guard words.count == 4, let result = Int(words[2]) else { return nil }
            let digits = Array(words[3].utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { index in
                UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
            }
            return bytes.count == 16 ? .value(result: result, bytes: bytes) : nil
        default: return nil
        }
    }
}

extension ScriptReport.Outcome {
    /// What happened, for messages.
    func text(of command: ProgramCommand) -> String {
        switch self {
        case .trapped(SMELT_TRAP_UNCAUGHT_EXCEPTION.rawValue): return "it threw an exception"
        case .trapped(let code): return "it trapped: \(TrapReason.text(code))"
        case .returned: return "it returned"
        case .unlinkable: return "it cannot be linked: incompatible import type"
        case .resources: return "there is no memory for the instance"
        case .missing: return "the instance does not exist"
        case .value(let result, let bytes):
            let type = result < command.results.count ? command.results[result].type : "v128"
            return "result \(result) is \(Self.show(bytes, as: type))"
        }
    }

    /// A reference that may be to an object (`smelt_object`).
    private static func reference(_ word: UInt64) -> String {
        switch word & 3 {
        case 0: "a reference to an object"
        case 2: "reference \(BitPattern.hostNumber(word)) of the host"
        default: "i31 \(word >> 1)"
        }
    }

    private static func show(_ bytes: [UInt8], as type: String) -> String {
        func number(_ size: Int) -> UInt64 {
            bytes.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
        switch type {
        case "i32": return "i32 \(number(4)) (\(hex(number(4))))"
        case "i64": return "i64 \(number(8)) (\(hex(number(8))))"
        case "f32":
            return "f32 \(number(4)) (\(Float(bitPattern: UInt32(number(4)))))"
        case "f64": return "f64 \(number(8)) (\(Double(bitPattern: number(8))))"
        case "v128":
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            return "v128 i8 " + digits.joined(separator: " ") + " (hexadecimal)"
        case _ where number(8) == 0: return "null"
        case "externref", "anyref", "eqref", "i31ref", "structref", "arrayref":
            return reference(number(8))
        default: return "a reference"
        }
    }
}
