// The legacy scripts of exceptions in a form that wasm-tools reads: it knows try, catch and delegate
// only as instructions in a row, and the scripts fold them.

/// Unfolds the legacy instructions of a script, each on the line where it was.
///
///     (try $t (result i32) (do A) (catch $e B) (catch_all C))
///      try $t (result i32)     A   catch $e B   catch_all C  end
struct LegacyText {
    /// What an opening parenthesis has begun, and so what its closing one becomes.
    private enum Form {
        case other
        case attempt(isDelegated: Bool)
        case part
    }

    private var output: [UInt8] = []
    private var open: [Form] = []

    /// The script's text without folded legacy instructions.
    static func unfolded(_ text: String) -> String {
        var unfolding = LegacyText()
        unfolding.translate(Array(text.utf8))
        return String(decoding: unfolding.output, as: UTF8.self)
    }

    private mutating func translate(_ text: [UInt8]) {
        var rest = text[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "(") {
                begin(Self.word(rest.dropFirst()), &rest)
            } else if byte == UInt8(ascii: ")") {
                rest = rest.dropFirst()
                end()
            } else {
                let count = Self.opaqueLength(rest)
                output += rest.prefix(count)
                rest = rest.dropFirst(count)
            }
        }
    }

    /// How much is not looked into: a string, a comment to the end of its line, or one byte.
    private static func opaqueLength(_ text: ArraySlice<UInt8>) -> Int {
        if text.starts(with: ";;".utf8) {
            let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            return end - text.startIndex
        }
        guard text.first == UInt8(ascii: "\"") else { return 1 }
        var length = 1
        while length < text.count, text[text.startIndex + length] != UInt8(ascii: "\"") {
            length += text[text.startIndex + length] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(length + 1, text.count)
    }

    private static func word(_ text: ArraySlice<UInt8>) -> String {
        String(
            decoding: text.prefix { $0 > UInt8(ascii: " ") && !"()\"".utf8.contains($0) },
            as: UTF8.self)
    }

    private mutating func begin(_ word: String, _ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        switch word {
        case "try":
            open.append(.attempt(isDelegated: false))
        case "do", "catch", "catch_all", "delegate":
            open.append(.part)
            if word == "do" { rest = rest.dropFirst(2) }
            if word == "delegate" { closeByDelegation() }
        default:
            open.append(.other)
            output.append(UInt8(ascii: "("))
            return
        }
        output.append(UInt8(ascii: " "))
    }

    private mutating func closeByDelegation() {
        let index = open.lastIndex { if case .attempt = $0 { true } else { false } }
        if let index { open[index] = .attempt(isDelegated: true) }
    }

    private mutating func end() {
        switch open.popLast() {
        case .attempt(isDelegated: false): output += Array(" end ".utf8)
        case .attempt(isDelegated: true), .part: output.append(UInt8(ascii: " "))
        case .other, nil: output.append(UInt8(ascii: ")"))
        }
    }
}
