#pragma once

// What online.cpp asks of a board: its sensor, and the instrument that it is calibrated against.

namespace sensor {

/// One reading and what it should have been.
struct Sample {
  float inputs[2];  ///< the sensor's output and the temperature, both brought to about [-1, 1]
  float target[1];  ///< the quantity itself, by the reference, in the same range. NaN anywhere: no reading
};

/// Waits for the next sample. Returns false when there will be no more.
bool read_sample(Sample& sample);

}  // namespace sensor
