// What a program may touch besides its standard streams and its arguments, and how much it may
// use. Nothing is granted that is not written down.
//
// The grammar, the same on the command line, inside a compiled program and in the environment
// variable SMELT_GRANTS, is described once, in runtime-c/src/wasi/grants.h. A compiled program
// holds the words one behind the other, each ended by a zero byte, with an empty word after the
// last (smelt_program.grants); its limits are fields of smelt_program.

internal import RuntimeABI

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// One thing that a program may touch, or one limit.
public enum Grant: Sendable, Hashable {
    /// A directory of the host and the name that the program knows it by.
    case directory(host: String, guest: String, isReadOnly: Bool = false)
    /// A variable that is set for the program.
    case variable(name: String, value: String)
    /// A variable that is passed on when it is set.
    case inheritedVariable(name: String)
    /// The whole environment is passed on.
    case inheritedEnvironment
    /// Connections to an address: `ADDRESS:PORT` or `[ADDRESS]:PORT`.
    case listener(address: String)
    /// Bytes that no memory of the program may grow beyond.
    case maximumMemory(UInt64)
    /// Bytes of native stack for the program.
    case stackSize(UInt64)
    /// The program keeps the system calls that it does not need.
    case noLockdown
}

/// A grant that makes no sense, and why.
public struct GrantError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line, beginning with the option.
    public let description: String
}

extension Grant {
    /// Reads the value of `--dir`.
    public static func directory(parsing text: String) throws(GrantError) -> Grant {
        var (host, guest) = text.splitOnce(at: "::") ?? (text, text)
        let isJoined = !text.contains("::")
        let mode = [":ro", ":rw"].first(where: guest.hasSuffix)
        if let mode {
            guest.removeLast(mode.count)
            if isJoined { host = guest }
        }
        guard !host.isEmpty else { throw GrantError(description: "--dir: no directory is named") }
        guard !guest.isEmpty else {
            throw GrantError(description: "--dir \(text): the name behind :: is empty")
        }
        try checkForZeros(text, option: "--dir")
        return .directory(host: host, guest: guest, isReadOnly: mode == ":ro")
    }

    /// Reads the value of `--listen`. Names of hosts are not looked up.
    public static func listener(parsing text: String) throws(GrantError) -> Grant {
        let error = GrantError(
            description: "--listen \(text): expected ADDRESS:PORT, such as 127.0.0.1:8080 or "
                + "[::1]:8080")
        guard let colon = text.lastIndex(of: ":") else { throw error }
        var address = text[..<colon]
        let port = text[text.index(after: colon)...]
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            UInt16(port) != nil
        else { throw error }
        let isV6 = address.hasPrefix("[") && address.hasSuffix("]") && address.count > 1
        if isV6 { address = address.dropFirst().dropLast() }
        var storage = in6_addr()
        guard inet_pton(isV6 ? AF_INET6 : AF_INET, String(address), &storage) == 1 else {
            throw error
        }
        return .listener(address: text)
    }

    /// Reads the value of `--max-memory`.
    public static func maximumMemory(parsing text: String) throws(GrantError) -> Grant {
        .maximumMemory(try size(parsing: text, option: "--max-memory"))
    }

    /// Reads the value of `--stack-size`.
    public static func stackSize(parsing text: String) throws(GrantError) -> Grant {
        let size = try size(parsing: text, option: "--stack-size")
        guard stackSizes.contains(size) else {
            throw GrantError(description: "--stack-size \(text): must be between 64K and 1G")
        }
        return .stackSize(size)
    }

    /// The stack sizes that are accepted, in bytes.
    public static let stackSizes =
        UInt64(SMELT_STACK_SIZE_MINIMUM)...UInt64(SMELT_STACK_SIZE_MAXIMUM)

    /// A number of bytes, or one with K, M or G behind it.
    private static func size(parsing text: String, option: String) throws(GrantError) -> UInt64 {
        let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30]
        let shift = text.last.flatMap { shifts[$0] } ?? 0
        let digits = shift == 0 ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(digits), number <= UInt64.max >> shift
        else {
            throw GrantError(
                description: "\(option) \(text): a size is a number of bytes, or one with K, M or "
                    + "G behind it")
        }
        return number << shift
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
        case .directory(let host, let guest, let isReadOnly):
            ["--dir", Self.directoryWord(host: host, guest: guest, isReadOnly: isReadOnly)]
        case .variable(let name, let value): ["--env", "\(name)=\(value)"]
        case .inheritedVariable(let name): ["--inherit-env=\(name)"]
        case .inheritedEnvironment: ["--inherit-env"]
        case .listener(let address): ["--listen", address]
        case .maximumMemory(let size): ["--max-memory", "\(size)"]
        case .stackSize(let size): ["--stack-size", "\(size)"]
        case .noLockdown: ["--no-lockdown"]
        }
    }

    private static func directoryWord(host: String, guest: String, isReadOnly: Bool) -> String {
        let names = host == guest && !host.contains("::") ? host : "\(host)::\(guest)"
        if isReadOnly { return names + ":ro" }
        return names.hasSuffix(":ro") || names.hasSuffix(":rw") ? names + ":rw" : names
    }

    /// Whether the program's description has a field for it, so that it is no word among the others.
    var isLimit: Bool {
        switch self {
        case .maximumMemory, .stackSize, .noLockdown: true
        case .directory, .variable, .inheritedVariable, .inheritedEnvironment, .listener: false
        }
    }
}

/// A list of grants. Later ones win over earlier ones.
public struct Grants: Sendable, Hashable {
    /// The grants, in order.
    public var list: [Grant]

    /// These grants; none by default.
    public init(_ list: [Grant] = []) { self.list = list }

    /// Whether nothing is granted.
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
            if let parse = Self.valueParsers[option] {
                guard let value = joined ?? rest.popFirst() else {
                    throw GrantError(description: "\(option): the value is missing")
                }
                list.append(try parse(value))
            } else if option == "--inherit-env" {
                list.append(try .inheritance(parsing: joined ?? ""))
            } else if word == "--no-lockdown" {
                list.append(.noLockdown)
            } else {
                throw GrantError(description: "\(word): not a grant")
            }
        }
    }

    private typealias Parser = @Sendable (String) throws(GrantError) -> Grant

    private static let valueParsers: [String: Parser] = [
        "--dir": Grant.directory(parsing:), "--env": Grant.variable(parsing:),
        "--listen": Grant.listener(parsing:), "--max-memory": Grant.maximumMemory(parsing:),
        "--stack-size": Grant.stackSize(parsing:),
    ]

    /// Whether a word of the command line is an option that grants something, with or without a
    /// value behind a `=`.
    public static func isOption(_ word: String) -> Bool {
        let option = String(word.prefix { $0 != "=" })
        return valueParsers[option] != nil || option == "--inherit-env" || word == "--no-lockdown"
    }

    /// Whether a word is an option whose value is the next word.
    public static func takesNextWord(_ word: String) -> Bool { valueParsers[word] != nil }

    /// 8 MiB, what Linux gives to the main thread of other programs.
    static let defaultStackSize: UInt64 = 8 << 20

    /// The last limit of the native stack, in bytes; nil if there is none.
    public var stackSize: UInt64? {
        list.reversed().lazy.compactMap { if case .stackSize(let size) = $0 { size } else { nil } }
            .first
    }

    /// The last limit of the memories, in bytes; nil if there is none.
    public var maximumMemory: UInt64? {
        list.reversed().lazy
            .compactMap { if case .maximumMemory(let size) = $0 { size } else { nil } }.first
    }

    /// Whether the program gives up the system calls that it does not need.
    public var locksDown: Bool { !list.contains(.noLockdown) }

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

    /// The form inside a compiled program: zero-terminated words, then an empty one. Limits are not
    /// among them.
    public var encoded: [UInt8] {
        list.filter { !$0.isLimit }.flatMap(\.words).flatMap { Array($0.utf8) + [0] } + [0]
    }
}

extension String {
    /// The parts before and behind the first occurrence of a separator.
    func splitOnce(at separator: String) -> (String, String)? {
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
