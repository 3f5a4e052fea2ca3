// The options that grant something to a program; `compile` and `run` share them.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

struct GrantOptions: ParsableArguments {
    @Option(
        name: .customLong("dir"),
        help: ArgumentHelp(
            "Let the program use a directory, under another name if one is given, "
                + "only to read it with :ro.",
            valueName: "host[::guest][:ro]"),
        completion: .directory)
    var directories: [ByteString] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("Set an environment variable.", valueName: "name=value"))
    var variables: [ByteString] = []

    @Option(
        name: .customLong("inherit-env"),
        help: ArgumentHelp(
            "Pass on a variable, or with --inherit-env alone the whole environment.",
            valueName: "name"))
    var inherited: [ByteString] = []

    @Option(
        name: .customLong("listen"),
        help: ArgumentHelp(
            "Let the program accept connections to an address.", valueName: "address:port"))
    var listeners: [ByteString] = []

    @Option(
        name: .customLong("connect"),
        help: ArgumentHelp(
            "Let the program, a component, make connections to a host.", valueName: "host:port"))
    var connections: [ByteString] = []

    @Option(
        name: .customLong("max-memory"),
        help: ArgumentHelp("No memory of the program grows beyond this.", valueName: "size"))
    var maximumMemory: ByteString?

    @Option(
        name: .customLong("gc-heap"),
        help: ArgumentHelp(
            "What objects may take (default: half of the machine's memory).", valueName: "size"))
    var heapSize: ByteString?

    @Option(
        name: .customLong("stack-size"),
        help: ArgumentHelp("The program's stack (default: 8M).", valueName: "size"))
    var stackSize: ByteString?

    @Flag(
        name: .customLong("no-lockdown"),
        help: "Let the program keep system calls that it does not need.")
    var keepsSystemCalls = false

    /// What is granted. Variables that are set win over those that are passed on.
    func grants() throws(GrantError) -> Grants {
        var list: [Grant] = []
        for name in inherited {
            list.append(
                name == Self.everything
                    ? .inheritedEnvironment
                    : try .inheritance(parsing: name == Self.nothing ? "" : name))
        }
        for text in variables { list.append(try .variable(parsing: text)) }
        for text in directories { list.append(try .directory(parsing: text)) }
        for text in listeners { list.append(try .listener(parsing: text)) }
        for text in connections { list.append(try .connection(parsing: text)) }
        if let maximumMemory { list.append(try .maximumMemory(parsing: maximumMemory)) }
        if let heapSize { list.append(try .heapSize(parsing: heapSize)) }
        if let stackSize { list.append(try .stackSize(parsing: stackSize)) }
        if keepsSystemCalls { list.append(.noLockdown) }
        return Grants(list)
    }

    func validate() throws {
        do {
            _ = try grants()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// What stands for the whole environment: no name of a variable. The parser would take the next
    /// word for an empty value.
    private static let everything: ByteString = "="

    /// The options of `smelt run` that are no grants and have a value as the next word.
    private static let othersWithValues: Set<ByteString> = [
        "-j", "--error-format", "--embed", "--target", "--cpu", "--import", "--with", "--invoke",
    ]

    /// What stands for an empty name. No word contains a zero.
    private static let nothing: ByteString = "\0"

    /// Warns about a directory that is not there and looks like the syntax of other tools.
    static func warn(about grants: Grants) {
        for case .directory(let host, _, _) in grants.list {
            guard host.bytes.contains(UInt8(ascii: ":")), !host.contains("::"),
                Files.kind(of: FilePath(host)) == .missing
            else { continue }
            var problem = CompilerError(.option("--dir \(host): there is no such directory"))
            problem.furtherNotes = [
                "two colons stand between the directory and the program's name for it: HOST::GUEST"
            ]
            Diagnostics.warn(problem)
        }
    }

    /// Gives a bare `--inherit-env` the value that it stands for. Words behind `--`, and
    /// those behind the module of `smelt run`, may be the program's own and stay as they are.
    static func normalize(_ words: [ByteString]) -> [ByteString] {
        var end = words.firstIndex(of: "--") ?? words.endIndex
        if words.first == "run" {
            var index = 1
            while index < end, words[index].hasPrefix("-") {
                let takesNext =
                    Grants.takesNextWord(words[index])
                    || othersWithValues.contains(words[index])
                index += takesNext ? 2 : 1
            }
            end = min(index, end)
        }
        return words[..<end].map { word in
            switch word {
            case "--inherit-env": "--inherit-env=="
            case "--inherit-env=": "--inherit-env=\0"
            // Not a name.
            case "--inherit-env==": "--inherit-env==="
            default: word
            }
        } + words[end...]
    }
}
