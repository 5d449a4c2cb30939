// The few OpenBLAS entry points TextCNN uses. Declared here because Debian's cblas.h lies below an
// architecture folder and pulls in complex types that Swift can't import.
#ifndef SIFTD_COPENBLAS_SHIM_H
#define SIFTD_COPENBLAS_SHIM_H

// CBLAS_ORDER and CBLAS_TRANSPOSE of the CBLAS standard, as plain integers.
enum { SiftdRowMajor = 101, SiftdNoTrans = 111, SiftdTrans = 112 };

void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
void openblas_set_num_threads(int threads);

#endif
