// How the numbers of this build round. Included by everything that computes.
#pragma once

#ifdef __FAST_MATH__
#error "linnet promises the same bits on every target; -ffast-math breaks that promise"
#endif

// 1: a multiply-add rounds once; 0: after the product and again after the sum.
#ifndef LINNET_FUSED
#define LINNET_FUSED 1
#endif
