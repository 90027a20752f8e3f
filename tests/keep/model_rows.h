/* What the programs here predict: rows of INPUTS numbers, OUTPUTS numbers each. */
#ifndef MODEL_ROWS
#define MODEL_ROWS

#define INPUTS 5
#define OUTPUTS 3

static const float kRows[4][INPUTS] = {{0.1f, -0.7f, 0.9f, 2.5f, -1.1f},
                                       {1.0f, 1.0f, -1.0f, 0.0f, 0.3f},
                                       {-3.0f, 0.01f, 0.6f, -0.2f, 4.0f},
                                       {0.0f, 0.0f, 0.0f, 0.0f, 0.0f}};

/* The bits of what ../data/headers/model.hpp and model.h predict of them; a multiply-add that rounds twice gives others. */
static const unsigned long kPredicted[2][4][OUTPUTS] = {{{0xbc748dc4, 0xbd618ea1, 0x3dfa89b6},
                                                         {0xbf084754, 0x3f231ef2, 0xbec9fb6a},
                                                         {0x3fa5a9ca, 0xbf83886f, 0xbfbf93d5},
                                                         {0, 0, 0}},
                                                        {{0xbc748dc4, 0xbd618ea5, 0x3dfa89b6},
                                                         {0xbf084752, 0x3f231ef0, 0xbec9fb6b},
                                                         {0x3fa5a9cb, 0xbf83886f, 0xbfbf93d6},
                                                         {0, 0, 0}}};

#endif
