// Compiled programs by the hash of everything that they depend on. An entry is one file: the
// executable, with a trailer that lets a later reader see that it is whole.
//
// An entry gets its name when it is whole, so any number of processes may use the cache at once.
// Those that want the same entry at the same time wait for the one that builds it; a process that
// dies gives its turn to the next.

internal import Crypto
internal import Platform
package import SystemPackage

/// A folder of compiled programs.
package struct Cache {
    package let folder: FilePath

    package init(folder: FilePath) { self.folder = folder }

    /// `$XDG_CACHE_HOME/smelt`, or `~/.cache/smelt`. As the XDG specification asks, a relative
    /// path is ignored.
    package static func defaultFolder(environment: (String) -> ByteString?) -> FilePath? {
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
            description = Digest.hexadecimal(hash.finalize())
        }
    }
}
