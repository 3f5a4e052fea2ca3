// Linker scripts are compared with those in the folder `golden`.

import Foundation
import TestSupport
import Testing

enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "golden")

    static func expect(
        _ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let golden = try GoldenFile(folder.appending(path: name))
        #expect(try golden.difference(from: text) == nil, sourceLocation: sourceLocation)
    }
}
