// `smelt cache`: what `smelt run` keeps.

internal import ArgumentParser
internal import Compiler

struct CacheCommand: DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Show or empty the cache of smelt run.",
        discussion: """
            Programs that smelt run has compiled are kept in $XDG_CACHE_HOME/smelt or \
            ~/.cache/smelt. When they take more than 1 GiB, those that were not used for the \
            longest time are removed.
            """)

    @Flag(help: "Remove all programs from the cache.")
    var clear = false

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() throws {
        guard let cache = Cache.ofThisUser else { throw Cache.noFolder }
        let contents = try withFiles { () throws(FileError) in
            clear ? try cache.clear() : try cache.contents
        }
        let programs = contents.count == 1 ? "1 program" : "\(contents.count) programs"
        let summary = "\(programs), \(Self.text(ofSize: contents.size))"
        try Output.print("\(ByteString(contents.folder)): \(clear ? "removed " : "")\(summary)")
    }

    /// A size in the unit that leaves one to three digits, such as `1.2 MiB`.
    private static func text(ofSize size: UInt64) -> String {
        var (value, unit) = (Double(size), "bytes")
        for larger in ["KiB", "MiB", "GiB"] where value >= 1000 {
            (value, unit) = (value / 1024, larger)
        }
        let tenths = (value * 10).rounded() / 10
        return unit == "bytes" ? "\(size) bytes" : "\(tenths) \(unit)"
    }
}
