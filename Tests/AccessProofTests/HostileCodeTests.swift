// Code that was written to be accepted and must not be: each case is one rule of the proof taken where it
// does not hold.

import AccessProof
import LLVMKit
import Testing

@Suite struct HostileCodeTests {
    @Test(arguments: cases) func isNotProved(_ item: ProofCase) throws {
        #expect(try item.report().failures.count == 1)
    }

    /// Long chains neither take all of the stack nor all of the time; they are not proved.
    @Test(arguments: ["add", "mul", "xor"]) func longChain(operation: String) throws {
        let steps = (1...20000).map { "  %v\($0) = \(operation) i64 %v\($0 - 1), %y" }
        let item = ProofCase(
            operation,
            """
            define void @f(i64 %v0, i64 %y) {
            \(steps.joined(separator: "\n"))
              %a = getelementptr i8, ptr @memory, i64 %v20000
              store i8 0, ptr %a
              ret void
            }
            """)
        #expect(try item.report().failures.count == 1)
    }

    /// Choices between choices have many ways, which are not all walked.
    @Test func manyChoices() throws {
        let steps = (1...200).map { number in
            """
              %q\(number) = getelementptr i8, ptr %p\(number - 1), i64 \(number)
              %p\(number) = select i1 %c, ptr %p\(number - 1), ptr %q\(number)
            """
        }
        let item = ProofCase(
            "choices",
            """
            define void @f(i1 %c) {
              %p0 = getelementptr i8, ptr @memory, i64 0
            \(steps.joined(separator: "\n"))
              store i8 0, ptr %p200
              ret void
            }
            """)
        #expect(try item.report().failures.count == 1)
    }

    private static func access(
        _ name: String, _ address: String, declaration: String = ""
    ) -> ProofCase {
        ProofCase(
            name,
            """
            \(declaration)
            define void @f(i32 %x, i64 %y, i64 %z, <4 x i32> %v, <4 x i1> %m) {
            \(address)
              ret void
            }
            """)
    }

    private static let cases =
        [
            access(
                "a number of more than 64 bits, of which a part is taken",
                """
                  %w = zext i64 %y to i128
                  %s = shl i128 %w, 3
                  %t = trunc i128 %s to i64
                  %a = getelementptr i8, ptr @memory, i64 %t
                  store i8 0, ptr %a
                """),
            access(
                "the upper half of a wide product",
                """
                  %w = zext i64 %y to i128
                  %u = zext i64 %z to i128
                  %s = mul i128 %w, %u
                  %h = lshr i128 %s, 64
                  %t = trunc i128 %h to i64
                  %a = getelementptr i8, ptr @memory, i64 %t
                  store i8 0, ptr %a
                """),
            access(
                "numbers that are too large to be multiplied",
                """
                  %w = add i64 %y, -9223372036854775808
                  %u = add i64 %z, -9223372036854775808
                  %s = mul i64 %w, %u
                  %a = getelementptr i8, ptr @memory, i64 %s
                  store i8 0, ptr %a
                """),
            access(
                "zeros of a number that is promised not to be zero",
                """
                  %n = call i64 @llvm.ctlz.i64(i64 %y, i1 true)
                  %a = getelementptr i8, ptr @memory, i64 %n
                  store i8 0, ptr %a
                """, declaration: "declare i64 @llvm.ctlz.i64(i64, i1)"),
            access(
                "an address that goes through a structure",
                """
                  %a = getelementptr i8, ptr @memory, i64 %y
                  %s = insertvalue { ptr, i32 } zeroinitializer, ptr %a, 0
                  %p = extractvalue { ptr, i32 } %s, 0
                  store volatile i8 0, ptr @memory
                  %l = load i32, ptr %p
                """),
            access(
                "an address that lies in a memory",
                """
                  %p = load ptr, ptr @memory
                  %l = load i32, ptr %p
                """),
            access(
                "an address that lies somewhere in a memory",
                """
                  %w = zext i32 %x to i64
                  %a = getelementptr i8, ptr @memory, i64 %w
                  %p = load ptr, ptr %a
                  %l = load i32, ptr %p
                """),
            access(
                "null in another segment",
                "  store i8 0, ptr addrspace(257) null"),
            access(
                "a memory's base for an intrinsic that nobody knows",
                """
                  call void @llvm.masked.compressstore.v4i32(<4 x i32> %v, ptr @memory, <4 x i1> %m)
                """,
                declaration:
                    "declare void @llvm.masked.compressstore.v4i32(<4 x i32>, ptr, <4 x i1>)"),
        ] + loops + functions

    private static let loops = [
        ProofCase(
            "a pointer of the round before, and a distance of this one",
            """
            define void @f() {
              br label %loop
            loop:
              %p = phi ptr [ @memory, %0 ], [ %q, %loop ]
              %slot = getelementptr i8, ptr @memory, i64 8
              %l = load i32, ptr %slot
              %w = zext i32 %l to i64
              %n = sub i64 4294967295, %w
              %a = getelementptr i8, ptr %p, i64 %n
              store i8 0, ptr %a
              %q = getelementptr i8, ptr @memory, i64 %w
              br label %loop
            }
            """),
        ProofCase(
            "a loop that begins with numbers that are right on one of two ways",
            """
            define void @f(i32 %x) {
              %y = add i32 %x, 5
              %w = zext i32 %y to i64
              %v = zext i32 %x to i64
              %small = icmp ult i32 %x, 100
              br i1 %small, label %loop, label %other
            other:
              br label %loop
            loop:
              %i = phi i64 [ %w, %0 ], [ %w, %other ], [ %i.next, %loop ]
              %k = phi i64 [ 0, %0 ], [ 0, %other ], [ %k.next, %loop ]
              %d = sub i64 %i, %v
              %a = getelementptr i8, ptr @memory, i64 %d
              store i8 0, ptr %a
              %i.next = add i64 %i, 1
              %k.next = add i64 %k, 1
              %on = icmp ne i64 %k.next, 10
              br i1 %on, label %loop, label %exit
            exit:
              ret void
            }
            """),
        ProofCase(
            "a check on one of two ways",
            """
            define void @f(i64 %y, i1 %c) {
              %ok = icmp ult i64 %y, 4294967296
              br i1 %c, label %one, label %other
            one:
              br i1 %ok, label %end, label %exit
            other:
              br i1 %ok, label %exit, label %end
            end:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              br label %exit
            exit:
              ret void
            }
            """),
    ]

    private static let functions = [
        ProofCase(
            "a parameter whose range is a promise",
            """
            define internal void @g(i64 range(i64 0, 10) %i) {
              %a = getelementptr i8, ptr @memory, i64 %i
              store i8 0, ptr %a
              ret void
            }
            define void @f(i64 %x) {
              call void @g(i64 3)
              call void @g(i64 %x)
              ret void
            }
            """),
        ProofCase(
            "a parameter of a function whose address is handed on",
            """
            define internal void @g(ptr %p, i64 range(i64 0, 10) %i) {
              %a = getelementptr i8, ptr @memory, i64 %i
              store i8 0, ptr %a
              ret void
            }
            define void @f() {
              call void @g(ptr @g, i64 3)
              ret void
            }
            """),
        ProofCase(
            "elements of a table that may have moved",
            """
            define ptr @f(i32 %x) {
              %w = zext i32 %x to i64
              %field = getelementptr i8, ptr @table, i64 8
              %size = load i64, ptr %field
              %elements = load ptr, ptr @table
              %out = icmp uge i64 %w, %size
              br i1 %out, label %trap, label %then
            then:
              call void @somebody(ptr null)
              %far = mul i64 %w, 8
              %a = getelementptr i8, ptr %elements, i64 %far
              %v = load ptr, ptr %a
              ret ptr %v
            trap:
              unreachable
            }
            """),
    ]
}
