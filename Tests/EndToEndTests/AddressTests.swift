// Addresses that the code generator forms by itself. Each module of the folder `addresses` compares
// what it finds in its memory, and ends with status 42 if that is right.
//
// Scripts cannot stand for these programs: functions of test scripts have another calling
// convention and get their memory's address from a register.

import Compiler
import Foundation
import Testing

@Suite struct AddressTests {
    static let files: [URL] = {
        let files = try! FileManager.default.contentsOfDirectory(
            at: Project.addresses, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "wat" }.sorted { $0.path < $1.path }
    }()

    static let levels = ["-O0", "-O1", "-O2", "-O3", "-Os"]

    @Test func thereAreFiles() {
        #expect(!Self.files.isEmpty)
    }

    @Test(arguments: files, Target.allCases)
    func accessesReachTheirPlaces(file: URL, target: Target) async throws {
        let module = try await Artifacts.shared.module(text: file)
        for level in Self.levels {
            let program = try await Artifacts.shared.program(module, for: target, options: [level])
            let result = try Command(target.emulator + [program.path]).run()
            #expect(result.status == 42, "\(level): \(result.errors)")
        }
    }
}
