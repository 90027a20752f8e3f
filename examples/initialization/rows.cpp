#include <limits>

#include "course.hpp"

namespace course {

namespace a = ln::activation;

constexpr float kFast = 0.03f;   // the course's learning rate
constexpr float kSlow = 0.001f;  // and that of its ReLU networks
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// The rows of one network follow each other, and their titles begin alike.
const Row kRows[kRowCount] = {
    {"sigmoid_x3_default", "sigmoid x3, default", {a::sigmoid, 3, Start::standard}, kFast, 20, 0.300},
    {"sigmoid_x3_xavier_uniform",
     "sigmoid x3, Xavier uniform",
     {a::sigmoid, 3, Start::xavier_uniform},
     kFast,
     20,
     0.697},
    {"sigmoid_x3_xavier_normal",
     "sigmoid x3, Xavier normal",
     {a::sigmoid, 3, Start::xavier_normal},
     kFast,
     20,
     kUnknown},
    {"tanh_x3_default", "tanh x3, default", {a::tanh, 3, Start::standard}, kFast, 20, 0.626},
    {"tanh_x3_xavier_uniform", "tanh x3, Xavier uniform", {a::tanh, 3, Start::xavier_uniform}, kFast, 20, 0.611},
    {"tanh_x3_xavier_normal", "tanh x3, Xavier normal", {a::tanh, 3, Start::xavier_normal}, kFast, 20, kUnknown},
    {"relu_x3_default", "ReLU x3, default", {a::relu, 3, Start::standard}, kSlow, 20, 0.510},
    {"relu_x3_kaiming_uniform", "ReLU x3, Kaiming uniform", {a::relu, 3, Start::kaiming_uniform}, kSlow, 20, 0.662},
    {"relu_x3_kaiming_normal", "ReLU x3, Kaiming normal", {a::relu, 3, Start::kaiming_normal}, kSlow, 20, 0.637},
    {"relu_x3_no_bias", "ReLU x3 no bias, default", {a::relu, 3, Start::standard, false}, kSlow, 20, kUnknown},
    {"sigmoid_x4_default", "sigmoid x4, default", {a::sigmoid, 4, Start::standard}, kFast, 40, 0.110},
    {"sigmoid_x4_xavier_uniform",
     "sigmoid x4, Xavier uniform",
     {a::sigmoid, 4, Start::xavier_uniform},
     kFast,
     40,
     0.736},
    {"sigmoid_x4_xavier_normal",
     "sigmoid x4, Xavier normal",
     {a::sigmoid, 4, Start::xavier_normal},
     kFast,
     40,
     kUnknown},
};

}  // namespace course
