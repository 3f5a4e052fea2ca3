// How the command line speaks: one line per error, with its remedy behind it, in colour when a
// person is looking, as JSON when a program asked for it. Exit codes: 0, 1 for the input's fault,
// 2 for usage, 70 for a bug of ours.

internal import ArgumentParser
internal import Compiler
internal import Platform
internal import Synchronization
internal import SystemPackage

/// How errors are written.
enum ErrorFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    /// The format that a command line asks for, before it is known whether it makes sense.
    init(words: [String]) {
        self = .text
        for (index, word) in words.enumerated() where word.hasPrefix("--error-format") {
            let value = word.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init)
            let next = index + 1 < words.count ? words[index + 1] : ""
            self = ErrorFormat(rawValue: value ?? next) ?? self
        }
    }
}

/// The options that all subcommands have.
struct DiagnosticOptions: ParsableArguments {
    @Option(
        name: .customLong("error-format"),
        help: "How errors are written: for people, or one JSON object on a line.")
    var errorFormat: ErrorFormat = .text
}

/// A subcommand that lets one choose how errors are written.
protocol DiagnosingCommand: ParsableCommand {
    var diagnostics: DiagnosticOptions { get }
}

enum Diagnostics {
    /// The exit status for bugs of ours (EX_SOFTWARE).
    private static let bugStatus: Int32 = 70

    private static let chosenFormat = Mutex<ErrorFormat>(.text)

    /// How errors are written.
    static var format: ErrorFormat {
        get { chosenFormat.withLock { $0 } }
        set { chosenFormat.withLock { $0 = newValue } }
    }

    /// Ends the process after a failed compilation.
    static func finish(with error: CompilerError, words: [String] = []) -> Never {
        var error = error
        // A word that is no subcommand is taken for a module's name.
        if case .file(let path, _) = error.kind,
            path == words.first.map({ FilePath(CommandLineWords.decode($0)) }),
            Files.kind(of: path) == .missing, let name = SubcommandNames.similar(to: words)
        {
            error.furtherNotes.append("did you mean smelt \(name)?")
        }
        write(render(error))
        exit(error.exitCode)
    }

    /// Says what is wrong and lets the work go on.
    static func warn(_ problem: CompilerError) {
        var problem = problem
        problem.isWarning = true
        write(render(problem))
    }

    /// Ends the process after anything else than a `CompilerError`: help, a version, wrong usage.
    static func finish(with error: any Error, words: [String]) -> Never {
        if Smelt.exitCode(for: error).isSuccess {
            let text = Smelt.fullMessage(for: error)
            let isScript = words.contains { $0.hasPrefix("--generate-completion-script") }
            do throws(CompilerError) {
                try Output.print(isScript ? CompletionScript.addingModules(to: text) : text)
            } catch {
                finish(with: error)
            }
            exit(0)
        }
        let isUsage = Smelt.exitCode(for: error) == .validationFailure
        let text = Smelt.message(for: error)
        finish(with: isUsage ? usage(error, text, words) : CompilerError(.bug(text)))
    }

    /// An error as it is shown, in the chosen format.
    static func render(_ error: CompilerError) -> String {
        switch format {
        case .json: error.json
        case .text:
            "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
                .map { isColoured ? colour(String($0)) : String($0) }.joined(separator: "\n")
        }
    }

    /// A command line that cannot be understood.
    private static func usage(
        _ error: any Error, _ text: String, _ commandLine: [String]
    ) -> CompilerError {
        // The parser writes sentences, the first of which says what is wrong.
        let words = CommandLineWords.readable(text).split { $0 == " " || $0 == "\n" }.joined(
            separator: " ")
        let sentences = words.replacing("‘", with: "'").replacing("’", with: "'")
            .split(separator: ". ").map { sentence in
                let isWord = sentence.dropFirst().first?.isLowercase == true
                let start = isWord ? sentence.prefix(1).lowercased() : String(sentence.prefix(1))
                return start + sentence.dropFirst(1).drop(whileLast: ".")
            }
        var result = CompilerError(.option(sentences.first ?? "wrong usage"))
        result.furtherNotes = sentences.dropFirst().map(inOneSentence)
        if let near = nearValue(in: sentences.prefix(1) + result.furtherNotes) {
            result.furtherNotes.append("did you mean \(near)?")
        }
        if let name = SubcommandNames.similar(to: commandLine) {
            result.furtherNotes.append("did you mean smelt \(name)?")
        }
        result.furtherNotes.append("\(command(in: Smelt.fullMessage(for: error))) shows the usage")
        return result
    }

    /// Many values are a list with a hyphen before each; few of them are words in quotation marks.
    private static func inOneSentence(_ text: String) -> String {
        let start = "please provide one of the following: - "
        guard text.hasPrefix(start) else { return text }
        let values = text.dropFirst(start.count).split(separator: " - ").map { "'\($0)'" }
        guard let last = values.last else { return text }
        return "please provide one of \(values.dropLast().joined(separator: ", ")) or \(last)"
    }

    /// A value that is accepted and looks like the one that was given, from the parser's words:
    /// `the value 'x' is invalid for '--option <name>'`, `please provide one of 'a', 'b' or 'c'`.
    private static func nearValue(in sentences: [String]) -> String? {
        guard sentences.count > 1, sentences[0].hasPrefix("the value '") else { return nil }
        func quoted(_ text: String) -> [String] {
            text.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
        return quoted(sentences[0]).first.flatMap {
            Spelling.nearest(to: $0, among: quoted(sentences[1]))
        }
    }

    /// The command that shows the usage of the subcommand that failed, as the parser words it:
    /// `See 'smelt compile --help' for more information.`
    private static func command(in message: String) -> String {
        guard let start = message.firstRange(of: "See '")?.upperBound else { return "smelt --help" }
        let command = message[start...].prefix { $0 != "'" }
        return command.hasPrefix("smelt help") ? "smelt --help" : String(command)
    }

    /// Writes what was asked for besides the output.
    static func say(_ text: String) { write(text) }

    private static func write(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
    }

    /// Colour is for terminals that know it, unless NO_COLOR is set to anything (no-color.org).
    private static var isColoured: Bool {
        if let choice = getenv("NO_COLOR"), choice.pointee != 0 { return false }
        if let terminal = getenv("TERM"), String(cString: terminal) == "dumb" { return false }
        return isatty(STDERR_FILENO) == 1
    }

    private static func colour(_ line: String) -> String {
        for (label, code) in [("error:", "1;31"), ("warning:", "1;35"), ("note:", "1;36")]
        where line.hasPrefix(label) {
            return "\u{1b}[\(code)m\(label)\u{1b}[0m" + line.dropFirst(label.count)
        }
        return line
    }
}

extension Substring {
    fileprivate func drop(whileLast character: Character) -> Substring {
        var rest = self
        while rest.last == character { rest.removeLast() }
        return rest
    }
}

/// Standard output, whose reader may have gone or whose disk may be full.
enum Output {
    /// Writes text and a newline.
    static func print(_ text: String) throws(CompilerError) {
        do {
            try FileDescriptor.standardOutput.writeAll((text + "\n").utf8)
        } catch {
            throw CompilerError(.file("standard output", reason: "cannot write: \(error)"))
        }
    }
}

enum SubcommandNames {
    /// The subcommands that are shown.
    static var all: [String] {
        var names: [String] = []
        for subcommand in Smelt.configuration.subcommands
        where subcommand.configuration.shouldDisplay {
            names += [subcommand.configuration.commandName].compactMap { $0 }
        }
        return names
    }

    /// The subcommand that the first word was probably meant to be.
    static func similar(to words: [String]) -> String? {
        guard let word = words.first, !word.hasPrefix("-"), !all.contains(word) else {
            return nil
        }
        return Spelling.nearest(to: word, among: all + ["help"])
    }
}
