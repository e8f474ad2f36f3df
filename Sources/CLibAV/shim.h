#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/sha.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// Macros that Swift cannot import.
static const int kAVErrorEOF = AVERROR_EOF;
static const int kAVErrorServer = AVERROR_HTTP_SERVER_ERROR;
static const int kAVErrorEAGAIN = AVERROR(EAGAIN);
static const int kAVErrorEINVAL = AVERROR(EINVAL);
static const int kAVErrorENOMEM = AVERROR(ENOMEM);
static const int kAVErrorInvalidData = AVERROR_INVALIDDATA;
static const int64_t kAVNoPTS = AV_NOPTS_VALUE;
static const int64_t kAVTimeBase = AV_TIME_BASE;

// Calls with arrays of pointers, which are unwieldy to make from Swift.

/// Converts a whole frame into packed rows that are `stride` bytes apart.
static inline int clibav_scale_from_frame(
    struct SwsContext *context, const AVFrame *frame, uint8_t *rows, int stride) {
  uint8_t *planes[4] = {rows, NULL, NULL, NULL};
  int strides[4] = {stride, 0, 0, 0};
  return sws_scale(
      context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes,
      strides);
}

/// Converts packed rows into a frame.
static inline int clibav_scale_into_frame(
    struct SwsContext *context, const uint8_t *rows, int stride, int height, AVFrame *frame) {
  const uint8_t *planes[4] = {rows, NULL, NULL, NULL};
  int strides[4] = {stride, 0, 0, 0};
  return sws_scale(context, planes, strides, 0, height, frame->data, frame->linesize);
}

/// Converts the first `height` rows of a frame into another frame.
static inline int clibav_scale_frame(
    struct SwsContext *context, const AVFrame *source, int height, AVFrame *target) {
  return sws_scale(
      context, (const uint8_t *const *)source->data, source->linesize, 0, height, target->data,
      target->linesize);
}

/// Says which matrix and range both sides of a conversion have.
static inline int clibav_set_colours(
    struct SwsContext *context, int source, int sourceIsFull, int target, int targetIsFull) {
  return sws_setColorspaceDetails(
      context, sws_getCoefficients(source), sourceIsFull, sws_getCoefficients(target),
      targetIsFull, 0, 1 << 16, 1 << 16);
}

/// Resamples a frame, or what is left inside when `frame` is null, to interleaved floats.
static inline int clibav_resample(
    struct SwrContext *context, float *samples, int capacity, const AVFrame *frame) {
  uint8_t *planes[1] = {(uint8_t *)samples};
  return swr_convert(
      context, planes, capacity, frame ? (const uint8_t **)frame->extended_data : NULL,
      frame ? frame->nb_samples : 0);
}
