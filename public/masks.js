'use strict';
// Masks as COCO stores them, and how they are painted.
avu.masks = (() => {
  // COCO's compressed run lengths: five bits a character, each run from the third on relative to
  // the run two before it, runs going down the columns, zeros first.
  function decode(mask) {
    if (!mask || !mask.size || mask.size.length !== 2) return null;
    const [height, width] = mask.size;
    if (!(height > 0 && width > 0 && height * width <= 67108864)) return null;
    const runs = [];
    for (let at = 0; at < mask.counts.length;) {
      let value = 0, shift = 0, group;
      do {
        group = mask.counts.charCodeAt(at++) - 48;
        if (!(group >= 0 && group < 64) || shift > 30) return null;
        value |= (group & 31) << shift;
        shift += 5;
      } while (group & 32);
      if (group & 16 && shift < 32) value |= -1 << shift;
      if (runs.length > 2) value += runs[runs.length - 2];
      if (value < 0) return null;
      runs.push(value);
    }
    if (runs.reduce((sum, run) => sum + run, 0) !== height * width) return null;
    const pixels = new Uint8Array(height * width);
    let position = 0, area = 0;
    runs.forEach((run, index) => {
      if (index % 2) {
        area += run;
        for (let place = position; place < position + run; place++) {
          pixels[(place % height) * width + Math.floor(place / height)] = 1;
        }
      }
      position += run;
    });
    return { width, height, pixels, area };
  }

  // Patterns, so that colour is never the only sign. Each says how much ink a place gets, 0 to 1.
  const patterns = {
    solid: () => 1,
    hatched: (x, y, unit) => (x + y) % (9 * unit) < 4.5 * unit ? 1 : 0.25,
    crossed: (x, y, unit) => (x - y + 100000 * unit) % (9 * unit) < 4.5 * unit ? 1 : 0.25,
    dotted: (x, y, unit) => {
      const dx = x % (7 * unit) - 3.5 * unit, dy = y % (7 * unit) - 3.5 * unit;
      return dx * dx + dy * dy < 5.5 * unit * unit ? 1 : 0.3;
    },
  };
  const ink = (red, green, blue, pattern) => ({ colour: [red, green, blue], pattern: patterns[pattern || 'solid'] });
  const inks = {
    prediction: ink(255, 176, 0), truth: ink(72, 148, 255), both: ink(255, 255, 255),
    extra: ink(255, 176, 0, 'hatched'), missed: ink(72, 148, 255, 'dotted'),
    // Kinds of things: Okabe and Ito's colours, four of them with patterns.
    kinds: [
      ink(230, 159, 0), ink(86, 180, 233, 'hatched'), ink(0, 190, 140), ink(240, 228, 66, 'crossed'),
      ink(60, 140, 230, 'dotted'), ink(230, 110, 30, 'crossed'), ink(214, 130, 180), ink(240, 240, 240, 'hatched'),
    ],
  };

  // Which ink lies on each pixel of a picture of width × height: 0 for none, else its place in the
  // list of parts plus 1; later parts lie on top. A part may be limited to columns [from, to).
  function kinds(parts, width, height) {
    const result = new Uint8Array(width * height);
    parts.forEach(({ mask, from = 0, to = width }, index) => {
      if (!mask || !mask.area) return;
      const columns = Int32Array.from({ length: width }, (_, x) => Math.floor((x + 0.5) * mask.width / width));
      for (let y = 0; y < height; y++) {
        const row = Math.floor((y + 0.5) * mask.height / height) * mask.width;
        for (let x = from; x < to; x++) if (mask.pixels[row + columns[x]]) result[y * width + x] = index + 1;
      }
    });
    return result;
  }

  // Paints kinds with inks: 'fill' tints and outlines, 'outline' only outlines, 'cutout' darkens
  // everything else.
  function paint(context, kinds, inks, { look, opacity, unit }) {
    const { width, height } = context.canvas;
    const picture = context.createImageData(width, height), data = picture.data;
    const reach = Math.max(1, Math.round(1.5 * unit));
    for (let y = 0, place = 0; y < height; y++) {
      for (let x = 0; x < width; x++, place++) {
        const here = kinds[place], at = 4 * place;
        if (!here) {
          if (look === 'cutout') { data[at] = data[at + 1] = 8; data[at + 2] = 12; data[at + 3] = 255 * opacity; }
          continue;
        }
        const edge =
          (x >= reach && kinds[place - reach] !== here) || (x < width - reach && kinds[place + reach] !== here) ||
          (y >= reach && kinds[place - reach * width] !== here) || (y < height - reach && kinds[place + reach * width] !== here);
        const { colour, pattern } = inks[here - 1];
        data[at] = colour[0];
        data[at + 1] = colour[1];
        data[at + 2] = colour[2];
        data[at + 3] = edge ? 255 : look === 'fill' ? 255 * opacity * pattern(x, y, unit) : 0;
      }
    }
    context.putImageData(picture, 0, 0);
  }

  // A coarse map of values: few cells, drawn over the whole picture and smoothed.
  const ramp = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
  function paintMap(context, map, opacity) {
    const [height, width] = map.size, values = atob(map.values);
    const small = document.createElement('canvas');
    small.width = width;
    small.height = height;
    const picture = new ImageData(width, height);
    for (let cell = 0; cell < width * height; cell++) {
      const value = values.charCodeAt(cell) / 255, place = Math.min(3, Math.floor(4 * value)), share = 4 * value - place;
      for (let channel = 0; channel < 3; channel++) {
        picture.data[4 * cell + channel] = ramp[place][channel] * (1 - share) + ramp[place + 1][channel] * share;
      }
      picture.data[4 * cell + 3] = 255 * opacity * (0.4 + 0.6 * value);
    }
    small.getContext('2d').putImageData(picture, 0, 0);
    context.imageSmoothingQuality = 'high';
    context.drawImage(small, 0, 0, context.canvas.width, context.canvas.height);
  }

  return { decode, inks, kinds, paint, paintMap };
})();
