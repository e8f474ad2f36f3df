'use strict';
// Things to take along that need no file in the site: a link to this frame, and the masks as PNG.
(() => {
  const { byId, all, save, hash, player, masks } = avu;
  if (!player) return;

  byId('copy').addEventListener('click', async event => {
    hash.set({ t: String(Math.round(1000 * player.timeOf(player.frame())) / 1000) });
    const button = event.target;
    try { await navigator.clipboard.writeText(location.href); button.textContent = 'Copied'; } catch (_) { button.textContent = 'It is in the address bar'; }
    setTimeout(() => { button.textContent = 'Copy link'; }, 2000);
  });

  byId('to-downloads').addEventListener('click', () => {
    const heading = byId('downloads');
    heading.tabIndex = -1;
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  });

  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? byte >>> 1 ^ 0xedb88320 : byte >>> 1;
    return byte >>> 0;
  });
  const checksum = bytes => {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ sum >>> 8;
    return (sum ^ 0xffffffff) >>> 0;
  };
  const pack = fields => {
    const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0)), view = new DataView(bytes.buffer);
    let at = 0;
    fields.forEach(([size, value]) => { if (size === 2) view.setUint16(at, value, true); else view.setUint32(at, value, true); at += size; });
    return bytes;
  };
  // A ZIP archive without compression; PNG is compressed already. Times are 1980-01-01, so that the
  // same masks give the same bytes.
  function archive(files) {
    const body = [], index = [];
    let offset = 0, indexSize = 0;
    files.forEach(({ name, bytes }) => {
      const title = new TextEncoder().encode(name);
      const shared = [[2, 0x800], [2, 0], [2, 0], [2, 33], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
      const head = pack([[4, 0x04034b50], [2, 20], ...shared]);
      const entry = pack([[4, 0x02014b50], [2, 20], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]);
      body.push(head, title, bytes);
      index.push(entry, title);
      offset += head.length + title.length + bytes.length;
      indexSize += entry.length + title.length;
    });
    const end = pack([[4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, indexSize], [4, offset], [2, 0]]);
    return new Blob([...body, ...index, end], { type: 'application/zip' });
  }

  // A PNG of one byte a pixel: grey, or numbers of colours.
  async function picture(width, height, pixels, palette) {
    const rows = new Uint8Array((width + 1) * height);
    for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
    const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
    const number = value => [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
    const chunk = (name, bytes) => {
      const body = [...new TextEncoder().encode(name), ...bytes];
      return [...number(bytes.length), ...body, ...number(checksum(body))];
    };
    return Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10,
      ...chunk('IHDR', [...number(width), ...number(height), 8, palette ? 3 : 0, 0, 0, 0]), ...palette ? chunk('PLTE', palette) : [],
      ...chunk('IDAT', new Uint8Array(await new Response(packed).arrayBuffer())), ...chunk('IEND', [])]);
  }
  const greyscale = mask => picture(mask.width, mask.height, mask.pixels.map(pixel => 255 * pixel));
  // The kinds of things by number, in the order of the legend, as DAVIS has them; 0 is nothing.
  const kinds = all('#kinds label').map(label => ({ ink: Number(label.querySelector('input').dataset.ink), name: label.textContent.trim() }));
  const place = object => kinds.findIndex(kind => kind.ink === object.ink) + 1;
  function indexed(objects) {
    const { width, height } = objects[0].mask, pixels = new Uint8Array(width * height);
    objects.forEach(object => object.mask.pixels.forEach((pixel, at) => { if (pixel) pixels[at] = place(object); }));
    return picture(width, height, pixels, [0, 0, 0, ...kinds.flatMap(kind => masks.inks.kinds[kind.ink].colour)]);
  }

  // COCO's own form: a picture a moment, and its masks as they are stored.
  function coco() {
    const { data, moments } = player, annotations = [], names = kinds.length ? kinds.map(kind => kind.name) : ['something'];
    const add = (moment, mask, category, source) => {
      if (mask && masks.decode(mask).area) annotations.push({ id: annotations.length + 1, image_id: moment, category_id: category, segmentation: mask, area: masks.decode(mask).area, iscrowd: 1, source });
    };
    moments.forEach((moment, index) => {
      moment.objects.forEach(object => add(index, object.mask || moment.prediction, place(object), 'prediction'));
      add(index, moment.truth, 0, 'truth');
    });
    return { info: { description: `${data.clip}: predicted and true masks` },
      images: moments.map((moment, index) => ({ id: index, file_name: `${String(index).padStart(5, '0')}.png`, time: moment.time, ...size(moment) })),
      categories: ['truth', ...names].map((name, id) => ({ id, name })), annotations };
  }
  const size = moment => {
    const [height, width] = (moment.prediction || moment.truth || { size: [0, 0] }).size;
    return { width, height };
  };

  const stamp = seconds => new Date(1000 * seconds).toISOString().slice(11, 23).replace('.', ',');
  const subtitles = () => player.moments.filter(moment => moment.sentence)
    .map((moment, index) => `${index + 1}\n${stamp(moment.start)} --> ${stamp(moment.end)}\n${moment.sentence.replace(/\s+/g, ' ')}\n`).join('\n');

  const status = byId('export-status'), name = player.data.clip.replace(/[^\w.-]+/g, '-') || 'clip';
  const offer = (id, act) => byId(id) && byId(id).addEventListener('click', async event => {
    event.target.disabled = true;
    try { await act(); } catch (error) { status.textContent = `Nothing was saved: ${error.message}.`; }
    event.target.disabled = false;
  });
  offer('export-masks', async () => {
    const files = [];
    for (const [index, moment] of player.moments.entries()) {
      const file = `${String(index).padStart(5, '0')}.png`;
      for (const folder of ['prediction', 'truth']) {
        const mask = masks.decode(moment[folder]);
        if (mask) files.push({ name: `${folder}/${file}`, bytes: await greyscale(mask) });
      }
      const objects = moment.objects.map(object => ({ ...object, mask: masks.decode(object.mask || moment.prediction) })).filter(object => object.mask);
      if (objects.length) files.push({ name: `kinds/${file}`, bytes: await indexed(objects) });
    }
    save(`${name}-masks.zip`, archive(files));
    status.textContent = `${files.length} pictures saved.`;
  });
  offer('export-coco', () => save(`${name}-coco.json`, new Blob([JSON.stringify(coco())], { type: 'application/json' })));
  offer('export-subtitles', () => save(`${name}.srt`, new Blob([subtitles()], { type: 'text/plain' })));
})();
