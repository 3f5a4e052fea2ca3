// The option that puts files into a program; `compile` and `run` share it.

internal import ArgumentParser
internal import Compiler

struct EmbeddingOptions: ParsableArguments {
    @Option(
        name: .customLong("embed"),
        help: ArgumentHelp(
            "Put a folder's files into the executable, which reads them there.",
            valueName: "host::guest"),
        completion: .directory)
    var embedded: [ByteString] = []

    func folders() throws -> [EmbeddedFolder] {
        do {
            return try embedded.map(EmbeddedFolder.init(parsing:))
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
