// Faults that are planted into what passes have made: the proof finds each of them.
//
// A guard region forgives small mistakes. So it is counted how many accesses are proved for
// reservations of any size, and without one: with a fault there is a size for which there are fewer.

import AccessProof
import Foundation
import LLVMKit
import Optimization
import TargetModel
import Testing

@Suite struct PlantedFaultTests {
    /// What a pass makes of functions, and lines of that which are changed for the worse.
    struct Plant: Sendable, CustomTestStringConvertible {
        let pass: String
        let source: Source
        /// A part of a line, and what stands there instead.
        let faults: [(String, String)]

        enum Source: Sendable {
            /// A golden file of the passes' own tests.
            case golden(String)
            /// Functions, and the pass to be run on them.
            case text(
                String, @Sendable (borrowing IRModule, borrowing TargetMachine) throws -> Void)
        }

        var testDescription: String { pass }
    }

    @Test(arguments: plants) func isFound(_ plant: Plant) throws {
        let output = try Self.output(of: plant.source)
        let before = try Self.Profile(of: output)
        for (line, replacement) in plant.faults {
            let faulty = output.replacing(line, with: replacement)
            try #require(faulty != output, "no line has \(line) in\n\(output)")
            #expect(
                try before.finds(faulty), "\(replacement) instead of \(line) in\n\(output)")
        }
    }

    private static func output(of source: Plant.Source) throws -> String {
        switch source {
        case .golden(let file):
            let url = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent()
                .appending(path: "OptimizationTests/Golden/\(file).ll")
            let text = try String(contentsOf: url, encoding: .utf8)
            let parts = text.components(separatedBy: "\n; What becomes of it:\n")
            let known = Set(parts[1].matches(of: /declare .*?@([\w.]+)/).map { $0.1 })
            let globals = parts[0].split(separator: "\n").filter {
                $0.hasPrefix("@")
                    || $0.prefixMatch(of: /declare .*?@([\w.]+)/).map { !known.contains($0.1) }
                        ?? false
            }
            return globals.joined(separator: "\n") + "\n" + parts[1]
        case .text(let text, let run):
            let machine = try TargetMachine(
                triple: "x86_64-linux-musl", cpu: "x86-64-v2", features: "", level: .standard)
            let module = try IRModule(parsing: text, for: machine)
            try run(module, machine)
            return module.text
        }
    }

    /// How many accesses cannot be proved, by how much may be reached.
    private struct Profile {
        private var failures: [(facts: ProofFacts, count: Int)] = []

        init(of text: String) throws {
            let module = try ProofCase.module(text)
            func count(_ facts: ProofFacts) -> Int {
                AccessProof(facts).check(module).failures.count
            }
            func reserving(_ bytes: UInt64) -> ProofFacts {
                ProofCase.facts(reachableBytes: bytes)
            }
            // For each number of failures the smallest reservation with so many.
            var left = count(reserving(1 << 33))
            try #require(left == 0, "the output itself is not proved")
            var high: UInt64 = 1 << 33
            while high > 1 {
                var low: UInt64 = 1
                while low < high {
                    let middle = (low + high) / 2
                    if count(reserving(middle)) <= left { high = middle } else { low = middle + 1 }
                }
                failures.append((reserving(high), left))
                if high == 1 { break }
                high -= 1
                left = count(reserving(high))
            }
            var unguarded = ProofCase.facts()
            unguarded.memories[0].reachableBytes = nil
            unguarded.memories[0].minimumBytes = 0
            failures.append((unguarded, count(unguarded)))
        }

        func finds(_ text: String) throws -> Bool {
            let module = try ProofCase.module(text)
            return failures.contains { facts, count in
                AccessProof(facts).check(module).failures.count > count
            }
        }
    }

    private static func run(
        _ passes: [Pass], on module: borrowing IRModule, for machine: borrowing TargetMachine
    ) throws {
        let context = PassContext(machine, level: .aggressive, memory: memory)
        for pass in passes { try pass.run(on: module, for: machine, context) }
    }

    private static let memory = GuestMemory(
        base: .symbol("memory"), byteSize: (.symbol("descriptor"), 8), lacksLastPage: true,
        outlivesTraps: false)

    private static let plants = [
        Plant(
            pass: "LoopVersioning with VersionCheck and LoopCopy", source: .golden("copy"),
            faults: [
                // The extent of a group, and what it is compared with.
                ("%15 = icmp ule i64 %14, 4294967295", "%15 = icmp ule i64 %14, 4294967296"),
                ("%14 = add i64 %13, 0", "%14 = add i64 %13, -1"),
                ("%20 = mul i64 %8, 1", "%20 = mul i64 %8, 0"),
                // The count.
                ("%37 = add nuw nsw i64 %8, 1", "%37 = add nuw nsw i64 %8, 2"),
                ("%38 = mul nuw nsw i64 %37, 1", "%38 = mul nuw nsw i64 %37, 2"),
                // The step, and the way around the loop.
                ("%40 = mul nuw nsw i64 %39, 1", "%40 = mul nuw nsw i64 %39, 2"),
                ("%45 = add nuw nsw i64 %39, 1", "%45 = add nuw nsw i64 %39, 2"),
                // The distance from the pointer, and a condition that is forgotten.
                (
                    "%29 = getelementptr i8, ptr @memory, i64 %11",
                    "%far = add i64 %11, 1\n  %29 = getelementptr i8, ptr @memory, i64 %far"
                ),
                ("%34 = and i1 %33, %23", "%34 = and i1 %33, true"),
            ]),
        Plant(
            pass: "VersionCheck for steps that are not known", source: .golden("branches"),
            faults: [
                ("%7 = icmp ule i64 %6, 1048576", "%7 = icmp ule i64 %6, -1"),
                ("%10 = mul i64 %3, %6", "%10 = mul i64 %3, 4"),
                (
                    "%40 = getelementptr nusw nuw i8, ptr %39, i64 16",
                    "%40 = getelementptr nusw nuw i8, ptr %39, i64 17"
                ),
            ]),
        Plant(
            pass: "VersionCheck for steps backwards", source: .golden("backwards"),
            faults: [
                ("%16 = icmp sge i64 %13, 0", "%16 = icmp sge i64 %13, -1"),
                ("%12 = mul i64 %7, 4", "%12 = mul i64 %7, 3"),
                ("%33 = mul nsw i64 %31, -4", "%33 = mul nsw i64 %31, -5"),
                ("%29 = add nuw nsw i64 %7, 1", "%29 = add nuw nsw i64 %7, 2"),
            ]),
        Plant(
            pass: "IterationCount: a number that may have wrapped around", source: .golden("copy"),
            faults: [
                ("%8 = select i1 %7, i64 %6, i64 0", "%8 = select i1 true, i64 %6, i64 0")
            ]),
        Plant(
            pass: "Rerolling", source: .golden("unrolled"),
            faults: [
                ("%13 = mul i64 %11, 2", "%13 = mul i64 %11, 1"),
                ("%14 = add i64 %13, 1", "%14 = add i64 %13, 0"),
                ("%29 = mul nuw nsw i64 %28, 2", "%29 = mul nuw nsw i64 %28, 3"),
            ]),
        Plant(
            pass: "NestCopy", source: .golden("nest"),
            faults: [
                ("%71 = add nuw nsw i64 %8, 1", "%71 = add nuw nsw i64 %8, 2"),
                ("%31 = mul i64 %8, 1280", "%31 = mul i64 %8, 1279"),
                ("%84 = add nuw nsw i64 %15, 1", "%84 = add nuw nsw i64 %15, 2"),
                ("%82 = mul nuw nsw i64 %72, 1280", "%82 = mul nuw nsw i64 %72, 1284"),
                (
                    "%102 = getelementptr nusw nuw i8, ptr %101, i64 65536",
                    "%102 = getelementptr nusw nuw i8, ptr %101, i64 65537"
                ),
                ("%66 = and i1 %65, %46", "%66 = and i1 %65, true"),
            ]),
        Plant(
            pass: "WideLoop", source: .golden("vectors"),
            faults: [
                ("%37 = udiv i64 %36, 2", "%37 = udiv i64 %36, 1"),
                ("%40 = mul nuw nsw i64 %39, 2", "%40 = mul nuw nsw i64 %39, 3"),
                ("%38 = mul nuw nsw i64 %37, 1", "%38 = mul nuw nsw i64 %37, 2"),
                ("%41 = mul nuw nsw i64 %40, 16", "%41 = mul nuw nsw i64 %40, 17"),
            ]),
        Plant(
            pass: "NearbyAddresses", source: .golden("addresses"),
            faults: [
                ("%3 = getelementptr i8, ptr %2, i64 8", "%3 = getelementptr i8, ptr %2, i64 9"),
                ("%5 = getelementptr i8, ptr %4, i64 24", "%5 = getelementptr i8, ptr %4, i64 25"),
                ("%1 = zext i32 %p to i64", "%1 = sext i32 %p to i64"),
            ]),
        Plant(
            pass: "WideIndices", source: .golden("wide_indices"),
            faults: [
                ("%2 = zext i32 %next to i64", "%2 = sext i32 %next to i64"),
                ("%0 = phi i64 [ 1024, %entry ]", "%0 = phi i64 [ -1, %entry ]"),
            ]),
        Plant(
            pass: "SegmentAddresses",
            source: .text(
                """
                @memory = external global [0 x i8]
                define i32 @f(i32 %p) {
                  %w = zext i32 %p to i64
                  %b = getelementptr i8, ptr @memory, i64 %w
                  %a = getelementptr i8, ptr %b, i64 24
                  %v = load i32, ptr %a, align 1
                  ret i32 %v
                }
                """,
                { try Optimizer.run(.size, on: $0, for: $1, memory: Self.memory) }),
            faults: [("i64 24", "i64 25"), ("zext i32", "sext i32")]),
        Plant(
            pass: "LoopPointers",
            source: .text(
                """
                @memory = external global [0 x i8]
                define void @f(i32 %p, i32 %n) {
                entry:
                  %w = zext i32 %p to i64
                  %a = getelementptr i8, ptr @memory, i64 %w
                  br label %loop
                loop:
                  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
                  %low = and i32 %i, 4095
                  %x = zext i32 %low to i64
                  %b = getelementptr i8, ptr %a, i64 %x
                  store i8 0, ptr %b, align 1
                  %next = add i32 %i, 1
                  %done = icmp eq i32 %next, %n
                  br i1 %done, label %exit, label %loop
                exit:
                  ret void
                }
                """,
                { try Self.run([.loopPointers], on: $0, for: $1) }),
            faults: [
                ("%0 = freeze ptr %a", "%0 = getelementptr i8, ptr %a, i64 1"),
                ("%0 = freeze ptr %a", "%0 = getelementptr i8, ptr %a, i64 %w"),
            ]),
        Plant(
            pass: "StoreForwarding",
            source: .text(
                """
                @memory = external global [0 x i8]
                define <16 x i8> @f(i32 %p, i64 %x) {
                  %w = zext i32 %p to i64
                  %a = getelementptr i8, ptr @memory, i64 %w
                  store i64 %x, ptr %a, align 1
                  %b = getelementptr i8, ptr %a, i64 8
                  store i64 %x, ptr %b, align 1
                  %v = load <16 x i8>, ptr %a, align 1
                  ret <16 x i8> %v
                }
                """,
                { try Self.run([.storeForwarding], on: $0, for: $1) }),
            faults: [
                ("%3 = getelementptr i8, ptr %a, i64 8", "%3 = getelementptr i8, ptr %a, i64 9")
            ]),
        Plant(
            pass: "SearchLoops",
            source: .text(
                """
                @memory = external global [0 x i8]
                @descriptor = external global [0 x i8]
                define i32 @find(i32 %from, i8 %what) {
                entry:
                  br label %loop
                loop:
                  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
                  %w = zext i32 %p to i64
                  %a = getelementptr i8, ptr @memory, i64 %w
                  %byte = load i8, ptr %a, align 1
                  %found = icmp eq i8 %byte, %what
                  %next = add i32 %p, 1
                  br i1 %found, label %exit, label %loop
                exit:
                  ret i32 %p
                }
                """,
                { try Self.run([.loopVersions, .searchLoops], on: $0, for: $1) }),
            faults: [
                ("%7 = add i64 %6, 16", "%7 = add i64 %6, 15"),
                ("%10 = getelementptr i8, ptr %9, i64 0", "%10 = getelementptr i8, ptr %9, i64 1"),
                ("br i1 %8, label %search.lanes", "br i1 true, label %search.lanes"),
            ]),
    ]
}
