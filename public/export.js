'use strict';
// Things to take along that need no file in the site: a link to this frame, and the masks as PNG.
(() => {
  const { byId, hash, player, masks } = avu;
  if (!player) return;

  byId('copy').addEventListener('click', async event => {
    hash.set({ t: String(Math.round(1000 * player.frame() / player.fps) / 1000) });
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

  async function picture(mask) {
    const canvas = document.createElement('canvas');
    canvas.width = mask.width;
    canvas.height = mask.height;
    const image = new ImageData(mask.width, mask.height);
    mask.pixels.forEach((isSet, place) => {
      image.data.fill(isSet ? 255 : 0, 4 * place, 4 * place + 3);
      image.data[4 * place + 3] = 255;
    });
    canvas.getContext('2d').putImageData(image, 0, 0);
    const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
    return new Uint8Array(await blob.arrayBuffer());
  }

  const button = byId('export-masks'), status = byId('export-status');
  if (button) button.addEventListener('click', async () => {
    button.disabled = true;
    const files = [];
    for (const [index, moment] of player.moments.entries()) {
      for (const folder of ['prediction', 'truth']) {
        const mask = masks.decode(moment[folder]);
        if (mask) files.push({ name: `${folder}/${String(index).padStart(5, '0')}.png`, bytes: await picture(mask) });
      }
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(archive(files));
    link.download = `${player.data.clip.replace(/[^\w.-]+/g, '-') || 'clip'}-masks.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    status.textContent = `${files.length} masks saved.`;
    button.disabled = false;
  });
})();
