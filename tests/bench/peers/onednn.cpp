// A trainer written by hand on oneDNN's sgemm.
#include <dnnl.h>

#include "trainer.hpp"

namespace {

std::int64_t of(std::size_t n) { return static_cast<std::int64_t>(n); }

struct OneDnn {
  static void forward(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                      std::size_t m, std::size_t n, std::size_t k) {
    dnnl_sgemm('N', 'N', of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c, of(ldc));
  }
  static void below(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                    std::size_t m, std::size_t n, std::size_t k) {
    dnnl_sgemm('N', 'T', of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c, of(ldc));
  }
  static void gradient(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                       std::size_t m, std::size_t n, std::size_t k) {
    dnnl_sgemm('T', 'N', of(m), of(n), of(k), 1.0f, a, of(lda), b, of(ldb), 0.0f, c, of(ldc));
  }
  static void single(const float* x, const float* w, float* z, std::size_t n, std::size_t k) {
    dnnl_sgemm('N', 'N', 1, of(n), of(k), 1.0f, x, of(k), w, of(n), 0.0f, z, of(n));
  }
};

}  // namespace

extern "C" const char* bench_core() {
  switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41:
      return "SSE4.1";
    case dnnl_cpu_isa_avx:
      return "AVX";
    case dnnl_cpu_isa_avx2:
      return "AVX2";
    case dnnl_cpu_isa_avx2_vnni:
      return "AVX2 with VNNI";
    case dnnl_cpu_isa_avx512_core:
      return "AVX-512";
    case dnnl_cpu_isa_avx512_core_vnni:
      return "AVX-512 with VNNI";
    case dnnl_cpu_isa_avx512_core_bf16:
      return "AVX-512 with BF16";
    case dnnl_cpu_isa_avx512_core_amx:
      return "AVX-512 with AMX";
    default:
      return "another";
  }
}

extern "C" bench::Contestant* bench_contestant(const Work& work, const Data& data) {
  return make_hand_written<OneDnn>(work, data);
}
