// What a program may touch besides its standard streams and its arguments, and how much it may
// use. Nothing is granted that is not written down.
//
// The grammar, the same on the command line, inside a compiled program and in the environment
// variable SMELT_GRANTS, is described once, in runtime-c/src/host/grants.h. A compiled program
// holds the words one behind the other, each ended by a zero byte, with an empty word after the
// last (smelt_program.grants); its limits are fields of smelt_program.

internal import Platform
internal import RuntimeABI

/// One thing that a program may touch, or one limit.
public enum Grant: Sendable, Hashable {
    /// A directory of the host and the name that the program knows it by.
    case directory(host: ByteString, guest: ByteString, isReadOnly: Bool = false)
    /// A variable that is set for the program.
    case variable(name: ByteString, value: ByteString)
    /// A variable that is passed on when it is set.
    case inheritedVariable(name: ByteString)
    /// The whole environment is passed on.
    case inheritedEnvironment
    /// Connections to an address: `ADDRESS:PORT` or `[ADDRESS]:PORT`.
    case listener(address: String)
    /// Connections to a host: `HOST:PORT` or `[ADDRESS]:PORT`, where `*` stands for any host or port.
    case connection(peer: String)
    /// Bytes that no memory of the program may grow beyond.
    case maximumMemory(UInt64)
    /// Bytes that objects may take.
    case heapSize(UInt64)
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
    public static func directory(parsing text: ByteString) throws(GrantError) -> Grant {
        var (host, guest) = text.splitOnce(at: "::") ?? (text, text)
        let isJoined = !text.contains("::")
        let mode = [":ro", ":rw"].first(where: guest.hasSuffix)
        if let mode {
            guest = guest.dropLast(mode.utf8.count)
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
    public static func listener(parsing text: ByteString) throws(GrantError) -> Grant {
        let error = GrantError(
            description: "--listen \(text): expected ADDRESS:PORT, such as 127.0.0.1:8080 or "
                + "[::1]:8080")
        guard let text = text.text, let colon = text.lastIndex(of: ":") else { throw error }
        var address = text[..<colon]
        let port = text[text.index(after: colon)...]
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            UInt16(port) != nil
        else { throw error }
        // The one name that stands for the same address everywhere.
        if address == "localhost" { return .listener(address: "127.0.0.1:\(port)") }
        let isV6 = address.hasPrefix("[") && address.hasSuffix("]") && address.count > 1
        if isV6 { address = address.dropFirst().dropLast() }
        var storage = in6_addr()
        guard inet_pton(isV6 ? AF_INET6 : AF_INET, String(address), &storage) == 1 else {
            throw error
        }
        return .listener(address: text)
    }

    /// Reads the value of `--connect`. Names of hosts are looked up when the program asks for it.
    public static func connection(parsing text: ByteString) throws(GrantError) -> Grant {
        let error = GrantError(
            description: "--connect \(text): expected HOST:PORT, such as example.org:443, "
                + "[::1]:8080 or *:80")
        guard let text = text.text, let colon = text.lastIndex(of: ":") else { throw error }
        var host = text[..<colon]
        let port = text[text.index(after: colon)...]
        guard port == "*" || UInt16(port) != nil && port.utf8.allSatisfy(isDigit) else {
            throw error
        }
        if host.hasPrefix("[") && host.hasSuffix("]") && host.count > 1 {
            host = host.dropFirst().dropLast()
            var storage = in6_addr()
            guard inet_pton(AF_INET6, String(host), &storage) == 1 else { throw error }
        } else {
            guard !host.isEmpty, host == "*" || host.utf8.allSatisfy(isInHostName) else {
                throw error
            }
        }
        return .connection(peer: text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Letters, digits, and what stands between them.
    private static func isInHostName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || "-_.".utf8.contains(byte)
    }

    /// Reads the value of `--max-memory`.
    public static func maximumMemory(parsing text: ByteString) throws(GrantError) -> Grant {
        .maximumMemory(try size(parsing: text, option: "--max-memory"))
    }

    /// Reads the value of `--gc-heap`.
    public static func heapSize(parsing text: ByteString) throws(GrantError) -> Grant {
        let size = try size(parsing: text, option: "--gc-heap")
        guard heapSizes.contains(size) else {
            throw GrantError(description: "--gc-heap \(text): must be between 1M and 64G")
        }
        return .heapSize(size)
    }

    /// The sizes of the heap of objects that are accepted, in bytes.
    public static let heapSizes =
        UInt64(SMELT_HEAP_SIZE_MINIMUM)...UInt64(SMELT_HEAP_SIZE_MAXIMUM)

    /// Reads the value of `--stack-size`.
    public static func stackSize(parsing text: ByteString) throws(GrantError) -> Grant {
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
    private static func size(parsing text: ByteString, option: String) throws(GrantError) -> UInt64
    {
        let shifts: [UInt8: UInt64] = [
            UInt8(ascii: "K"): 10, UInt8(ascii: "M"): 20, UInt8(ascii: "G"): 30,
        ]
        let shift = text.bytes.last.flatMap { shifts[$0] } ?? 0
        let digits = shift == 0 ? text : text.dropLast(1)
        guard !digits.isEmpty, digits.bytes.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = digits.text.flatMap({ UInt64($0) }), number <= UInt64.max >> shift
        else {
            throw GrantError(
                description: "\(option) \(text): a size is a number of bytes, or one with K, M or "
                    + "G behind it")
        }
        return number << shift
    }

    /// Reads the value of `--env`.
    public static func variable(parsing text: ByteString) throws(GrantError) -> Grant {
        guard let (name, value) = text.splitOnce(at: "=") else {
            throw GrantError(
                description: "--env \(text): no value; "
                    + "write \(text)=VALUE, or --inherit-env=\(text) to pass it on")
        }
        guard !name.isEmpty else { throw GrantError(description: "--env \(text): no name") }
        try checkForZeros(text, option: "--env")
        return .variable(name: name, value: value)
    }

    /// Reads the value of `--inherit-env`. Without a value it means the whole environment, which an
    /// empty one, of a variable of a script that is not set, must not.
    public static func inheritance(parsing name: ByteString) throws(GrantError) -> Grant {
        guard !name.isEmpty else {
            throw GrantError(
                description: "--inherit-env=: no name; "
                    + "write --inherit-env alone to pass on the whole environment")
        }
        guard !name.contains("=") else {
            throw GrantError(description: "--inherit-env=\(name): a name cannot contain =")
        }
        try checkForZeros(name, option: "--inherit-env")
        return .inheritedVariable(name: name)
    }

    private static func checkForZeros(_ text: ByteString, option: String) throws(GrantError) {
        guard !text.bytes.contains(0) else {
            throw GrantError(description: "\(option): contains a zero byte")
        }
    }

    /// The words of this grant.
    public var words: [ByteString] {
        switch self {
        case .directory(let host, let guest, let isReadOnly):
            ["--dir", Self.directoryWord(host: host, guest: guest, isReadOnly: isReadOnly)]
        case .variable(let name, let value): ["--env", .joining([name, "=", value])]
        case .inheritedVariable(let name): [.joining(["--inherit-env=", name])]
        case .inheritedEnvironment: ["--inherit-env"]
        case .listener(let address): ["--listen", ByteString(address)]
        case .connection(let peer): ["--connect", ByteString(peer)]
        case .maximumMemory(let size): ["--max-memory", "\(size)"]
        case .heapSize(let size): ["--gc-heap", "\(size)"]
        case .stackSize(let size): ["--stack-size", "\(size)"]
        case .noLockdown: ["--no-lockdown"]
        }
    }

    private static func directoryWord(
        host: ByteString, guest: ByteString, isReadOnly: Bool
    ) -> ByteString {
        let isOneName = host == guest && !host.contains("::")
        let names: ByteString = isOneName ? host : .joining([host, "::", guest])
        if isReadOnly { return .joining([names, ":ro"]) }
        let needsMode = names.hasSuffix(":ro") || names.hasSuffix(":rw")
        return needsMode ? .joining([names, ":rw"]) : names
    }

    /// Whether the program's description has a field for it, so that it is no word among the others.
    var isLimit: Bool {
        switch self {
        case .maximumMemory, .heapSize, .stackSize, .noLockdown: true
        case .directory, .variable, .inheritedVariable, .inheritedEnvironment, .listener,
            .connection:
            false
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
    public init(words: [ByteString]) throws(GrantError) {
        list = []
        var rest = words[...]
        while let word = rest.popFirst() {
            let (option, joined): (ByteString, ByteString?) =
                if let (option, value) = word.splitOnce(at: "=") { (option, value) } else {
                    (word, nil)
                }
            if let parse = Self.valueParsers[option] {
                guard let value = joined ?? rest.popFirst() else {
                    throw GrantError(description: "\(option): the value is missing")
                }
                list.append(try parse(value))
            } else if option == "--inherit-env" {
                list.append(try joined.map(Grant.inheritance(parsing:)) ?? .inheritedEnvironment)
            } else if word == "--no-lockdown" {
                list.append(.noLockdown)
            } else {
                throw GrantError(description: "\(word): not a grant")
            }
        }
    }

    /// Reads words as they are on the command line.
    public init(words: [String]) throws(GrantError) {
        try self.init(words: words.map { ByteString($0) })
    }

    private typealias Parser = @Sendable (ByteString) throws(GrantError) -> Grant

    private static let valueParsers: [ByteString: Parser] = [
        "--dir": Grant.directory(parsing:), "--env": Grant.variable(parsing:),
        "--listen": Grant.listener(parsing:), "--connect": Grant.connection(parsing:),
        "--max-memory": Grant.maximumMemory(parsing:),
        "--gc-heap": Grant.heapSize(parsing:), "--stack-size": Grant.stackSize(parsing:),
    ]

    /// Whether a word of the command line is an option that grants something, with or without a
    /// value behind a `=`.
    public static func isOption(_ word: ByteString) -> Bool {
        let option = word.splitOnce(at: "=")?.0 ?? word
        return valueParsers[option] != nil || option == "--inherit-env" || word == "--no-lockdown"
    }

    /// Whether a word is an option whose value is the next word.
    public static func takesNextWord(_ word: ByteString) -> Bool { valueParsers[word] != nil }

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

    /// The last limit of what objects take, in bytes; nil for half of the machine's memory.
    public var heapSize: UInt64? {
        list.reversed().lazy.compactMap { if case .heapSize(let size) = $0 { size } else { nil } }
            .first
    }

    /// Whether the program gives up the system calls that it does not need.
    public var locksDown: Bool { !list.contains(.noLockdown) }

    /// Reads the value of SMELT_GRANTS.
    public init(environmentValue: ByteString) throws(GrantError) {
        var words: [ByteString] = []
        var word: ByteString?
        var isEscaped = false
        for byte in environmentValue.bytes {
            if isEscaped {
                word?.bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                word = word ?? ""
                isEscaped = true
            } else if Self.blanks.contains(byte) {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = word ?? ""
                word?.bytes.append(byte)
            }
        }
        guard !isEscaped else {
            throw GrantError(description: "SMELT_GRANTS: nothing follows the last backslash")
        }
        if let finished = word { words.append(finished) }
        try self.init(words: words)
    }

    private static let blanks = Array(" \t\n".utf8)

    /// All words in order.
    public var words: [ByteString] { list.flatMap(\.words) }

    /// The value of SMELT_GRANTS that means the same.
    public var environmentValue: ByteString {
        let escaped = words.map { word in
            word.bytes.flatMap { byte in
                let isSpecial = byte == UInt8(ascii: "\\") || Self.blanks.contains(byte)
                return isSpecial ? [UInt8(ascii: "\\"), byte] : [byte]
            }
        }
        return ByteString(escaped.joined(separator: [UInt8(ascii: " ")]))
    }

    /// The form inside a compiled program: zero-terminated words, then an empty one. Limits are not
    /// among them.
    public var encoded: [UInt8] {
        list.filter { !$0.isLimit }.flatMap(\.words).flatMap { $0.bytes + [0] } + [0]
    }
}
