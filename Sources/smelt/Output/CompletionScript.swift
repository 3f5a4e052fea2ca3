// Completion scripts. The parser writes them, but it does not know that a module may stand where
// a subcommand may: `smelt app.wasm`.

enum CompletionScript {
    /// In bash, a module as the first word stands for `compile` and itself.
    private static let bashCase = [
        "    *.wasm|*.wat)",
        #"        unparsed_words=("${subcommand}" "${unparsed_words[@]}")"#,
        "        _smelt_compile",
        "        ;;",
    ]

    /// Adds module files to what can be the first word of a command line.
    ///
    /// - Parameter script: The parser's script for bash, zsh or fish.
    static func addingModules(to script: String) -> String {
        // Readline completes file names where the script finds nothing.
        let bash = "complete -o filenames -F _smelt smelt"
        let zsh = "        _describe -V subcommand subcommands && ret=0"
        let fish = #"_positional "smelt compile" -eq 1'"#
        return script.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { line -> [String] in
                let line = String(line)
                if line == bash {
                    return [line.replacing("-o filenames", with: "-o default -o filenames")]
                } else if line.hasPrefix("    compile|"), line.hasSuffix(")") {
                    return bashCase + [line]
                } else if line == "_smelt_help() {" {
                    let topics = HelpTopic.all.map(\.name).joined(separator: " ")
                    return [line, "    COMPREPLY+=($(compgen -W '\(topics)' -- \"${cur}\"))"]
                } else if line == zsh {
                    return [line, "        _files -g '*.wasm *.wat' && ret=0"]
                } else if line.contains(fish) {
                    return [line, line.replacing("smelt compile\"", with: "smelt\"")]
                }
                return [line]
            }
            .joined(separator: "\n")
    }
}
