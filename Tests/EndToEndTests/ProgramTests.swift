// Real programs, compiled for both targets, do what the same sources do when compiled natively.

import Compiler
import Foundation
import Testing

@Suite struct ProgramTests {
    @Test(arguments: ExampleProgram.all, Target.allCases)
    func behavesLikeTheNativeProgram(example: ExampleProgram, target: Target) async throws {
        let native = try await Artifacts.shared.native(example.source)
        let module = try await Artifacts.shared.module(example.source)
        let program = try await Artifacts.shared.program(
            module, for: target, options: example.grants)

        var expected = Command([native.path] + example.arguments)
        expected.environment = example.environment
        expected.input = example.input
        var actual = Command(target.emulator + [program.path] + example.arguments)
        actual.input = example.input
        if example.usesFolder {
            expected.folder = try Project.freshFolder("native")
            actual.folder = try Project.freshFolder("compiled")
        }
        let reference = try expected.run()
        let result = try actual.run()
        #expect(result.status == reference.status, "\(result.errors)")
        #expect(result.text == reference.text)
        #expect(result.errors == reference.errors)
    }

    @Test(arguments: [["-O0"], ["-O1"], ["-O3"], ["-Os"], ["--cpu", "native"]])
    func everyOptimizationLevelWorks(options: [String]) async throws {
        for source in ["integers64.c", "floating_point.c", "containers.cpp"] {
            let native = try await Artifacts.shared.native(source)
            let reference = try Command([native.path]).run()
            let module = try await Artifacts.shared.module(source)
            let program = try await Artifacts.shared.program(module, for: .host, options: options)
            let result = try Command([program.path]).run()
            #expect(result == reference, "\(source) \(options)")
        }
    }

    /// A hello world with printf is small.
    @Test(arguments: Target.allCases)
    func helloIsSmall(target: Target) async throws {
        let module = try await Artifacts.shared.module("hello.c")
        let program = try await Artifacts.shared.program(module, for: target, options: ["--strip"])
        let attributes = try FileManager.default.attributesOfItem(atPath: program.path)
        let size = try #require(attributes[.size] as? Int)
        print("hello for \(target.triple), stripped: \(size) bytes")
        #expect(size <= 100 << 10)
    }
}
