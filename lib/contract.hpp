// How the numbers of this build round. Included by everything that computes.
#pragma once

#if defined(__FAST_MATH__) || __FINITE_MATH_ONLY__ || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
#error "linnet promises the same bits on every target; -ffast-math breaks that promise"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "linnet needs float arithmetic in single precision; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif

// 1: a multiply-add rounds once; 0: after the product and again after the sum.
#ifndef LINNET_FUSED
#define LINNET_FUSED 1
#endif
