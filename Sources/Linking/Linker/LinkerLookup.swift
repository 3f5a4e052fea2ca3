// Finding ld.lld: the version that Smelt is tried with first, then any that is new enough.

internal import Platform
internal import Subprocess
public import SystemPackage

/// Finds the linker.
public struct LinkerLookup: Sendable {
    /// The major version of LLD that the linker scripts are tried with.
    public static let preferredVersion = 22

    /// The oldest major version that understands the linker scripts.
    public static let minimumVersion = 17

    /// The folders to search, in order.
    public var folders: [FilePath]

    /// - Parameter folders: The folders to search, as in `PATH`.
    public init(folders: [FilePath]) {
        self.folders = folders
        self.folders.append(FilePath("/usr/lib/llvm-\(Self.preferredVersion)/bin"))
    }

    /// The path of the linker.
    ///
    /// - Throws: ``LinkError/linkerNotFound(found:)``, naming a linker that is too old.
    public func find() async throws(LinkError) -> FilePath {
        if let preferred = executable("ld.lld-\(Self.preferredVersion)") { return preferred }
        guard let other = executable("ld.lld") else { throw .linkerNotFound(found: nil) }
        let version = await Self.majorVersion(of: other)
        guard let version, version >= Self.minimumVersion else {
            let shown = version.map { " (version \($0))" } ?? " (of an unknown version)"
            throw .linkerNotFound(found: other.readable + shown)
        }
        return other
    }

    private func executable(_ name: String) -> FilePath? {
        folders.lazy.map { $0.appending(name) }
            .first { path in path.withPlatformString { access($0, X_OK) == 0 } }
    }

    /// The major version in the output of `ld.lld --version`: "Debian LLD 22.1.8 (compatible ...".
    private static func majorVersion(of linker: FilePath) async -> Int? {
        let result = try? await run(
            .path(linker), arguments: ["--version"], output: .string(limit: 4096))
        return result.flatMap { majorVersion(inBanner: $0.standardOutput) }
    }

    static func majorVersion(inBanner banner: String) -> Int? {
        let words = banner.split(separator: " ")
        guard let name = words.firstIndex(of: "LLD"), name + 1 < words.count else { return nil }
        return Int(words[name + 1].prefix { $0 != "." })
    }
}
