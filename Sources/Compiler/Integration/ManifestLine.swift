// A line of a manifest as words, and what is read of it.

internal import Lowering
internal import WasmTypes

/// Reads one line.
struct ManifestLine {
    enum Word: Equatable {
        case name(String)
        case number(String)
        case text([UInt8])
        case sign(String)

        var shown: String {
            switch self {
            case .name(let text), .number(let text), .sign(let text): text
            case .text(let bytes): "\"\(String(decoding: bytes, as: UTF8.self).printable)\""
            }
        }
    }

    let line: Int
    /// Whether it begins with a blank: it belongs to the declaration above.
    let isIndented: Bool
    private var words: [Word] = []
    private var position = 0

    /// - Parameter text: the line without its end.
    init(_ text: some Sequence<Unicode.Scalar>, line: Int) throws(ManifestError) {
        self.line = line
        let scalars = Array(text)
        isIndented = scalars.first == " " || scalars.first == "\t"
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == " " || scalar == "\t" || scalar == "\r" {
                index += 1
            } else if scalar == "#" {
                break
            } else if scalar == "\"" {
                words.append(.text(try Self.text(scalars, &index, line)))
            } else if Self.isLetter(scalar) {
                words.append(
                    .name(Self.run(scalars, &index) { Self.isLetter($0) || Self.isDigit($0) }))
            } else if Self.isDigit(scalar)
                || scalar == "-" && index + 1 < scalars.count && Self.isDigit(scalars[index + 1])
            {
                words.append(.number(Self.number(scalars, &index)))
            } else if scalar == "-", index + 1 < scalars.count, scalars[index + 1] == ">" {
                words.append(.sign("->"))
                index += 2
            } else if "(),.=[]".unicodeScalars.contains(scalar) {
                words.append(.sign(String(scalar)))
                index += 1
            } else {
                throw ManifestError(
                    line: line,
                    message: "the character '\(String(scalar).printable)' has no meaning",
                    remedy:
                        "names that are more than letters, digits and _ stand in quotation marks")
            }
        }
    }

    var isEmpty: Bool { words.isEmpty }

    // Words ----------------------------------------------------------------------------------

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func run(
        _ scalars: [Unicode.Scalar], _ index: inout Int, while belongs: (Unicode.Scalar) -> Bool
    ) -> String {
        var text = String.UnicodeScalarView()
        while index < scalars.count, belongs(scalars[index]) {
            text.append(scalars[index])
            index += 1
        }
        return String(text)
    }

    /// A sign, digits, and perhaps a point and digits; behind it may be a unit, which is a name.
    private static func number(_ scalars: [Unicode.Scalar], _ index: inout Int) -> String {
        var text = ""
        if scalars[index] == "-" {
            text = "-"
            index += 1
        }
        text += run(scalars, &index, while: isDigit)
        if index + 1 < scalars.count, scalars[index] == ".", isDigit(scalars[index + 1]) {
            index += 1
            text += "." + run(scalars, &index, while: isDigit)
        }
        return text
    }

    private static func text(
        _ scalars: [Unicode.Scalar], _ index: inout Int, _ line: Int
    ) throws(ManifestError) -> [UInt8] {
        var view = String.UnicodeScalarView()
        index += 1
        while index < scalars.count, scalars[index] != "\"" {
            if scalars[index] == "\\" {
                index += 1
                switch index < scalars.count ? scalars[index] : "\0" {
                case "\"": view.append("\"")
                case "\\": view.append("\\")
                case "n": view.append("\n")
                case "t": view.append("\t")
                default:
                    throw ManifestError(
                        line: line, message: "an unknown escape in a text",
                        remedy: "there are \\\" and \\\\ and \\n and \\t")
                }
            } else {
                view.append(scalars[index])
            }
            index += 1
        }
        guard index < scalars.count else {
            throw ManifestError(
                line: line, message: "a text has no end", remedy: "end it with a quotation mark")
        }
        index += 1
        return Array(String(view).utf8)
    }

    // Reading --------------------------------------------------------------------------------

    var next: Word? { position < words.count ? words[position] : nil }

    func expected(_ what: String) -> ManifestError {
        let found = next.map { "'\($0.shown)'" } ?? "the end of the line"
        return ManifestError(
            line: line, message: "\(what) is expected here, and there is \(found)",
            remedy: "Integrations/README.md has the whole grammar")
    }

    /// Skips a word if it is there.
    mutating func skip(_ word: String) -> Bool {
        switch next {
        case .name(word), .sign(word):
            position += 1
            return true
        default: return false
        }
    }

    mutating func require(_ word: String) throws(ManifestError) {
        guard skip(word) else { throw expected("'\(word)'") }
    }

    mutating func requireEnd() throws(ManifestError) {
        guard next == nil else { throw expected("the end of the line") }
    }

    mutating func name(_ what: String) throws(ManifestError) -> String {
        guard case .name(let name)? = next else { throw expected(what) }
        position += 1
        return name
    }

    /// The name of something in the module: a word, or a text if it is more than that.
    mutating func export(_ what: String) throws(ManifestError) -> String {
        if case .text(let bytes)? = next {
            position += 1
            return String(decoding: bytes, as: UTF8.self)
        }
        return try name(what)
    }

    /// What functions and arguments are called in databases: without capital letters, so that it means the
    /// same with and without quotation marks.
    mutating func declaredName(_ what: String) throws(ManifestError) -> String {
        let name = try name(what)
        guard name.utf8.count <= 48, !name.contains(where: \.isUppercase) else {
            throw ManifestError(
                line: line, message: "'\(name)' cannot be the name of \(what)",
                remedy: "names have small letters, digits and _, and at most 48 of them")
        }
        return name
    }

    mutating func integer(_ what: String) throws(ManifestError) -> Int64 {
        guard case .number(let text)? = next, let value = Int64(text) else { throw expected(what) }
        position += 1
        return value
    }

    /// A number of bytes: `64KiB`, `256MiB`, `1GiB`, or just bytes.
    mutating func size() throws(ManifestError) -> UInt64 {
        let number = try integer("a number of bytes")
        let unit = next == nil ? "B" : try name("KiB, MiB or GiB")
        let shift: Int
        switch unit {
        case "B": shift = 0
        case "KiB": shift = 10
        case "MiB": shift = 20
        case "GiB": shift = 30
        default:
            throw ManifestError(
                line: line, message: "'\(unit)' is no unit", remedy: "there are KiB, MiB and GiB")
        }
        guard number > 0, number <= (1 << 40) >> shift else {
            throw ManifestError(
                line: line, message: "the size is out of range", remedy: "it is at most 1024GiB")
        }
        return UInt64(number) << UInt64(shift)
    }

    /// A time: `500ms`, `10s`.
    mutating func milliseconds() throws(ManifestError) -> UInt64 {
        let number = try integer("a number of milliseconds or seconds")
        let unit = try name("ms or s")
        guard unit == "ms" || unit == "s", number > 0, number <= 3_600_000 else {
            throw ManifestError(
                line: line, message: "this is no time that a call could have",
                remedy: "say a number of ms or s, such as 500ms, at most 3600000")
        }
        return UInt64(number) * (unit == "s" ? 1000 : 1)
    }

    mutating func type() throws(ManifestError) -> IntegrationPlan.ValueType {
        let name = try name("a type")
        let elements: [String: IntegrationPlan.ValueType.Element] = [
            "integer": .integer, "bigint": .bigint, "real": .real, "float": .float,
            "boolean": .boolean, "text": .text, "bytes": .bytes,
        ]
        guard let element = elements[name] else {
            throw ManifestError(
                line: line, message: "'\(name)' is no type",
                remedy: "there are integer, bigint, real, float, boolean, text and bytes,"
                    + " and arrays of numbers, such as bigint[]")
        }
        guard skip("[") else { return .init(element) }
        try require("]")
        guard element != .text, element != .bytes else {
            throw ManifestError(
                line: line, message: "there are no arrays of \(name)",
                remedy: "an array has numbers or booleans")
        }
        return .init(element, isArray: true)
    }

    /// `(name type, ...)`.
    mutating func arguments() throws(ManifestError) -> [(String, IntegrationPlan.ValueType)] {
        var list: [(String, IntegrationPlan.ValueType)] = []
        try require("(")
        if skip(")") { return [] }
        repeat {
            let name = try declaredName("an argument")
            guard !list.contains(where: { $0.0 == name }), name != "state", name != "result" else {
                throw ManifestError(
                    line: line, message: "'\(name)' is the name of something else already",
                    remedy: "give the argument another name")
            }
            list.append((name, try type()))
        } while skip(",")
        try require(")")
        guard list.count <= 32 else {
            throw ManifestError(
                line: line, message: "there are \(list.count) arguments or columns",
                remedy: "there may be 32 of them")
        }
        return list
    }

    /// `export(operand, ...)`.
    mutating func call() throws(ManifestError) -> Manifest.Call {
        let export = try export("the name of an exported function")
        var call = Manifest.Call(line: line, export: export, operands: [])
        try require("(")
        if skip(")") { return call }
        repeat { call.operands.append(try operand()) } while skip(",")
        try require(")")
        return call
    }

    private mutating func operand() throws(ManifestError) -> Manifest.Operand {
        let word = next
        position += 1
        switch word {
        case .number(let text)?: return .number(text)
        case .name(let name)?: return .name(name, part: try part())
        case .text(let bytes)?: return .literal(bytes, part: try part())
        default:
            position -= 1
            throw expected("an argument, a number or a text")
        }
    }

    private mutating func part() throws(ManifestError) -> String? {
        skip(".") ? try name("a part, such as pointer or length") : nil
    }
}
