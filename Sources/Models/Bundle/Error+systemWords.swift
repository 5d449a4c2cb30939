import Foundation

extension Error {
    /// The system's words for why a file can't be read or written, such as `No space left on
    /// device`; the error's own description where the system gave none.
    ///
    /// Foundation describes its errors by domain, number and dictionary.
    package var systemWords: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        guard let reason = error.underlying as? POSIXError else { return localizedDescription }
        return String(cString: strerror(reason.code.rawValue))
    }
}
