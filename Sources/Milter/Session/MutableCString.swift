/// Calls a closure with a mutable C string, valid during the call only: libmilter takes `char *`
/// even where it only reads.
func withMutableCString<Result>(
    _ text: String, _ body: (UnsafeMutablePointer<CChar>?) -> Result
) -> Result {
    var bytes = Array(text.utf8CString)
    return bytes.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}
