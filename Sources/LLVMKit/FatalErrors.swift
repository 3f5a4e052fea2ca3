// What LLVM does when it cannot go on: it calls a handler and then ends the process.

internal import CLLVM

extension LLVM {
    /// Has a function called with LLVM's last words; it should not return.
    public static func onFatalError(
        _ handler: @convention(c) (_ reason: UnsafePointer<CChar>?) -> Void
    ) {
        LLVMInstallFatalErrorHandler(handler)
    }
}
