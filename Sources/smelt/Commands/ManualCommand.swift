// `smelt manual`: the manual page, made from what the parser knows about the command line and from
// the topics of `smelt help`. `make install` puts it where man finds it.

internal import ArgumentParser
internal import Compiler
internal import FoundationEssentials

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page.", shouldDisplay: false)

    func run() throws {
        let page = ManualPage(of: try CommandLineDescription.ofSmelt())
        try Output.print(page.text)
    }
}

/// The parser's own description of a command line (`--experimental-dump-help`), as far as it is
/// shown.
struct CommandLineDescription: Decodable {
    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool
        var defaultSubcommand: String?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var sectionTitle: String?
    }

    var command: Command

    static func ofSmelt() throws -> CommandLineDescription {
        do {
            _ = try Smelt.parseAsRoot(["--experimental-dump-help"])
        } catch {
            let json = Smelt.fullMessage(for: error)
            return try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        }
        throw CompilerError(.bug("the parser does not describe itself"))
    }
}

/// The manual page in the language of man(7).
struct ManualPage {
    private var lines: [String] = []

    var text: String { lines.joined(separator: "\n") }

    init(of description: CommandLineDescription) {
        let command = description.command
        let version = SmeltVersion.number
        let subcommands = (command.subcommands ?? []).filter {
            $0.shouldDisplay && $0.commandName != "help"
        }
        lines = [
            #".\" Written by smelt manual."#,
            ".TH SMELT 1 \"\" \"smelt \(version)\" \"User Commands\"",
        ]
        section("NAME")
        lines.append(#"smelt \- "# + Self.escaped(summary(of: command)))
        section("SYNOPSIS")
        for subcommand in subcommands {
            let isDefault = subcommand.commandName == command.defaultSubcommand
            synopsis(of: subcommand, isDefault: isDefault)
        }
        section("DESCRIPTION")
        paragraphs(command.abstract ?? "")
        section("COMMANDS")
        for subcommand in subcommands { describe(subcommand) }
        for topic in HelpTopic.all {
            section(topic.name.uppercased())
            paragraphs(topic.text)
        }
        section("SEE ALSO")
        lines.append(Self.escaped("clang(1), ld.lld(1), wasm-tools"))
    }

    private func summary(of command: CommandLineDescription.Command) -> String {
        var text = command.abstract ?? ""
        while text.hasSuffix(".") { text.removeLast() }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private mutating func section(_ title: String) { lines.append(".SH \"\(title)\"") }

    private mutating func synopsis(
        of command: CommandLineDescription.Command, isDefault: Bool
    ) {
        let name = isDefault ? "[\(command.commandName)]" : command.commandName
        var words = [#"\fBsmelt \#(Self.escaped(name))\fR"#]
        let arguments = (command.arguments ?? []).filter(\.shouldDisplay)
        if arguments.contains(where: { $0.kind != "positional" }) { words.append("[options]") }
        for argument in arguments where argument.kind == "positional" {
            let value = #"\fI\#(Self.escaped(argument.valueName ?? ""))\fR"#
            let repeated = argument.isRepeating ? "\(value)..." : value
            words.append(argument.isOptional ? "[\(repeated)]" : repeated)
        }
        lines += [words.joined(separator: " "), ".br"]
    }

    private mutating func describe(_ command: CommandLineDescription.Command) {
        lines.append(".SS \"smelt \(command.commandName)\"")
        paragraphs(command.abstract ?? "")
        if let discussion = command.discussion { paragraphs(discussion) }
        for argument in (command.arguments ?? []) where argument.shouldDisplay {
            // Every subcommand has these two.
            let names = argument.names ?? []
            if names.contains(where: { ["help", "version"].contains($0.name) }) { continue }
            lines += [".TP", label(of: argument)]
            var text = argument.abstract ?? ""
            if let values = argument.allValues, !values.isEmpty {
                text += " One of \(values.joined(separator: ", "))."
            }
            if argument.kind != "flag", let value = argument.defaultValue {
                text += " The default is \(value)."
            }
            lines.append(Self.escaped(text))
        }
    }

    private func label(of argument: CommandLineDescription.Argument) -> String {
        let value = #"\fI\#(Self.escaped(argument.valueName ?? ""))\fR"#
        if argument.kind == "positional" { return value }
        let names = (argument.names ?? []).map { name in
            #"\fB\#(Self.escaped((name.kind == "long" ? "--" : "-") + name.name))\fR"#
        }
        return names.joined(separator: ", ") + (argument.kind == "flag" ? "" : " \(value)")
    }

    /// Text with empty lines between paragraphs; what is indented stays as it is.
    private mutating func paragraphs(_ text: String) {
        var isLiteral = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix("    ")
            if line.isEmpty {
                continue
            } else if isIndented != isLiteral {
                lines += isIndented ? [".PP", ".nf"] : [".fi", ".PP"]
                isLiteral = isIndented
            } else if !isIndented, lines.last?.hasPrefix(".") != true, isFirst(line, of: text) {
                lines.append(".PP")
            }
            lines.append(Self.escaped(String(line)))
        }
        if isLiteral { lines.append(".fi") }
    }

    /// Whether a line begins a paragraph.
    private func isFirst(_ line: Substring, of text: String) -> Bool {
        line.startIndex == text.startIndex || text[..<line.startIndex].hasSuffix("\n\n")
    }

    /// Text without characters that mean something to roff.
    private static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: #"\e"#).replacing("-", with: #"\-"#)
        return text.hasPrefix(".") || text.hasPrefix("'") ? #"\&"# + text : text
    }
}
