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
static const int kAVErrorEAGAIN = AVERROR(EAGAIN);
static const int kAVErrorInvalidData = AVERROR_INVALIDDATA;
static const int64_t kAVNoPTS = AV_NOPTS_VALUE;
