// How the numbers of this build round. Included by everything that computes, before everything that computes: flags that
// would give other bits are refused where a macro tells of them and taken back where a pragma can. self_check() sees the
// others.
#pragma once

#if defined(__FAST_MATH__) || __FINITE_MATH_ONLY__ || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    defined(__NO_SIGNED_ZEROS__)
#error "linnet promises the same bits on every target; -ffast-math breaks that promise"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "linnet needs float arithmetic in single precision; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif

#if defined(__clang__)
// No macro tells of -funsafe-math-optimizations, -freciprocal-math or -fno-signed-zeros. Clang 14 has the first pragma
// for x86 alone.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wignored-pragmas"
#pragma float_control(precise, on)
#pragma clang diagnostic pop
#pragma clang fp contract(off) reassociate(off)
#elif defined(__FP_FAST_FMAF) && !defined(LINNET_NOT_CONTRACTED)
// GCC makes fused instructions of products and sums wherever it has some. CMake passes -ffp-contract=off itself and says
// so, because GCC 12 at -Os orders instructions worse under this pragma, even where it changes nothing.
#pragma GCC optimize("fp-contract=off")
#endif

// 1: a multiply-add rounds once; 0: after the product and again after the sum.
#ifndef LINNET_FUSED
#define LINNET_FUSED 1
#endif
