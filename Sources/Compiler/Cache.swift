// Compiled programs by the hash of everything that they depend on. An entry is one file: the
// executable, with a trailer that lets a later reader see that it is whole.
//
// An entry is written under another name and renamed, so any number of processes may use the
// cache at once. Those that want the same entry at the same time wait for the one that builds it;
// a process that dies gives its turn to the next.

internal import Crypto
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A folder of compiled programs.
package struct Cache {
    let folder: FilePath

    package init(folder: FilePath) { self.folder = folder }

    /// `$XDG_CACHE_HOME/smelt`, or `~/.cache/smelt`. As the XDG specification asks, a relative
    /// path is ignored.
    package static func defaultFolder(environment: (String) -> String?) -> FilePath? {
        if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") {
            return FilePath(cache).appending("smelt")
        }
        return environment("HOME").flatMap { home in
            home.isEmpty ? nil : FilePath(home).appending(".cache/smelt")
        }
    }

    /// The name of an entry.
    package struct Key: Hashable, CustomStringConvertible {
        package let description: String

        /// - Parameters:
        ///   - module: The bytes of the module.
        ///   - facts: Everything else that the output depends on.
        package init(module: [UInt8], facts: [String]) {
            var hash = SHA256()
            // Lengths keep neighbouring parts apart.
            for part in facts.map({ Array($0.utf8) }) + [module] {
                withUnsafeBytes(of: UInt64(part.count).littleEndian) {
                    hash.update(bufferPointer: $0)
                }
                part.withUnsafeBytes { hash.update(bufferPointer: $0) }
            }
            description = Cache.hexadecimal(hash.finalize())
        }
    }

    /// The SHA-256 of some bytes in hexadecimal digits.
    static func digest(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hexadecimal(hash.finalize())
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { (byte: UInt8) in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// Where an entry is, or will be.
    func path(of key: Key) -> FilePath {
        folder.appending(String(key.description.prefix(2))).appending(key.description)
    }

    /// Waits for the right to build an entry. The entry may be there afterwards: look again.
    func lock(_ key: Key) throws(CompilerError) -> CacheLock? {
        let path = path(of: key)
        try Files.makeFolder(path.removingLastComponent())
        return CacheLock(path)
    }

    /// The path of a whole entry; a damaged one counts as missing.
    package func find(_ key: Key) -> FilePath? {
        let path = path(of: key)
        guard Files.kind(of: path) == .regular, let bytes = try? Files.read(path) else {
            return nil
        }
        guard bytes.count > Self.trailerSize else { return nil }
        let body = bytes.dropLast(Self.trailerSize)
        guard Array(bytes.suffix(Self.trailerSize)) == Self.trailer(for: body) else { return nil }
        guard Files.isExecutable(path) else { return nil }
        Files.touch(path)
        return path
    }

    /// Adds an executable.
    package func publish(_ program: [UInt8], as key: Key) throws(CompilerError) -> FilePath {
        let path = path(of: key)
        let folder = path.removingLastComponent()
        try Files.makeFolder(folder)
        // Whatever stands in the way, such as a folder of that name, is damage.
        if Files.kind(of: path) != .regular { Files.removeTree(path) }
        let output = try AtomicOutput(path)
        try output.write(program + Self.trailer(for: program[...]), isExecutable: true)
        try output.commit()
        trim(keeping: path)
        return path
    }

    // The trailer: a mark and the SHA-256 of everything before it.
    private static let mark = Array("smelt-1:".utf8)
    private static let trailerSize = mark.count + SHA256.byteCount

    private static func trailer(for body: ArraySlice<UInt8>) -> [UInt8] {
        var hash = SHA256()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return mark + Array(hash.finalize())
    }
}
