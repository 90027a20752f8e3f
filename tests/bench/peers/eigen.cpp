// Trainers written by hand on Eigen: W1 and W2 with sizes that the compiler knows (eigen_fixed.hpp), the others
// dynamic. Eigen's matrices are column-major: a row-major (batch, units) is its (units, batch).
#include <Eigen/Core>

#include "trainer.hpp"
#include "eigen_fixed.hpp"

namespace {

using Strided = Eigen::OuterStride<>;
using In = Eigen::Map<const Eigen::MatrixXf, Eigen::Unaligned, Strided>;
using Out = Eigen::Map<Eigen::MatrixXf, Eigen::Unaligned, Strided>;

Eigen::Index of(std::size_t n) { return static_cast<Eigen::Index>(n); }

struct EigenDynamic {
  static void forward(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                      std::size_t m, std::size_t n, std::size_t k) {
    Out(c, of(n), of(m), Strided(of(ldc))).noalias() =
        In(b, of(n), of(k), Strided(of(ldb))) * In(a, of(k), of(m), Strided(of(lda)));
  }
  static void below(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                    std::size_t m, std::size_t n, std::size_t k) {
    Out(c, of(n), of(m), Strided(of(ldc))).noalias() =
        In(b, of(k), of(n), Strided(of(ldb))).transpose() * In(a, of(k), of(m), Strided(of(lda)));
  }
  static void gradient(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c, std::size_t ldc,
                       std::size_t m, std::size_t n, std::size_t k) {
    Out(c, of(n), of(m), Strided(of(ldc))).noalias() =
        In(b, of(n), of(k), Strided(of(ldb))) * In(a, of(m), of(k), Strided(of(lda))).transpose();
  }
  static void single(const float* x, const float* w, float* z, std::size_t n, std::size_t k) {
    Eigen::Map<Eigen::VectorXf>(z, of(n)).noalias() =
        Eigen::Map<const Eigen::MatrixXf>(w, of(n), of(k)) * Eigen::Map<const Eigen::VectorXf>(x, of(k));
  }
};

}  // namespace

// What it was compiled for. Eigen's own list of instruction sets does not tell AVX2 from AVX.
extern "C" const char* bench_core() {
#if defined(EIGEN_VECTORIZE_AVX512)
  return "AVX-512";
#elif defined(EIGEN_VECTORIZE_AVX2) && defined(EIGEN_VECTORIZE_FMA)
  return "AVX2 with FMA";
#else
  return Eigen::SimdInstructionSetsInUse();
#endif
}

extern "C" bench::Contestant* bench_contestant(const Work& work, const Data& data) {
  if (bench::Contestant* fixed = make_fixed(work, data)) return fixed;
  return make_hand_written<EigenDynamic>(work, data);
}
