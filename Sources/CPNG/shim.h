#pragma once
#include <png.h>

// Formats that are an OR of macros, which Swift cannot import.
static const png_uint_32 kPNGFormatGray = PNG_FORMAT_GRAY;
static const png_uint_32 kPNGFormatRGB = PNG_FORMAT_RGB;
static const png_uint_32 kPNGFormatRGBA = PNG_FORMAT_RGBA;
static const png_uint_32 kPNGFormatRGBColormap = PNG_FORMAT_RGB_COLORMAP;
static const png_uint_32 kPNGFormatLinearGray = PNG_FORMAT_LINEAR_Y;
static const png_uint_32 kPNGFormatLinearRGB = PNG_FORMAT_LINEAR_RGB;
