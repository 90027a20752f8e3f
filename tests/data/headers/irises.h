/* The model irises, written by Linnet: 4 8:tanh 3:softmax; hash 444d8392d3d490df */
#ifndef LINNET_MODEL_irises
#define LINNET_MODEL_irises

#include <linnet/memory.hpp>

static_assert(linnet::kLayoutVersion == 2, "written for another layout");

inline constexpr auto irises_topology = linnet::topology(4, {{8, {&linnet::descriptor::tanh, 0x0p0f}, true}, {3, {&linnet::descriptor::softmax, 0x0p0f}, true}});

alignas(linnet::kAlignment) inline constexpr float irises_parameters[] = {
    0x1.6e4b08p-3f, -0x1.d18846p-2f, -0x1.61c376p-2f, -0x1.56007ep-1f, 0x1.3a1b0ap-4f, -0x1.8287c8p-1f, 0x1.9857c6p-1f, -0x1.a15972p-2f,
    -0x1.9fd94ap-3f, 0x1.dfdcbp-1f, 0x1.0d0db4p1f, -0x1.554c1ap-4f, -0x1.16f1d6p0f, -0x1.efe464p-3f, -0x1.077bf6p-8f, -0x1.505002p-1f,
    -0x1.c3ce3ep-2f, -0x1.4d25a8p-1f, -0x1.1fbca2p-2f, 0x1.187856p-3f, 0x1.85a83ap-8f, 0x1.addp-3f, -0x1.0bf276p-2f, -0x1.1c6322p-3f,
    -0x1.d9c686p-1f, 0x1.f9908cp-3f, -0x1.9c28aap-1f, -0x1.e245bep-2f, -0x1.3ac768p0f, -0x1.d96074p-1f, -0x1.6f39cap-6f, 0x1.1c1898p0f,
    0x1.6ada2p1f, 0x1.7e33d6p0f, -0x1.19be4p1f, 0x1.02d1fp2f, 0x1.26e108p2f, 0x1.5863a2p2f, -0x1.b95774p1f, 0x1.ec381ep1f,
    0x1.391054p0f, 0x1.3a2a68p0f, 0x1.fff284p-1f, 0x1.9a2346p-2f, -0x1.0bb52ep-6f, 0x1.6226c8p-1f, -0x1.7c31acp-5f, -0x1.fcf13ep-2f,
    0x1.c8ddccp-1f, -0x1.417296p-3f, -0x1.d540cep-5f, -0x1.f0bc7cp-2f, 0x1.dc5894p-1f, 0x1.cc2c18p-4f, 0x1.4eb32ap-2f, 0x1.3a389ap-1f,
    -0x1.7da27ap-1f, -0x1.9d961p-4f, -0x1.c3ea1p-1f, -0x1.152642p-2f, -0x1.e2a442p-1f, -0x1.72cbdep-5f, -0x1.1bd9aep-4f, -0x1.d6c8a4p-3f,
    -0x1.83dcep-6f, 0x1.5e6d9ep-3f, -0x1.dd3b22p-3f};

inline constexpr const char* irises_inputs[] = {"sepal length", "sepal width", "petal length", "petal width"};
inline constexpr const char* irises_classes[] = {"setosa", "versicolor", "virginica"};

#endif
