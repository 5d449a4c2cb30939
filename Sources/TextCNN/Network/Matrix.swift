import COpenBLAS

/// Dense matrix products, computed by OpenBLAS on the calling thread.
///
/// OpenBLAS is limited to one thread; callers divide the work into fixed blocks themselves, so that
/// results don't depend on the number of cores.
enum Matrix {
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// `result[rows, columns] = left[rows, inner] · right[columns, inner]ᵀ`, all row-major.
    ///
    /// All pointers must hold at least the stated numbers of values for the duration of the call.
    static func multiplyTransposed(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
        into result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) {
        _ = singleThreaded
        guard rows > 0, columns > 0 else { return }
        cblas_sgemm(
            Int32(SiftdRowMajor), Int32(SiftdNoTrans), Int32(SiftdTrans), Int32(rows),
            Int32(columns), Int32(inner), 1, left, Int32(inner), right, Int32(inner), 0, result,
            Int32(columns))
    }

    /// `result[rows, columns] = left[rows, inner] · right[inner, columns]`, all row-major; a row of
    /// each begins `stride` numbers behind the one before.
    ///
    /// All pointers must hold the stated numbers of values for the duration of the call.
    static func multiply(
        _ left: UnsafePointer<Float>, stride leftStride: Int, _ right: UnsafePointer<Float>,
        stride rightStride: Int, into result: UnsafeMutablePointer<Float>, stride resultStride: Int,
        rows: Int, columns: Int, inner: Int
    ) {
        _ = singleThreaded
        guard rows > 0, columns > 0 else { return }
        cblas_sgemm(
            Int32(SiftdRowMajor), Int32(SiftdNoTrans), Int32(SiftdNoTrans), Int32(rows),
            Int32(columns), Int32(inner), 1, left, Int32(leftStride), right, Int32(rightStride), 0,
            result, Int32(resultStride))
    }
}
