import Dispatch

extension DispatchTime {
    /// The instant this long from now.
    public static func after(_ duration: Duration) -> DispatchTime {
        .now() + duration / .seconds(1)
    }
}
