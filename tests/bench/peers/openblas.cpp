// A trainer written by hand on OpenBLAS, serial.
#include <cblas.h>

#include "trainer.hpp"

namespace {

int of(std::size_t n) { return static_cast<int>(n); }

struct OpenBlas {
  static void forward(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                      std::size_t m, std::size_t n, std::size_t k) {
    if (m == 1) {
      single(a, b, c, n, k);
      return;
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c,
                of(ldc));
  }
  static void below(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                    std::size_t m, std::size_t n, std::size_t k) {
    if (m == 1) {
      cblas_sgemv(CblasRowMajor, CblasNoTrans, of(n), of(k), 1.0f, b, of(ldb), a, 1, 0.0f, c, 1);
      return;
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c,
                of(ldc));
  }
  static void gradient(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                       std::size_t m, std::size_t n, std::size_t k) {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c,
                of(ldc));
  }
  static void single(const float* x, const float* w, float* z, std::size_t n, std::size_t k) {
    cblas_sgemv(CblasRowMajor, CblasTrans, of(k), of(n), 1.0f, w, of(n), x, 1, 0.0f, z, 1);
  }
};

}  // namespace

extern "C" char* openblas_get_corename();  // not in cblas.h

extern "C" const char* bench_core() { return openblas_get_corename(); }

extern "C" bench::Contestant* bench_contestant(const Work& work, const Data& data) {
  return make_hand_written<OpenBlas>(work, data);
}
