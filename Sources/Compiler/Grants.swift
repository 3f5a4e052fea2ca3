// What a program may touch besides its standard streams and its arguments: directories and
// environment variables. Nothing is granted that is not written down.
//
// Grammar. A grant is one or two words, the same on the command line, inside a compiled program
// and in the environment variable SMELT_GRANTS:
//
//     --dir HOST[::GUEST]    the directory HOST, which the program sees as GUEST (HOST by default)
//     --env NAME=VALUE       an environment variable
//     --inherit-env[=NAME]   the variable NAME of the program's own environment, or all of them
//
// An option and its value may also be joined: `--dir=HOST`, `--env=NAME=VALUE`. Relative host
// paths are taken from the folder that the program is started in.
//
// A compiled program holds the words one behind the other, each ended by a zero byte, with an
// empty word after the last (smelt_program.grants). SMELT_GRANTS separates them by blanks (space,
// tab or newline); a backslash makes the next character part of a word whatever it is.

/// One thing that a program may touch.
public enum Grant: Sendable, Hashable {
    /// A directory of the host and the name that the program knows it by.
    case directory(host: String, guest: String)
    /// A variable that is set for the program.
    case variable(name: String, value: String)
    /// A variable that is passed on when it is set.
    case inheritedVariable(name: String)
    /// The whole environment is passed on.
    case inheritedEnvironment
}

/// A grant that makes no sense, and why.
public struct GrantError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line, beginning with the option.
    public let description: String
}

extension Grant {
    /// Reads the value of `--dir`.
    public static func directory(parsing text: String) throws(GrantError) -> Grant {
        let (host, guest) = text.splitOnce(at: "::") ?? (text, text)
        guard !host.isEmpty else { throw GrantError(description: "--dir: no directory is named") }
        guard !guest.isEmpty else {
            throw GrantError(description: "--dir \(text): the name behind :: is empty")
        }
        try checkForZeros(text, option: "--dir")
        return .directory(host: host, guest: guest)
    }

    /// Reads the value of `--env`.
    public static func variable(parsing text: String) throws(GrantError) -> Grant {
        guard let (name, value) = text.splitOnce(at: "=") else {
            throw GrantError(
                description: "--env \(text): no value; "
                    + "write \(text)=VALUE, or --inherit-env=\(text) to pass it on")
        }
        guard !name.isEmpty else { throw GrantError(description: "--env \(text): no name") }
        try checkForZeros(text, option: "--env")
        return .variable(name: name, value: value)
    }

    /// Reads the value of `--inherit-env`; an empty one means the whole environment.
    public static func inheritance(parsing name: String) throws(GrantError) -> Grant {
        guard !name.contains("=") else {
            throw GrantError(description: "--inherit-env=\(name): a name cannot contain =")
        }
        try checkForZeros(name, option: "--inherit-env")
        return name.isEmpty ? .inheritedEnvironment : .inheritedVariable(name: name)
    }

    private static func checkForZeros(_ text: String, option: String) throws(GrantError) {
        guard !text.utf8.contains(0) else {
            throw GrantError(description: "\(option): contains a zero byte")
        }
    }

    /// The words of this grant.
    public var words: [String] {
        switch self {
        case .directory(let host, let guest):
            ["--dir", host == guest && !host.contains("::") ? host : "\(host)::\(guest)"]
        case .variable(let name, let value): ["--env", "\(name)=\(value)"]
        case .inheritedVariable(let name): ["--inherit-env=\(name)"]
        case .inheritedEnvironment: ["--inherit-env"]
        }
    }
}

/// A list of grants. Later ones win over earlier ones.
public struct Grants: Sendable, Hashable {
    public var list: [Grant]

    public init(_ list: [Grant] = []) { self.list = list }

    public var isEmpty: Bool { list.isEmpty }

    /// Reads words as they are on the command line.
    public init(words: [String]) throws(GrantError) {
        list = []
        var rest = words[...]
        while let word = rest.popFirst() {
            let (option, joined): (String, String?) =
                if let (option, value) = word.splitOnce(at: "=") { (option, value) } else {
                    (word, nil)
                }
            switch option {
            case "--dir", "--env":
                guard let value = joined ?? rest.popFirst() else {
                    throw GrantError(description: "\(option): the value is missing")
                }
                list.append(
                    option == "--dir"
                        ? try .directory(parsing: value) : try .variable(parsing: value))
            case "--inherit-env":
                list.append(try .inheritance(parsing: joined ?? ""))
            default:
                throw GrantError(description: "\(word): not a grant")
            }
        }
    }

    /// Reads the value of SMELT_GRANTS.
    public init(environmentValue: String) throws(GrantError) {
        var words: [String] = []
        var word: String?
        var isEscaped = false
        for scalar in environmentValue.unicodeScalars {
            if isEscaped {
                word = (word ?? "") + String(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                word = word ?? ""
                isEscaped = true
            } else if Self.blanks.contains(scalar) {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(scalar)
            }
        }
        guard !isEscaped else {
            throw GrantError(description: "SMELT_GRANTS: nothing follows the last backslash")
        }
        if let finished = word { words.append(finished) }
        try self.init(words: words)
    }

    private static let blanks: [Unicode.Scalar] = [" ", "\t", "\n"]

    /// All words in order.
    public var words: [String] { list.flatMap(\.words) }

    /// The value of SMELT_GRANTS that means the same.
    public var environmentValue: String {
        words.map { word in
            var escaped = ""
            for scalar in word.unicodeScalars {
                if scalar == "\\" || Self.blanks.contains(scalar) { escaped += "\\" }
                escaped.unicodeScalars.append(scalar)
            }
            return escaped
        }.joined(separator: " ")
    }

    /// The form inside a compiled program: zero-terminated words, then an empty one.
    public var encoded: [UInt8] {
        words.flatMap { Array($0.utf8) + [0] } + [0]
    }
}

extension String {
    /// The parts before and behind the first occurrence of a separator.
    fileprivate func splitOnce(at separator: String) -> (String, String)? {
        var index = startIndex
        while index < endIndex {
            let rest = self[index...]
            if rest.hasPrefix(separator) {
                return (String(self[..<index]), String(rest.dropFirst(separator.count)))
            }
            index = self.index(after: index)
        }
        return nil
    }
}
