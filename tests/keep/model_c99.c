/* Predicts with a model that was written as a C99 header, by the arithmetic that the library documents, and prints the
   bits. FUSED: whether a multiply-add rounds once. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "model_rows.h"

static float multiply_add(float a, float b, float c) { return FUSED ? fmaf(a, b, c) : a * b + c; }

/* y = W x + b, each a chain from the bias, or from -0. weights: (units, inputs) */
static void layer(const float* x, const float* weights, const float* biases, int inputs, int units, float* y) {
  for (int o = 0; o < units; ++o) {
    y[o] = biases != NULL ? biases[o] : -0.0f;
    for (int i = 0; i < inputs; ++i) {
      y[o] = multiply_add(x[i], weights[o * inputs + i], y[o]);
    }
  }
}

int main(void) {
  if (strcmp(model_topology, "5 17:relu 4:leaky_relu(0.2),nobias 3:identity") != 0) return 1;
  for (int b = 0; b < 4; ++b) {
    float first[17], second[4], y[OUTPUTS];
    layer(kRows[b], model_weights_0[0], model_biases_0, INPUTS, 17, first);
    for (int o = 0; o < 17; ++o) first[o] = first[o] > 0.0f ? first[o] : 0.0f;
    layer(first, model_weights_1[0], NULL, 17, 4, second);
    for (int o = 0; o < 4; ++o) second[o] = second[o] > 0.0f ? second[o] : 0.2f * second[o];
    layer(second, model_weights_2[0], model_biases_2, 4, OUTPUTS, y);
    for (int o = 0; o < OUTPUTS; ++o) {
      uint32_t bits;
      memcpy(&bits, &y[o], sizeof bits);
      printf("%08" PRIx32 "\n", bits);
    }
  }
  return 0;
}
