/* What the programs here predict: rows of INPUTS numbers, OUTPUTS numbers each. */
#ifndef MODEL_ROWS
#define MODEL_ROWS

#define INPUTS 5
#define OUTPUTS 3

static const float kRows[4][INPUTS] = {{0.1f, -0.7f, 0.9f, 2.5f, -1.1f},
                                       {1.0f, 1.0f, -1.0f, 0.0f, 0.3f},
                                       {-3.0f, 0.01f, 0.6f, -0.2f, 4.0f},
                                       {0.0f, 0.0f, 0.0f, 0.0f, 0.0f}};

#endif
