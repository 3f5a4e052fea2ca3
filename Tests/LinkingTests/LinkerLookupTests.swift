// Finding the linker in folders that the test fills with scripts of its own.

import Foundation
import Linking
import SystemPackage
import Testing

@Suite struct LinkerLookupTests {
    /// A folder with executable scripts, by name and text; removed when the test is over.
    private func withTools(
        _ tools: [String: String], _ body: (LinkerLookup) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            for (name, text) in tools {
                let path = folder.appending(name).string
                try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: path)
            }
            var lookup = LinkerLookup(folders: [])
            lookup.folders = [folder]
            try await body(lookup)
        }
    }

    @Test func prefersTheVersionedName() async throws {
        try await withTools(["ld.lld-22": "exit 1", "ld.lld": "exit 1"]) { lookup in
            let found = try await lookup.find()
            #expect(found.lastComponent?.string == "ld.lld-22")
        }
    }

    @Test func takesAPlainNameThatIsNewEnough() async throws {
        let banner = "echo 'Debian LLD 19.1.7 (compatible with GNU linkers)'"
        try await withTools(["ld.lld": banner]) { lookup in
            let found = try await lookup.find()
            #expect(found.lastComponent?.string == "ld.lld")
        }
    }

    @Test func refusesAnOldOne() async throws {
        try await withTools(["ld.lld": "echo 'LLD 14.0.6 (compatible with GNU linkers)'"]) {
            lookup in
            let folder = try #require(lookup.folders.first)
            let found = folder.appending("ld.lld").string + " (version 14)"
            await #expect(throws: LinkError.linkerNotFound(found: found)) {
                try await lookup.find()
            }
        }
    }

    @Test func namesThePackageWhenNoneIsThere() async throws {
        try await withTools([:]) { lookup in
            let error = await #expect(throws: LinkError.self) { try await lookup.find() }
            #expect(error?.remedy?.contains("lld-22") == true)
        }
    }
}

/// A fresh folder that is removed afterwards.
func withTemporaryFolder(_ body: (FilePath) async throws -> Void) async throws {
    let url = FileManager.default.temporaryDirectory.appending(
        path: "smelt-linking-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try await body(FilePath(url.path))
}
